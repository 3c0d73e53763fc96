"""What the clock erases tonight is listed without a name, and what it has erased stands in a receipt, whatever happened."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.models import Complaint, DeskEvent, Enquiry
from siweb.enquiries.privacy import complaints, erasure
from tests.conftest import NOON as NOW

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)
PAGE = "/admin/enquiries/enquiry/data/retention/"


def receipts():
    """[(count, references)] of the nights, the first first."""
    events = DeskEvent.objects.filter(verb=erasure.RECEIPT).order_by("id")
    return [(event.count, event.references) for event in events]


@real_database
def test_each_night_leaves_one_receipt_also_where_nothing_was_erased(aged):
    past = [aged("closed", days=300), aged("spam", confirmed=True, days=40)]
    aged("closed", days=3), aged("new", days=3000)
    erasure.purge(NOW)
    erasure.purge(NOW)
    references = [enquiry.reference for enquiry in past]
    assert receipts() == [(2, references), (0, [])]
    assert {event.actor_name for event in DeskEvent.objects.all()} == {""}


def broken_off(monkeypatch, after):
    """A purge that stops after so many erasures, as a machine does that is switched off."""
    erase, done = erasure.erase, []

    def breaks(enquiry, **more):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(enquiry.reference)
        return erase(enquiry, **more)

    with monkeypatch.context() as breaking:
        breaking.setattr(erasure, "erase", breaks)
        with pytest.raises(KeyboardInterrupt):
            erasure.purge(NOW)
    return done


@real_database
def test_a_run_that_is_broken_off_has_its_receipt_from_the_next(aged, monkeypatch):
    everything = [aged("closed", days=300 + number).reference for number in range(5)]
    first = broken_off(monkeypatch, after=2)
    assert receipts() == []
    erasure.purge(NOW)
    assert receipts() == [(2, first), (3, [reference for reference in everything if reference not in first])]
    [broken, _] = DeskEvent.objects.filter(verb=erasure.RECEIPT).order_by("id")
    assert "broken off" in broken.about
    erasure.purge(NOW)
    assert receipts()[2:] == [(0, [])]


@real_database
def test_two_runs_that_are_broken_off_are_all_accounted_for_once(aged, monkeypatch):
    everything = sorted(aged("closed", days=300 + number).reference for number in range(6))
    broken_off(monkeypatch, after=2)
    broken_off(monkeypatch, after=1)
    erasure.purge(NOW)
    assert sorted(reference for _, references in receipts() for reference in references) == everything
    assert [count for count, _ in receipts()] == [3, 3]


@real_database
def test_a_run_that_was_broken_off_is_swept_by_the_next(aged, monkeypatch):
    aged("closed", days=300), aged("closed", days=301)
    broken_off(monkeypatch, after=1)
    Enquiry.objects.filter(state="closed").update(hold_reason="claim", hold_review=NOW.date())
    swept = []
    monkeypatch.setattr(erasure, "sweep", lambda: swept.append(True))
    erasure.purge(NOW)
    erasure.purge(NOW)
    assert swept == [True]


@real_database
def test_an_erasure_by_hand_whose_sweep_was_broken_off_is_swept_in_the_night(aged, monkeypatch):
    erasure.erase(aged("closed", days=3), why="request")
    swept = []
    monkeypatch.setattr(erasure, "sweep", lambda: swept.append(True))
    erasure.purge(NOW)
    erasure.purge(NOW)
    assert swept == [True]


@real_database
def test_an_erasure_that_somebody_asked_for_is_in_no_receipt_of_the_clock(aged):
    erasure.erase(aged("closed", days=300), why="request")
    erasure.purge(NOW)
    assert receipts() == [(0, [])]


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.mark.django_db
def test_the_page_lists_what_goes_what_nobody_has_dealt_with_and_what_is_held(desk, aged):
    now = timezone.now()
    goes, nobody = aged("closed", now, days=300), aged("new", now, days=300)
    held, young = aged("closed", now, hold="claim of May", days=300), aged("closed", now, days=1)
    text = desk.get(PAGE).content.decode()
    going, waiting, holding, _ = text.split("<section")[1:]
    assert (goes.reference in going, nobody.reference in waiting, held.reference in holding) == (True, True, True)
    assert "claim of May" in holding
    assert young.reference not in text
    assert "kept for 6 months" in text
    assert [word for word in ("Maria", "0161", "example.org") if word in text] == []


@real_database
def test_the_page_shows_the_receipts(desk, aged):
    gone = aged("closed", timezone.now(), days=300)
    assert "No night has passed yet." in desk.get(PAGE).content.decode()
    erasure.purge()
    receipt = desk.get(PAGE).content.decode().split("Receipts")[1]
    assert gone.reference in receipt
    assert "past their retention period" in receipt


@pytest.mark.django_db
def test_a_long_list_is_cut_and_says_how_many_more(desk, aged, monkeypatch):
    monkeypatch.setattr("siweb.enquiries.staff.retention.SHOWN", 2)
    for days in range(300, 305):
        aged("closed", timezone.now(), days=days)
    text = desk.get(PAGE).content.decode()
    assert "And 3 more." in text
    assert 'Erased tonight <span class="count">5</span>' in text


# --- Complaints go by the same clock ----------------------------------------------------------------------------------


@pytest.fixture
def complaint(manager):
    def make(closed_on, enquiry=None):
        return Complaint.objects.create(
            received_on=date(2026, 1, 1),
            route="phone",
            name="Maria Example",
            contact="maria@example.org",
            words="You rang my work.",
            enquiry=enquiry,
            acknowledged_on=closed_on,
            closed_on=closed_on,
            outcome="We said sorry." if closed_on else "",
            recorded_by=manager,
        )

    return make


@real_database
def test_a_closed_complaint_goes_after_the_clinics_months_and_an_open_one_stays(complaint):
    limit = date(2026, 5, 24)
    gone, open_one, young = complaint(limit - timedelta(days=1)), complaint(None), complaint(limit)
    erasure.purge(NOW)
    assert set(Complaint.objects.all()) == {open_one, young}
    [receipt] = DeskEvent.objects.filter(verb="purged_complaints")
    assert (receipt.count, receipt.about) == (1, f"complaints past their retention period: {gone.pk}")
    erasure.purge(NOW)
    assert DeskEvent.objects.filter(verb="purged_complaints").count() == 1


@real_database
def test_a_complaint_about_what_is_held_is_held_with_it(complaint, aged):
    old = complaint(date(2026, 1, 2), enquiry=aged("closed", hold="claim", days=300))
    erasure.purge(NOW)
    assert Complaint.objects.get() == old


@real_database
def test_a_complaint_stays_when_its_enquiry_goes_and_the_other_way_round(complaint, aged):
    open_one = complaint(None, enquiry=aged("closed", days=300))
    complaint(date(2026, 1, 2), enquiry=aged("closed", days=1))
    erasure.purge(NOW)
    assert Complaint.objects.get() == open_one
    assert Enquiry.objects.get(pk=open_one.enquiry_id).state == "erased"
    assert Enquiry.objects.filter(state="closed").count() == 1


@pytest.mark.django_db
def test_what_goes_tonight_of_the_complaints_is_on_the_page(desk, complaint):
    old = complaint(date(2026, 1, 2))
    Complaint.objects.update(closed_on=timezone.localdate() - timedelta(days=300))
    text = desk.get(PAGE).content.decode()
    assert "Closed complaints that go tonight" in text
    assert complaints.number(old) in text
    assert "Maria" not in text
