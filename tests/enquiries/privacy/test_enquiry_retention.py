"""How enquiries are erased automatically: after the clinic's months, all but their dates; and what is never erased so."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.core import clock
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure
from siweb.operations.management.commands.tick import tick
from tests.conftest import NOON as NOW
from tests.support.enquiring import make

State = Enquiry.State

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)


def kinds_of(enquiry, now=NOW):
    return [kind for kind, found in erasure.past_their_time(now).items() if enquiry in found]


AGES = {"today": 0, "29 days": 29, "31 days": 31, "5 months": 150, "past 6 months": 190, "3 years": 1100}

# By state, and whether a person confirmed it: what the clock does at each of these ages.
TRUTH = {
    ("new", False): ["", "", "", "", "nobody", "nobody"],
    ("in_progress", False): ["", "", "", "", "erase", "erase"],
    ("waiting", False): ["", "", "", "", "erase", "erase"],
    ("closed", False): ["", "", "", "", "erase", "erase"],
    ("spam", False): ["", "", "", "", "nobody", "nobody"],
    ("spam", True): ["", "", "erase", "erase", "erase", "erase"],
}


@pytest.mark.parametrize(("state", "confirmed"), TRUTH)
def test_what_is_past_its_time_by_state_and_age(aged, state, confirmed):
    found = [kinds_of(aged(state, confirmed=confirmed, days=days)) for days in AGES.values()]
    assert found == [[kind] if kind else [] for kind in TRUTH[state, confirmed]]


@pytest.mark.parametrize(("state", "confirmed"), TRUTH)
def test_what_is_held_is_never_erased_by_the_clock(aged, state, confirmed):
    held = [aged(state, confirmed=confirmed, hold="claim", days=days) for days in AGES.values()]
    assert [enquiry for enquiry in held if "erase" in kinds_of(enquiry)] == []
    assert erasure.purge(NOW) == 0


@real_database
def test_what_is_erased_is_past_no_time(aged):
    enquiry = erasure.erase(aged("closed", days=1000), why="request")
    assert kinds_of(enquiry, NOW + timedelta(days=5000)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("months", [1, 6, 24])
def test_the_clinics_own_months_count_to_the_second(aged, months):
    set_months(months)
    limit = {1: datetime(2026, 10, 24, 12), 6: datetime(2026, 5, 24, 12), 24: datetime(2024, 11, 24, 12)}[months]
    limit = limit.replace(tzinfo=UTC)
    assert kinds_of(aged("closed", limit)) == []
    assert kinds_of(aged("closed", limit, seconds=1)) == ["erase"]


def set_months(months):
    clinic = Clinic.current()
    clinic.retention_months = months
    clinic.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        ((2026, 8, 31), 6, (2026, 2, 28)),
        ((2024, 8, 31), 6, (2024, 2, 29)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2026, 12, 31), 1, (2026, 11, 30)),
        ((2027, 1, 1), 12, (2026, 1, 1)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2028, 2, 29), 24, (2026, 2, 28)),
    ],
)
def test_months_of_other_lengths_end_on_their_last_day(aged, now, months, limit):
    set_months(months)
    now, limit = (datetime(*day, 12, tzinfo=UTC) for day in (now, limit))
    assert kinds_of(aged("closed", limit), now) == []
    assert kinds_of(aged("closed", limit, seconds=1), now) == ["erase"]


@pytest.mark.django_db
def test_spam_that_a_person_confirmed_is_kept_for_thirty_days_to_the_second(aged):
    assert kinds_of(aged("spam", confirmed=True, days=30)) == []
    assert kinds_of(aged("spam", confirmed=True, days=30, seconds=1)) == ["erase"]


def test_a_note_or_a_correction_begins_the_time_again(aged, reception):
    enquiry = aged("closed", days=1000)
    make(enquiry, "note", reception, note="They rang.", at=NOW)
    assert kinds_of(enquiry, NOW + timedelta(days=170)) == []
    assert kinds_of(enquiry, NOW + timedelta(days=190)) == ["erase"]


@real_database
def test_a_purge_erases_what_is_past_its_time_once_and_nothing_else(aged):
    past = [aged("closed", days=300), aged("waiting", days=300), aged("spam", confirmed=True, days=40)]
    kept = [
        aged("new", days=3000),
        aged("spam", days=3000),
        aged("closed", days=3),
        aged("closed", hold="x", days=3000),
    ]
    before = list(Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in kept]).order_by("pk").values())
    assert [erasure.purge(NOW), erasure.purge(NOW), erasure.purge(NOW + timedelta(days=1))] == [3, 0, 0]
    assert list(Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in kept]).order_by("pk").values()) == before
    assert Answers.objects.count() == len(kept)
    for enquiry in past:
        enquiry.refresh_from_db()
        assert enquiry.state == "erased"
        assert [event.verb for event in enquiry.events.all()] == ["received", "erased_retention"]


@real_database
def test_a_purge_that_breaks_off_goes_on_where_it_was(aged, monkeypatch):
    enquiries = [aged("closed", days=300 + number) for number in range(5)]
    erase, calls = erasure.erase, []

    def breaks(enquiry, **more):
        calls.append(enquiry)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return erase(enquiry, **more)

    with monkeypatch.context() as breaking:
        breaking.setattr(erasure, "erase", breaks)
        with pytest.raises(KeyboardInterrupt):
            erasure.purge(NOW)
    assert Enquiry.objects.filter(state="erased").count() == 2
    assert Answers.objects.count() == 3
    assert erasure.purge(NOW) == 3
    assert EnquiryEvent.objects.filter(verb="erased_retention").count() == len(enquiries)


@pytest.fixture
def during_a_purge(aged, monkeypatch):
    """during_a_purge(act) purges three enquiries, and does act(the second) when the first has gone: their states."""

    def purge(act):
        enquiries, erase, done = [aged("closed", days=300) for _ in range(3)], erasure.erase, []

        def interrupted(enquiry, **more):
            erase(enquiry, **more)
            if not done:
                done.append(enquiry)
                act(enquiries[1])

        monkeypatch.setattr(erasure, "erase", interrupted)
        erasure.purge(NOW)
        assert done == enquiries[:1]
        return [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries]

    return purge


@real_database
def test_a_hold_that_is_set_during_a_purge_keeps_its_enquiry_and_stops_no_other(during_a_purge):
    def hold(enquiry):
        Enquiry.objects.filter(pk=enquiry.pk).update(hold_reason="claim", hold_review=NOW.date())

    assert during_a_purge(hold) == ["erased", "closed", "erased"]


@real_database
def test_an_enquiry_that_comes_back_to_life_during_a_purge_is_not_erased(during_a_purge, reception):
    def reopen(enquiry):
        make(enquiry, "reopen", reception, note="They rang.", at=NOW)

    assert during_a_purge(reopen) == ["erased", "new", "erased"]


@real_database
def test_a_purge_that_meets_an_erasure_by_hand_erases_nothing_twice(during_a_purge):
    def erase_by_hand(enquiry):
        _erase(enquiry, why="request")

    assert during_a_purge(erase_by_hand) == ["erased"] * 3
    assert EnquiryEvent.objects.filter(verb__startswith="erased").count() == 3


_erase = erasure.erase  # itself, also where a test has put something in front


@pytest.mark.django_db
def test_a_dry_run_lists_and_changes_nothing(aged):
    aged_now = timezone.now()
    past = [aged("closed", aged_now, days=300), aged("spam", aged_now, confirmed=True, days=40)]
    nobody, young, held = (
        aged("new", aged_now, days=300),
        aged("closed", aged_now),
        aged("closed", aged_now, hold="x", days=300),
    )
    tables = (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    printed = io.StringIO()
    call_command("purge_enquiries", "--dry-run", stdout=printed)
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    stays, to_erase = printed.getvalue().split("2 to erase")
    assert "1 past that time, but nobody has dealt with them" in stays
    assert nobody.reference in stays
    assert [enquiry.reference in to_erase for enquiry in past] == [True, True]
    assert not {young.reference, held.reference} & set(printed.getvalue().split())
    assert "Kept for 6 months" in stays
    assert "Maria" not in printed.getvalue()


@real_database
def test_without_a_dry_run_it_erases_what_it_lists(aged):
    clock.believe(timezone.now())
    past = aged("closed", timezone.now(), days=300)
    printed = io.StringIO()
    call_command("purge_enquiries", stdout=printed)
    assert past.reference in printed.getvalue()
    assert "1 erased" in printed.getvalue()
    past.refresh_from_db()
    assert past.state == "erased"


@pytest.fixture
def running(db):
    """A site whose jobs have run until just before NOW, so that its clock is believed."""
    clock.believe(NOW - timedelta(minutes=1))


@real_database
def test_the_tick_purges_once_a_night(aged, running):
    first = aged("closed", days=300)
    tick(NOW)
    second = aged("closed", days=300)
    for minutes in (1, 60, 600):
        tick(NOW + timedelta(minutes=minutes))
    assert states_of(first, second) == ["erased", "closed"]
    tick(NOW + timedelta(hours=13))  # past midnight
    assert states_of(first, second) == ["erased", "erased"]


def states_of(*enquiries):
    return [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries]


@real_database
def test_the_tick_forgets_the_counts_of_addresses():
    for hours in (1, 2, 3, 300):
        AddressCount.objects.create(digest="x", hour=NOW - timedelta(hours=hours))
    tick(NOW)
    assert {(NOW - count.hour) / timedelta(hours=1) for count in AddressCount.objects.all()} == {1, 2}


@real_database
def test_a_night_that_broke_off_is_finished_by_the_next_tick_or_night(aged, running, monkeypatch):
    enquiry = aged("closed", days=300)
    with monkeypatch.context() as breaking:
        breaking.setattr(erasure, "erase", lambda *_, **__: 1 / 0)
        assert tick(NOW) == ["Erase expired enquiries"]
    tick(NOW + timedelta(hours=24))
    assert states_of(enquiry) == ["erased"]
