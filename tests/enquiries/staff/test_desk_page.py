"""One enquiry's page: whom to speak to and how, what may be said, what they asked, and what has happened, in plain words."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.casework import timeline, workflow
from siweb.enquiries.models import Enquiry
from siweb.enquiries.staff import due_dates, forms
from tests.support.at_the_desk import brought, page_of, press

OTHER = {"who": "other", "asker": "Tom Okafor", "relation": "son", "knows": "no", "ring": "asker"}


def shown(desk, enquiry):
    return desk.get(page_of(enquiry)).content.decode()


def test_how_to_reach_them_comes_before_what_they_ask_and_both_before_what_has_happened(desk, make_enquiry):
    text = shown(desk, make_enquiry(words="Mornings,\n\nplease."))
    parts = [
        "Speak to <bdi>Maria Example",
        "tel:+441614960000",
        "mailto:maria@example.org",
        "What they ask",
        "What next",
    ]
    places = [text.index(part) for part in [*parts, "What has happened"]]
    assert places == sorted(places)
    assert "Mornings,\n\nplease." in text
    assert "Best time" in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (OTHER, ("Speak to <bdi>Tom Okafor", "Maria Example does not know about it. Speak only to Tom Okafor.")),
        (OTHER | {"knows": "cannot"}, ("Tom Okafor cannot ask Maria Example. Speak only to Tom Okafor.",)),
        (OTHER | {"knows": "yes", "ring": "patient"}, ("Speak to <bdi>Maria Example", "Maria Example knows about it.")),
    ],
)
def test_somebody_elses_enquiry_says_whom_to_ring_and_what_they_know(desk, make_enquiry, said, words):
    text = shown(desk, make_enquiry(**said))
    assert [word for word in words if word not in text] == []


def test_what_a_machine_may_be_told_is_no_more_than_they_allow(desk, make_enquiry):
    allowed, refused = shown(desk, make_enquiry(voicemail="yes")), shown(desk, make_enquiry(voicemail="no"))
    assert "Say only your own name and our number" in allowed
    assert "Do not say the clinic&#x27;s name" in allowed
    assert "They do not want a message. Put the phone down without a word" in refused


def test_beside_a_call_stand_what_to_check_and_the_signs_with_the_way_to_a_clinician(
    desk, make_enquiry, reception, signs
):
    text = shown(desk, brought(make_enquiry(), "in_progress", reception))
    for words in ("ask for their full name", "Call 999 or go to A&amp;E", "Pass to a clinician now"):
        assert words in text


def test_needs_are_badges_and_who_wants_no_calls_is_marked(desk, make_enquiry):
    text = shown(desk, make_enquiry(needs=["interpreter", "bsl", "text"], language="Polish"))
    for words in ("Interpreter: Polish", "British Sign Language", "They ask for no calls"):
        assert words in text


def test_who_has_asked_before_is_linked(desk, make_enquiry):
    one, two = make_enquiry(), make_enquiry(name="Maria Other")
    assert page_of(two) in shown(desk, one)
    assert page_of(one) in shown(desk, two)


def test_booked_says_why_it_is_not_there(desk, make_enquiry, reception):
    text = shown(desk, brought(make_enquiry(tell=["diabetes"]), "in_progress", reception))
    assert 'value="booked"' not in text
    assert "A clinician has to ring before this can be booked." in text


def test_every_step_reads_as_a_sentence(desk, make_enquiry, reception):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    workflow.make(enquiry, "no_answer", version=2, who=("reception",), by=reception, note="Twice.")
    text = shown(desk, enquiry)
    for words in (
        "You called: no answer",
        "You claimed this",
        "from “new” to “in progress”",
        "The enquiry arrived",
        "Twice.",
    ):
        assert words in text
    assert [key for key in ("no_answer<", "in_progress”") if key in text] == []


def test_every_move_has_words(make_enquiry, reception):
    enquiry = make_enquiry()
    for move in workflow.MOVES:
        said = timeline.sentence(enquiry.record(move.action, actor=reception))
        assert said == f"Rita Reception {timeline.DID[move.action]}"


def test_to_whom_it_was_handed_and_until_when_one_waits_is_in_the_past(
    desk, make_enquiry, reception, django_user_model
):
    from tests.conftest import with_role

    cora = with_role(django_user_model, "cora", "Reception")
    enquiry = brought(make_enquiry(), "in_progress", reception)
    press(desk, enquiry, "hand_over", to=cora.pk, note="You know her.")
    enquiry.refresh_from_db()
    press(desk, enquiry, "wait 1")
    notes = list(enquiry.events.exclude(note="").values_list("note", flat=True))
    assert notes[0] == "To Cora Reception.\nYou know her."
    assert notes[1].startswith("Until ")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-11-25", ["Tomorrow, 26", "In 3 working days, 30"]),  # Wednesday
        ("2026-11-27", ["The next working day, 30", "In 3 working days, 2"]),  # Friday
        ("2026-12-24", ["The next working day, 29", "In 3 working days, 31"]),
    ],
)
def test_one_waits_for_working_days_with_one_press(db, monkeypatch, today, words):
    now = timezone.make_aware(datetime.fromisoformat(f"{today} 10:00"))
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert [f"{said}, {day.day}" for _, said, day in forms.wait_buttons()] == words
    assert timezone.localtime(forms.until("3", None)).hour == 9


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (0 * MINUTE, "0 min"),
        (59 * MINUTE, "59 min"),
        (3 * HOUR + 20 * MINUTE, "3 h 20 min"),
        (2 * HOUR, "2 h"),
        (DAY + 2 * HOUR + MINUTE, "1 day 2 h"),
        (3 * DAY, "3 days"),
    ],
)
def test_how_long_there_is_left(time, words):
    assert due_dates.span(time) == words


def test_what_is_due_and_what_is_overdue(make_enquiry, reception):
    now = timezone.now()
    enquiry = make_enquiry()
    enquiry.due_at = now + 3 * HOUR + 20 * MINUTE
    assert due_dates.in_words(enquiry, now).startswith("reply due in 3 h 20 min (")
    enquiry.due_at = now - MINUTE
    assert due_dates.in_words(enquiry, now).startswith("overdue since ")
    waiting = brought(make_enquiry(), "waiting", reception)
    assert due_dates.in_words(waiting).startswith("waiting until ")
    waiting.follow_up_at = now - DAY
    assert due_dates.in_words(waiting, now).startswith("overdue since ")
    assert due_dates.in_words(brought(make_enquiry(), "closed", reception)) == ""


def test_save_and_next_keeps_the_note_and_opens_the_next_oldest_of_the_same_queue(desk, make_enquiry, reception):
    one, two, three = (make_enquiry() for _ in range(3))
    for number, enquiry in enumerate((one, two, three)):
        Enquiry.objects.filter(pk=enquiry.pk).update(due_at=timezone.now() + timedelta(days=1, minutes=number))
    for enquiry, note, leads_to in ((one, "kept", two), (two, "", three), (three, "", one)):
        response = desk.post(page_of(enquiry) + "?tab=new", {"version": 1, "seen": 0, "note": note, "move": "next"})
        assert response.headers["Location"] == page_of(leads_to) + "?tab=new"
    assert one.events.get(verb="note").note == "kept"
    brought(two, "in_progress", reception), brought(three, "in_progress", reception)
    one.refresh_from_db()
    response = desk.post(page_of(one) + "?tab=new", {"version": one.version, "note": "", "move": "next"})
    assert response.headers["Location"].startswith("/admin/enquiries/enquiry/?tab=new")
    response = desk.post(page_of(two) + "?tab=mine", {"version": two.version, "note": "", "move": "next"})
    assert response.headers["Location"] == page_of(three) + "?tab=mine"
