"""A wrong clock erases nobody and publishes nothing: what it would spoil waits until it is right, or a manager confirms it."""

import html
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from siweb.core import clock
from siweb.core.models import Chore, JobRun
from siweb.enquiries.mail import daily_digest
from siweb.enquiries.models import DeskEvent, Enquiry
from siweb.enquiries.privacy import access_log, erasure
from siweb.operations.management.commands.tick import tick
from tests.conftest import NOON as NOW

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)
NIGHTLY = "Erase expired enquiries"
CONFIRM = "/admin/enquiries/enquiry/data/clock/"
FAR = timedelta(days=400)


@pytest.fixture
def at(monkeypatch):
    """at(moment) lets the jobs run while the clock shows it."""

    def run(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        tick()

    return run


@pytest.fixture
def desk(client, manager):
    client.manager = manager
    client.force_login(manager)
    return client


def erased():
    return Enquiry.objects.filter(state="erased").count()


def dashboard(desk):
    """The first page as the manager sees it. A clock that jumps ends every session: she signs in again."""
    desk.force_login(desk.manager)
    return html.unescape(desk.get("/admin/").content.decode())


@real_database
def test_a_clock_that_jumps_400_days_erases_nobody_however_long_it_stays_there(aged, at):
    at(NOW)
    for days in (3, 170, 200):
        aged("closed", days=days)
    for minutes in (1, 2, 60 * 24, 60 * 48):
        at(NOW + FAR + timedelta(minutes=minutes))
    assert erased() == 0
    at(NOW + timedelta(minutes=5))  # it is right again: the night is not repeated
    at(NOW + timedelta(days=1))
    assert erased() == 1


@real_database
def test_a_clock_that_is_an_hour_behind_erases_nobody_early_and_repeats_no_night(aged, at):
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    at(midnight - timedelta(minutes=1))
    limit = erasure.kept_since(midnight)
    enquiries = [aged("closed", limit, seconds=-1), aged("closed", limit, seconds=3600)]
    for minutes in (0, -60, -59, -1, 0):
        at(midnight + timedelta(minutes=minutes))
    assert [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries] == ["closed", "erased"]
    assert DeskEvent.objects.filter(verb=erasure.RECEIPT).count() == 2  # of the day before, and of this


@real_database
@pytest.mark.slow
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
def test_summer_time_begins_and_ends_with_one_night_a_day_and_nobody_erased_early(aged, at, change):
    start = change - timedelta(hours=30)
    at(start)
    enquiry = aged("closed", erasure.kept_since(change + timedelta(hours=3)))
    for minutes in range(0, 54 * 60, 30):
        at(start + timedelta(minutes=minutes))
        due = enquiry.last_activity_at < erasure.kept_since(timezone.now())
        assert due or erased() == 0
    assert erased() == 1
    nights = [timezone.localdate(event.at) for event in DeskEvent.objects.filter(verb=erasure.RECEIPT)]
    assert sorted(set(nights)) == sorted(nights)
    assert len(nights) in (3, 4)


@real_database
def test_a_night_that_a_wrong_clock_recorded_in_the_future_does_not_count_as_done(aged, at):
    JobRun.record_success(NIGHTLY, NOW + FAR)
    clock.believe(NOW - timedelta(hours=1))
    aged("closed", days=300)
    at(NOW)
    assert erased() == 1


@pytest.mark.django_db
def test_what_was_done_in_the_future_is_due_again_but_not_within_a_day():
    today = NOW.date()
    for days, due in ((-1, True), (0, False), (1, False), (2, True), (400, True)):
        Chore.is_done("work", today + timedelta(days=days))
        assert Chore.is_due("work", today) is due
    Chore.objects.filter(name="work").update(at=NOW + FAR)
    assert Chore.claim("work", NOW, timedelta(hours=1)), "nobody waits for a moment that a wrong clock wrote down"
    assert not Chore.claim("work", NOW, timedelta(hours=1))


# --- The manager ------------------------------------------------------------------------------------------------------


@real_database
@pytest.mark.parametrize("away", [timedelta(hours=37), timedelta(days=7), FAR])
def test_after_a_long_pause_the_manager_is_asked_and_one_press_lets_the_night_go_on(aged, at, desk, away):
    at(NOW)
    aged("closed", days=300)
    at(NOW + away)
    text = dashboard(desk)
    assert "Is the site’s clock right? It shows " in text
    assert "last ran on Tuesday 24 November 2026, 12:00" in text
    assert "nothing is erased" in text
    assert "to erase once you have: 1." in text
    assert erased() == 0
    day = timezone.localdate().isoformat()
    assert f'name="day" value="{day}"' in text
    assert desk.post(CONFIRM, {"day": day}).status_code == 302
    at(NOW + away + timedelta(minutes=1))
    assert erased() == 1
    assert "clock right" not in dashboard(desk)
    [confirmed] = [act for act in access_log.acts()[0] if act.what.startswith("confirmed: the clock")]
    assert confirmed.who == "Mia Manager"


@real_database
def test_a_site_that_was_off_for_less_than_36_hours_asks_nobody(aged, at, desk):
    at(NOW)
    aged("closed", days=300)
    at(NOW + timedelta(hours=36))
    assert erased() == 1
    assert "clock right" not in dashboard(desk)


@real_database
def test_the_first_night_of_a_new_site_asks_nobody(at, make_enquiry, desk):
    make_enquiry()
    assert "clock right" not in dashboard(desk)
    at(NOW)
    at(NOW + timedelta(days=1))
    assert [event.count for event in DeskEvent.objects.filter(verb=erasure.RECEIPT)] == [0, 0]
    assert "clock right" not in dashboard(desk)


@real_database
def test_a_first_night_that_would_erase_somebody_asks_first(aged, at, desk):
    aged("closed", days=300)
    for days in (0, 1):
        at(NOW + timedelta(days=days))
    assert erased() == 0
    assert "have never run, but some enquiries are past the retention period already" in dashboard(desk)
    desk.post(CONFIRM, {"day": timezone.localdate().isoformat()})
    at(NOW + timedelta(days=1, minutes=1))
    assert erased() == 1


@real_database
def test_a_press_on_a_page_from_before_the_clock_jumped_confirms_nothing(aged, at, desk):
    at(NOW)
    aged("closed", days=300)
    at(NOW + FAR)
    dashboard(desk)
    for day in (NOW.date().isoformat(), "", "nonsense"):
        desk.post(CONFIRM, {"day": day})
    at(NOW + FAR + timedelta(minutes=1))
    assert erased() == 0
    assert "the clock shows another day now" in dashboard(desk)


@real_database
def test_who_wrongly_confirmed_a_clock_is_asked_again_when_it_is_right(at, desk):
    at(NOW)
    at(NOW + FAR)
    dashboard(desk)
    desk.post(CONFIRM, {"day": timezone.localdate().isoformat()})
    at(NOW)
    assert "400 days later" in dashboard(desk)


@pytest.mark.django_db
def test_only_a_manager_confirms_and_sees_the_question(aged, client, reception, caller, editor):
    aged("closed", timezone.now(), days=300)
    clock.believe(timezone.now() - FAR)
    for user in (reception, caller, editor):
        client.force_login(user)
        assert "clock right" not in client.get("/admin/").content.decode()
        assert client.post(CONFIRM, {"day": timezone.localdate().isoformat()}).status_code == 403
    assert clock.is_in_doubt(timezone.now())


@pytest.mark.django_db
def test_the_daily_email_mentions_the_question():
    clock.believe(NOW)
    assert daily_digest.waiting(NOW + timedelta(hours=36)) == []
    assert daily_digest.waiting(NOW + FAR) == [(1, "question about the site’s clock, for a practice manager")]


@real_database
def test_the_command_asks_too_and_takes_a_yes(aged):
    clock.believe(timezone.now() - FAR)
    aged("closed", timezone.now(), days=300)
    with pytest.raises(CommandError, match="Is the site’s clock right.*--clock-is-right"):
        call_command("purge_enquiries", stdout=io.StringIO())
    assert erased() == 0
    call_command("purge_enquiries", "--clock-is-right", stdout=io.StringIO())
    assert erased() == 1


# --- A cap per night, and room first ----------------------------------------------------------------------------------


@real_database
def test_one_night_erases_no_more_than_its_cap_even_when_it_is_begun_again(aged, at, desk, monkeypatch):
    monkeypatch.setattr(erasure, "MAX_PER_NIGHT", 3)
    at(NOW - timedelta(hours=1))
    oldest = [aged("closed", days=300) for _ in range(5)][:3]
    tomorrow = datetime(2026, 11, 25, 0, 0, 30, tzinfo=UTC)
    at(tomorrow)
    assert {enquiry.pk for enquiry in oldest} == set(
        Enquiry.objects.filter(state="erased").values_list("pk", flat=True)
    )
    assert "3 enquiries were erased last night, the most in one night" in dashboard(desk)
    JobRun.objects.filter(name=NIGHTLY).delete()  # as after a fault
    at(tomorrow + timedelta(minutes=1))
    assert erased() == 3
    at(tomorrow + timedelta(days=1))
    assert erased() == 5
    assert "the most in one night" not in dashboard(desk)


@real_database
@pytest.mark.parametrize("by_hand", [True, False])
def test_without_room_to_forget_nothing_is_erased_and_the_reason_is_given(aged, monkeypatch, tmp_path, by_hand):
    file = tmp_path / "site.sqlite3"
    file.write_bytes(b"x" * 5_000_000)
    monkeypatch.setattr("siweb.enquiries.privacy.disk_space.database_file", lambda: file)
    monkeypatch.setattr("siweb.enquiries.privacy.disk_space.connection", FakeConnection)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: FakeUsage)
    enquiry = aged("closed", days=300)
    with pytest.raises(
        (CommandError, erasure.ValidationError), match="4.0 MB free, and 5.0 MB are needed. Nothing was erased"
    ):
        call_command("erase", enquiry.reference) if by_hand else erasure.purge(NOW)
    assert erased() == 0


class FakeConnection:
    vendor = "sqlite"


class FakeUsage:
    free = 4_000_000


@pytest.mark.django_db
def test_where_nothing_is_to_be_erased_no_room_is_needed(monkeypatch):
    monkeypatch.setattr("siweb.enquiries.privacy.disk_space.check_room", lambda: 1 / 0)
    assert erasure.purge(NOW) == 0
