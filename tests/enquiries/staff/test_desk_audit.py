"""Who looked is written down before anything is shown, once for each record opened; where it cannot be, nothing is shown."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.utils import timezone

from siweb.enquiries.models import CannedReply, DeskEvent, EnquiryEvent
from siweb.enquiries.privacy import erasure
from tests.support.at_the_desk import brought, held, page_of, press, to_send

PERSONAL = ("Maria Example", "0161 496 0000", "+441614960000", "maria@example.org", "secret words", "a private note")


@pytest.fixture
def enquiry(make_enquiry):
    return make_enquiry(words="secret words", tell=["diabetes"])


@pytest.fixture
def desk(client, reception):
    client.force_login(reception)
    client.raise_request_exception = False
    return client


def looks(enquiry):
    return enquiry.events.filter(verb="viewed").count()


def test_one_event_for_each_record_opened_however_it_is_looked_at(desk, enquiry, make_enquiry):
    other = make_enquiry()
    for _ in range(3):
        desk.get(page_of(enquiry))
        desk.head(page_of(enquiry))
        press(desk, enquiry, "look")
        press(desk, enquiry, "booked")
        desk.post(page_of(enquiry, "letter"), held(enquiry))
    desk.get(page_of(other))
    assert (looks(enquiry), looks(other)) == (1, 1)


def test_after_an_hour_it_is_another_look(desk, enquiry, reception):
    enquiry.record("viewed", actor=reception, at=timezone.now() - timedelta(minutes=61))
    for _ in range(2):
        desk.get(page_of(enquiry))
    assert looks(enquiry) == 2


@pytest.mark.parametrize("fault", [DatabaseError, IntegrityError, OperationalError, InterfaceError])
@pytest.mark.parametrize("method", ["get", "post"])
def test_when_the_event_cannot_be_written_nothing_is_shown(desk, enquiry, monkeypatch, fault, method):
    def refuse(*_, **__):
        raise fault("on purpose")

    monkeypatch.setattr(EnquiryEvent, "save", refuse)
    response = desk.get(page_of(enquiry)) if method == "get" else press(desk, enquiry, "look", note="my words")
    text = response.content.decode()
    assert response.status_code == 503
    assert "cannot be shown just now" in text
    assert [word for word in PERSONAL if word in text] == []
    if method == "post":
        assert "my words" in text


def test_an_erasure_leaves_no_word_of_anybodys_in_the_events(desk, enquiry, reception):
    CannedReply.objects.create(title="Ring us", subject="x", body="Dear {{name}}")
    brought(enquiry, "in_progress", reception)
    right = {"phone": "0161 496 0123", "voicemail": "no", "email": "maria@example.org", "first": "phone"}
    pages = [
        ("change", {"move": "no_answer", "note": "a private note about Maria Example"}),
        ("letter", to_send(enquiry, text="Dear Maria Example")),
        ("correct", right | {"note": "She said +441614960000"}),
        ("change", {"move": "wait 3", "note": "a private note"}),
        ("change", {"move": "withdrawn", "note": "maria@example.org wrote"}),
    ]
    for part, data in pages:
        enquiry.refresh_from_db()
        assert desk.post(page_of(enquiry, part), data | held(enquiry, note=data.get("note", ""))).status_code == 302
    erasure.erase(enquiry, why="request")
    left = "\n".join(str(row) for table in (EnquiryEvent, DeskEvent) for row in table.objects.values())
    assert [word for word in (*PERSONAL, "0123", "Maria") if word in left] == []
    assert set(EnquiryEvent.objects.values_list("note", flat=True)) == {""}
    assert set(EnquiryEvent.objects.values_list("actor_name", flat=True)) == {"", "Rita Reception"}
