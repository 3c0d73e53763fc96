"""What erasing an enquiry by hand removes and what it says: its dates stay, and what is held is never erased."""

import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from siweb.articles.importing import sync
from siweb.enquiries.casework.references import ALPHABET
from siweb.enquiries.intake import submission
from siweb.enquiries.models import Answers, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure, traces
from tests.support.enquiring import make, sent

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)


def erased(reference):
    """What `manage.py erase` prints."""
    printed = io.StringIO()
    call_command("erase", reference, stdout=printed)
    return printed.getvalue()


# --- By hand: the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def worked_on(make_enquiry, reception):
    """An enquiry with a correction, events with notes, a private link and a time to wait for."""
    from siweb.enquiries.intake import private_links

    enquiry = make_enquiry(
        name="Quill Zebedee",
        email="zebedee@quill.example",
        words="Quillwords.",
        tell=["diabetes"],
        phone_note="Quillhour",
    )
    make(enquiry, "claim", reception)
    make(enquiry, "note", reception, note="Quillnote: rang, no answer")
    enquiry = submission.correct(enquiry, {"words": "Quillother."}, via=Answers.Via.FORM)
    make(enquiry, "wait", reception, note="Quillwait", until=timezone.now() + timedelta(days=2))
    private_links.make_link(enquiry)
    enquiry.refresh_from_db()
    return enquiry


@real_database
def test_a_record_of_it_stays_with_dates_states_and_who_did_what(worked_on):
    before = Enquiry.objects.values().get()
    events = list(worked_on.events.values("id", "at", "actor_id", "actor_name", "verb", "from_state", "to_state"))
    erased(worked_on.reference)
    after = Enquiry.objects.values().get()
    for name in ("id", "reference", "source", "outcome", "call", "created_at", "due_at", "last_activity_at"):
        assert after[name] == before[name], name
    assert after["state"] == "erased"
    assert after["erased_at"] is not None
    assert [after[name] for name in ("answers_id", "owner_id", "follow_up_at", "link_hash", "link_until")] == [None] * 5
    assert after["submission_key"] != before["submission_key"]
    assert after["version"] > before["version"]
    assert (Answers.objects.count(), Outbox.objects.count()) == (0, 0)
    kept = worked_on.events.filter(pk__in=[event["id"] for event in events])
    assert list(kept.values(*events[0])) == events
    assert {event.actor_name for event in kept} == {"", "Rita Reception"}
    assert {event.note for event in worked_on.events.all()} == {""}
    assert all(event.erased_at for event in kept)
    last = worked_on.events.last()
    assert (last.verb, last.from_state, last.to_state) == ("erased_request", "waiting", "erased")


@real_database
def test_the_outcome_of_a_closed_enquiry_stays(worked_on, reception):
    make(worked_on, "no_response", reception)
    erased(worked_on.reference)
    worked_on.refresh_from_db()
    assert (worked_on.state, worked_on.outcome) == ("erased", "no_response")


def refused(statement):
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(statement)


@real_database
def test_an_erased_event_is_never_changed_again(worked_on):
    erased(worked_on.reference)
    before = list(EnquiryEvent.objects.values())
    for change in ("note = ''", "note = 'words'", "erased_at = NULL", "erased_at = '2027-01-01 00:00:00+00:00'"):
        refused(f"UPDATE enquiries_enquiryevent SET {change} WHERE verb = 'note'")
    for change in ("actor_name = ''", "verb = 'x'", "at = at"):
        refused(f"UPDATE enquiries_enquiryevent SET {change} WHERE verb = 'note'")
    refused("DELETE FROM enquiries_enquiryevent WHERE verb = 'note'")
    assert list(EnquiryEvent.objects.values()) == before


@pytest.mark.slow
@real_database
def test_erasing_the_enquiry_of_a_form_lets_the_same_form_be_sent_again_as_a_new_one(client):
    key = str(uuid.uuid4())
    first = sent(client, key=key)
    erased(first.reference)
    second = sent(client, key=key)
    assert second.pk != first.pk
    assert (first.pk, second.state) == (Enquiry.objects.get(state="erased").pk, "new")


@real_database
def test_the_text_says_what_was_searched_what_was_found_and_what_still_holds_it(worked_on):
    text = erased(worked_on.reference)
    assert f"{worked_on.reference} is erased" in text
    tables, columns = map(int, re.search(r"Looked in: (\d+) tables, (\d+) columns", text).groups())
    assert tables >= 15
    assert columns > tables
    assert "Traces of this enquiry: 0" in text
    for word in ("Backups", "mail that was sent", "write-ahead log", "What is kept is"):
        assert word in text
    assert "uill" not in text, "what is printed may be kept"


@real_database
@pytest.mark.parametrize(
    "typed", ["{0}", " {1} ", "sij {1}", "SIJ{1}", "sij–{1}", "{2}", "s i j - {2}", "Sij_{2}"], ids=lambda typed: typed
)
def test_a_reference_may_be_typed_loosely(make_enquiry, typed):
    enquiry = make_enquiry()
    letters = enquiry.reference.removeprefix("SIJ-")
    erased(typed.format(enquiry.reference, letters.lower(), letters))
    enquiry.refresh_from_db()
    assert enquiry.state == "erased"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["SIJ-0000", "", "'; DROP TABLE", "SIJ-%", "é"])
def test_an_unknown_reference_is_refused_and_nothing_is_erased(make_enquiry, typed):
    enquiry = make_enquiry()
    with pytest.raises(CommandError, match="There is no enquiry SIJ-.*Check the reference"):
        erased(typed)
    enquiry.refresh_from_db()
    assert enquiry.state == "new"
    assert "0" not in ALPHABET, "so no enquiry is ever SIJ-0000"


@pytest.mark.django_db
def test_a_held_enquiry_is_refused_with_the_reason_and_the_way(worked_on):
    Enquiry.objects.update(hold_reason="claim against us", hold_review=timezone.localdate())
    before = list(Enquiry.objects.values()), list(Answers.objects.values()), list(EnquiryEvent.objects.values())
    with pytest.raises(CommandError, match=f"{worked_on.reference} is held: claim against us. Lift the hold first."):
        erased(worked_on.reference)
    assert (
        list(Enquiry.objects.values()),
        list(Answers.objects.values()),
        list(EnquiryEvent.objects.values()),
    ) == before


@real_database
def test_who_erases_twice_is_told_when_it_was_by_the_clinics_clock(make_enquiry):
    enquiry = make_enquiry()
    erased(enquiry.reference)
    Enquiry.objects.update(erased_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with pytest.raises(CommandError, match=f"{enquiry.reference} was erased on 0?1 July 2026"):
        erased(enquiry.reference)


@real_database
def test_another_enquiry_of_the_same_person_is_named_and_not_erased(make_enquiry):
    first, second = make_enquiry(words="Quillwords."), make_enquiry(words="Others.")
    stranger = make_enquiry(
        name="Some Body", phone="+441614960001", phone_raw="0161 496 0001", email="body@other.example"
    )
    before = Answers.objects.values().get(enquiry=second)
    text = erased(first.reference)
    assert second.reference in text
    assert f"{second.reference} (e-mail, name" in text
    assert stranger.reference not in text
    assert "Traces of this enquiry: 0" in text
    assert Answers.objects.values().get(enquiry=second) == before


@real_database
@pytest.mark.parametrize("written", ["0161 4960000", "0161-496-0000", "+44 (0)161 496 0000"])
def test_the_persons_number_in_anothers_text_is_named_whatever_is_between_its_digits(make_enquiry, written):
    theirs = make_enquiry(phone="+441614960000", phone_raw="01614960000")
    other = {"name": "Tom Else", "email": "t@e.example", "phone": "+441614960009", "phone_raw": "0161 496 0009"}
    named = make_enquiry(**other, words=f"Or my wife: {written}").reference
    stranger = make_enquiry(**other, words="Or my wife: 0161 496 0002").reference
    text = erased(theirs.reference)
    assert f"{named} (" in text
    assert stranger not in text


@real_database
def test_common_words_that_stand_in_an_article_are_no_trace(make_enquiry, content):
    sync.import_folder(content("words", body="Bring somebody along. Please call me a taxi.\n"))
    enquiry = make_enquiry(words="Please call me")
    assert "Traces of this enquiry: 0" in erased(enquiry.reference)


@real_database
def test_a_person_whose_name_is_part_of_anothers_is_not_taken_for_them(make_enquiry):
    ann = make_enquiry(name="Marie Hill", phone="+441614960001", phone_raw="0161 496 0001", email="a@one.example")
    other = make_enquiry(
        name="Annemarie Hillman", phone="+441614960002", phone_raw="0161 496 0002", email="b@two.example"
    )
    assert other.reference not in erased(ann.reference)


@pytest.mark.django_db
def test_a_fault_in_the_middle_of_one_erasure_leaves_that_enquiry_whole(worked_on, monkeypatch):
    before = list(Enquiry.objects.values()), list(Answers.objects.values()), list(EnquiryEvent.objects.values())

    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(Enquiry, "record", fails)  # the last thing that an erasure does
    with pytest.raises(RuntimeError):
        erasure.erase(worked_on, why="request")
    assert (
        list(Enquiry.objects.values()),
        list(Answers.objects.values()),
        list(EnquiryEvent.objects.values()),
    ) == before


@pytest.mark.django_db
def test_an_erasure_of_what_is_held_says_so_whoever_asks(make_enquiry):
    enquiry = make_enquiry()
    Enquiry.objects.update(hold_reason="claim", hold_review=timezone.localdate())
    with pytest.raises(ValidationError, match="is held: claim"):
        erasure.erase(enquiry, why="retention")


@pytest.mark.slow
@pytest.mark.django_db
def test_somebody_who_corrected_their_enquiry_very_often_is_looked_for_too(make_enquiry):
    enquiry = make_enquiry(words="Quillword number 4999.")
    found = traces.look_for([f"Quillword number {number}." for number in range(4000, 5000)])
    assert (found.traces, [text for text in found.elsewhere if enquiry.reference in text] != []) == (0, True)
