"""A real https site, from closed to open and back: readers follow within a moment, whichever process answers and keeps pages."""

import re
import secrets

import pytest

from tests.support.serving import Site, until

pytestmark = pytest.mark.server

OPENED = """
from unittest import mock
from django.contrib.auth.models import User
from siweb.launch import checklist
from siweb.clinics.models import Clinic, Location
user, _ = User.objects.get_or_create(username="mia")
for row in (*Location.objects.all(), Clinic.objects.get()):
    row.is_example, row.phone = False, "0161 715 0000"
    row.save()
with mock.patch.object(checklist, "checklist", lambda user: []):
    checklist.open_site(user)
"""
CLOSED = """
from django.contrib.auth.models import User
from siweb.launch import checklist
checklist.close_site(User.objects.get(username="mia"), "The roof leaks.")
"""
PATHS = ("/", "/guide/aftercare/", "/clinics/example-location/", "/enquire/")
ANY_NUMBER = re.compile(r"tel:(?!999|111|18000)|01632")


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """First a local site, which shows the example number; then the same database under https, with two processes."""
    folder = tmp_path_factory.mktemp("public")
    with Site.start(folder, WORKERS="1") as local:
        assert "tel:+441632960001" in local.get("/guide/aftercare/").text
        local.stop()
        local.env |= {"SITE_URL": "https://clinic.example", "SECRET_KEY": secrets.token_urlsafe(50), "WORKERS": "2"}
        local.serve()
        yield local


def is_closed(site, path):
    answer = site.get(path)
    signs = {
        "X-Robots-Tag" in answer.headers,
        '<meta name="robots" content="noindex">' in answer.text,
        "Not open yet" in answer.text,
        not ANY_NUMBER.search(answer.text),
    }
    assert len(signs) == 1, (path, signs, answer.headers.items(), ANY_NUMBER.findall(answer.text))
    return signs.pop()


def everywhere(site, closed):
    """Each page is asked for several times, so that both processes answer, from memory too."""
    return all(is_closed(site, path) == closed for path in PATHS for _ in range(6))


def test_a_site_is_closed_open_and_closed_again_for_every_reader(public):
    assert everywhere(public, closed=True)
    refused = public.get(
        "/enquire/check/", method="POST", body="do=send", Content_Type="application/x-www-form-urlencoded"
    )
    assert refused.status == 403
    for told, closed in ((OPENED, False), (CLOSED, True)):
        public.manage("shell", "-v0", "-c", told)
        until(lambda closed=closed: everywhere(public, closed), "readers follow", public.log, seconds=20)
        assert public.get("/robots.txt").text.startswith(f"User-agent: *\nDisallow:{' /' if closed else ''}\n")
