"""Somebody at a running site, in tests: the way through the form, and what the site has kept of it.

`Visitor(site).sent(name="Tom")` sends a whole form with one answer changed and is its reference; `staff_page(site,
reference)` is what reception then reads.
"""

import contextlib
import html
import re
import sqlite3
import time
import uuid
from types import SimpleNamespace
from unittest import mock
from urllib.parse import urlencode

import psycopg
from django.core import signing

from siweb.enquiries.intake import spam
from tests.support.enquiring import ANSWERS, CHECK, FORM, Page


class Visitor:
    """Somebody at a running site with a cookie, a form that was opened a minute ago, and an address of their own."""

    def __init__(self, site, address="203.0.113.1", seconds_ago=60):
        page = site.get(FORM)
        self.site, self.address = site, address
        self.cookie = page.headers["Set-Cookie"].partition(";")[0]
        hidden = page_of(page).fields()
        self.hidden = {name: hidden[name][0] for name in ("csrfmiddlewaretoken", "key")}
        self.hidden["began"] = _began(site, seconds_ago)

    def post(self, data, path=CHECK):
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"X-Forwarded-For": self.address} if self.address else {}
        return self.site.get(path, method="POST", body=urlencode(data, doseq=True), **headers)

    def check(self, **changes):
        """Press "Check your answers"."""
        return self.post(ANSWERS | self.hidden | changes)

    def send(self, **changes):
        """Go through the check page, and press "Send enquiry" there."""
        checked = self.check(**changes)
        assert checked.status == 200, checked.text
        return self.post(page_of(checked).fields() | {"do": "send"})

    def sent(self, **changes):
        """The reference of an enquiry that was taken."""
        return reference_of(self.site, self.send(**changes))


def page_of(answer):
    return Page(SimpleNamespace(content=answer.body))


def _began(site, seconds_ago):
    """What a form of that site carries that was opened so long ago."""
    signer = signing.TimestampSigner(key=(site.data_dir / "secret_key").read_text(), salt=spam._clock.salt)
    with mock.patch.object(signer, "timestamp", return_value=signing.b62_encode(int(time.time()) - seconds_ago)):
        return signer.sign("began")


def reference_of(site, answer):
    """The reference on the page that an answer leads to."""
    assert answer.status == 302, answer.text
    page = site.get(answer.headers["Location"])
    assert page.status == 200
    return re.search(r"SIJ-[0-9A-Z]{4,}", page.text)[0]


@contextlib.contextmanager
def database_of(site):
    """A connection to a running site's database, from outside."""
    path = site.data_dir / "site.sqlite3"
    connection = psycopg.connect(site.database.url) if site.database else sqlite3.connect(path, timeout=20)
    with contextlib.closing(connection):
        yield connection
        connection.commit()


def rows(site, statement):
    with database_of(site) as database:
        return database.execute(statement).fetchall()


def counted(site, reference):
    """(enquiries, answers, mails to the clinic, acknowledgements) under one reference."""
    mails = "SELECT count(*) FROM enquiries_outbox o JOIN enquiries_enquiry e ON o.enquiry_id = e.id"
    ours = f"e.reference = '{reference}'"
    return rows(
        site,
        f"SELECT (SELECT count(*) FROM enquiries_enquiry e WHERE {ours}), "
        f"(SELECT count(*) FROM enquiries_answers a JOIN enquiries_enquiry e ON a.enquiry_id = e.id WHERE {ours}), "
        f"({mails} WHERE {ours} AND kind = 'new_enquiry'), ({mails} WHERE {ours} AND kind = 'acknowledgement')",
    )[0]


_SIGN_IN = """
from django.contrib.auth.models import Group, User
from django.test import Client
user, _ = User.objects.get_or_create(username="rita", defaults={"is_staff": True, "first_name": "Rita"})
user.groups.add(Group.objects.get(name="Reception"))
client = Client()
client.force_login(user)
print("session=" + client.cookies["session"].value)
"""


def reception_at(site):
    """The cookie of a receptionist who has signed in."""
    return site.manage("shell", "-v0", "-c", _SIGN_IN).strip()


def staff_page(site, reference):
    """What reception reads about an enquiry."""
    [(pk,)] = rows(site, f"SELECT id FROM enquiries_enquiry WHERE reference = '{reference}'")
    page = site.get(f"/admin/enquiries/enquiry/{uuid.UUID(str(pk))}/change/", Cookie=reception_at(site))
    assert page.status == 200
    return html.unescape(page.text)
