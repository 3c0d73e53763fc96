"""All of an enquiry is stored and its sender told so, or nothing is and its sender told that."""

import pytest
from django.db import IntegrityError, OperationalError, connection

from siweb.enquiries.intake import private_links
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from tests.support.enquiring import ANSWERS, CHECK, FOR_ANOTHER, PHONE, Page, posted, send, sent

pytestmark = pytest.mark.django_db

TABLES = (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)
STEPS = {
    "the count": (AddressCount, "add"),
    "the enquiry": (Enquiry.objects, "create"),
    "the answers": (Answers.objects, "create"),
    "the event": (Enquiry, "record"),
    "the mails": (Outbox.objects, "bulk_create"),
}


def rows():
    return [table.objects.count() for table in TABLES]


def told_that_nothing_was_saved(response, data):
    """A page that says so, with the phone number, all that was typed and the way to try again."""
    page = Page(response)
    assert "Nothing has been sent or saved." in page.source
    assert 'href="tel:+441632960001"' in page.source
    fields = page.fields()
    for name, value in data.items():
        assert fields.get(name, []) == (value if isinstance(value, list) else [value]), name
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("fault", "status"),
    [(RuntimeError, 500), (ValueError, 500), (MemoryError, 500), (OperationalError, 503), (IntegrityError, 503)],
)
def test_when_a_step_fails_nothing_is_stored_and_the_person_is_told(client, monkeypatch, step, fault, status):
    def fail(*_, **__):
        raise fault("Failing row contains (Maria)")

    where, name = STEPS[step]
    monkeypatch.setattr(where, name, fail)
    data = posted(FOR_ANOTHER, do="send", tell=["night", "age"], words="One.\nTwo.")
    response = client.post(CHECK, data)
    assert response.status_code == status
    assert rows() == [0, 0, 0, 0, 0]
    told_that_nothing_was_saved(response, data)
    monkeypatch.undo()
    retry = Page(response).fields()
    assert client.post(CHECK, {name: retry[name] for name in retry if name != "csrfmiddlewaretoken"}).status_code == 302
    assert str(Enquiry.objects.get().submission_key) == data["key"]


class Failing:
    """The nth statement that is sent to the database fails, but for ROLLBACK TO and the RELEASE after it.

    Those two are only here, where a test's own transaction stands around ours.
    """

    def __init__(self, nth):
        self.left, self.failed, self._back = nth, "", False

    def __call__(self, execute, sql, params, many, context):
        self._back = sql.startswith("ROLLBACK") or (self._back and sql.startswith("RELEASE"))
        self.left -= not self._back
        if self.left == 0 and not self.failed:
            self.failed = sql
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)


def written(statements):
    """The tables that these statements write into."""
    writing = [sql.split("WHERE")[0] for sql in statements if sql.startswith(("INSERT", "UPDATE"))]
    return {table for table in TABLES for sql in writing if table._meta.db_table in sql.split("(")[0]}


def test_whichever_statement_fails_sent_means_stored_and_not_stored_means_told(client):
    told = []
    for nth in range(1, 100):
        data, failing, before = posted(do="send"), Failing(nth), rows()
        with connection.execute_wrapper(failing):
            response = client.post(CHECK, data, REMOTE_ADDR=f"203.0.113.{nth}")
        if failing.left > 0:  # there were fewer statements
            break
        new = [now - was for now, was in zip(rows(), before, strict=True)]
        if response.status_code == 302:
            assert new == [1, 1, 1, 2, 1], nth
        else:
            assert (response.status_code, new) == (503, [0, 0, 0, 0, 0]), nth
            assert ANSWERS["words"] in response.content.decode()
            told.append(failing.failed)
    assert written(told) == set(TABLES)  # the control: each was tried
    assert response.status_code == 302


def test_whichever_statement_of_a_correction_fails_it_is_kept_whole_or_not_at_all(client):
    key = posted()["key"]
    enquiry = sent(client, key=key)
    told = []
    for nth in range(1, 100):
        failing, before, version = Failing(nth), rows(), enquiry.version
        with connection.execute_wrapper(failing):
            response = send(client, key=key, email=f"m{nth}@patient.example", tell=["night"])
        enquiry.refresh_from_db()
        new = [now - was for now, was in zip(rows(), before, strict=True)]
        kept = response.status_code == 302
        assert new[:3] == ([0, 1, 1] if kept else [0, 0, 0]), nth
        assert enquiry.version - version == kept, nth
        assert (enquiry.answers.email == f"m{nth}@patient.example") is kept
        if failing.left > 0:
            break
        if not kept:
            assert response.status_code == 503, nth
            told.append(failing.failed)
    assert response.status_code == 302
    assert written(told) >= {Enquiry, Answers, EnquiryEvent, AddressCount}  # the control: each was tried


def test_a_correction_that_cannot_be_saved_gives_back_what_was_typed(client, monkeypatch):
    enquiry = sent(client)
    token = private_links.make_link(enquiry)
    monkeypatch.setattr(Answers.objects, "create", lambda **_: 1 / 0)
    data = {
        "phone": "0161 496 0001",
        "voicemail": "no",
        "email": "m@b.cc",
        "first": "email",
        "times": ["any"],
        "do": "correct",
    }
    response = client.post(f"/enquire/yours/{token}/", data)
    assert response.status_code == 500
    told_that_nothing_was_saved(response, data)
    assert Page(response).all("form", action=f"/enquire/yours/{token}/")
    enquiry.refresh_from_db()
    assert enquiry.answers.phone_raw == PHONE
