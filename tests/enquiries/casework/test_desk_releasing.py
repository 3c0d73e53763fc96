"""Stale claims go back to everybody, by themselves: after a whole working day, and when an account is disabled."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from siweb.core import clock
from siweb.enquiries.casework import workflow
from siweb.enquiries.casework.stale_claims import release_stale
from siweb.enquiries.models import Enquiry
from tests.support.at_the_desk import brought


def moment(text):
    return timezone.make_aware(datetime.fromisoformat(text))


# The clinic is open Monday to Friday, 9 to 5. When the owner did something last, what time it is now, and whether it goes back.
TIMES = [
    ("2026-11-23 10:00", "2026-11-23 17:30", False),  # Monday: the day it was taken
    ("2026-11-23 10:00", "2026-11-24 16:59", False),  # Tuesday has not ended
    ("2026-11-23 10:00", "2026-11-24 17:00", True),  # nothing on the whole of Tuesday
    ("2026-11-24 09:00", "2026-11-24 17:00", False),
    ("2026-11-20 16:00", "2026-11-23 09:00", False),  # Friday: no working day lies between
    ("2026-11-20 16:00", "2026-11-23 17:00", True),
    ("2026-12-24 12:00", "2026-12-28 18:00", False),  # Christmas, a weekend and a bank holiday are no working days
    ("2026-12-24 12:00", "2026-12-29 17:00", True),
]


@pytest.mark.parametrize(("last", "now", "goes_back"), TIMES)
def test_what_nothing_was_done_about_for_a_whole_working_day_goes_back(make_enquiry, reception, last, now, goes_back):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    Enquiry.objects.update(last_activity_at=moment(last))
    assert [release_stale(moment(now)), release_stale(moment(now))] == [int(goes_back), 0]
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.owner) == (("new", None) if goes_back else ("in_progress", reception))
    assert enquiry.events.filter(verb="release").count() == int(goes_back)


def test_the_event_says_why_and_that_nobody_did_it(make_enquiry, reception):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    Enquiry.objects.update(last_activity_at=moment("2026-01-05 10:00"))
    release_stale(moment("2026-01-12 10:00"))
    event = enquiry.events.get(verb="release")
    assert (event.actor, event.actor_name) == (None, "")
    assert event.note == "Rita Reception did nothing about it for a whole working day."


@pytest.mark.parametrize("state", ["in_progress", "waiting"])
def test_what_belongs_to_a_disabled_account_goes_back_at_once(make_enquiry, reception, state):
    enquiry = brought(make_enquiry(), state, reception)
    reception.is_active = False
    reception.save()
    assert [release_stale(), release_stale()] == [1, 0]
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.owner, enquiry.follow_up_at) == ("new", None, None)
    assert enquiry.events.get(verb="release").note == "Rita Reception cannot sign in any more."


@pytest.mark.parametrize("state", ["new", "waiting", "closed", "spam", "erased"])
def test_what_nobody_works_on_stays_where_it_is(make_enquiry, reception, state):
    brought(make_enquiry(), state, reception)
    Enquiry.objects.update(last_activity_at=moment("2026-01-05 10:00"))
    assert release_stale(moment("2026-11-25 10:00")) == 0


def test_a_hold_does_not_matter(make_enquiry, reception):
    brought(make_enquiry(), "in_progress", reception)
    Enquiry.objects.update(
        last_activity_at=moment("2026-01-05 10:00"), hold_reason="A complaint", hold_review="2026-12-01"
    )
    assert release_stale(moment("2026-11-25 10:00")) == 1


def test_somebody_who_acts_in_that_moment_keeps_it(make_enquiry, reception, monkeypatch):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    Enquiry.objects.update(last_activity_at=moment("2026-01-05 10:00"))
    make = workflow.make

    def acted_first(enquiry, *args, **kwargs):
        other = Enquiry.objects.get(pk=enquiry.pk)
        make(other, "no_answer", version=other.version, who=("reception",), by=reception)
        return make(enquiry, *args, **kwargs)

    monkeypatch.setattr(workflow, "make", acted_first)
    assert release_stale(moment("2026-11-25 10:00")) == 0
    enquiry.refresh_from_db()
    assert enquiry.owner == reception


def test_tick_does_it(make_enquiry, reception):
    clock.believe(timezone.now())
    enquiry = brought(make_enquiry(), "in_progress", reception)
    Enquiry.objects.update(last_activity_at=moment("2026-01-05 10:00"))
    call_command("tick")
    enquiry.refresh_from_db()
    assert enquiry.state == "new"
