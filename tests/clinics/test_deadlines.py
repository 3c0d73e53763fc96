"""When a reply is due: the clinic's days, its nation's bank holidays, and clocks that change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from siweb.clinics import working_days
from siweb.clinics.models import Clinic

LONDON = ZoneInfo("Europe/London")


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("arrived", "due", "clinic"),
    [
        ("2026-11-24 10:00", "2026-11-25 17:00", {}),  # Tuesday
        ("2026-11-24 23:59", "2026-11-25 17:00", {}),
        ("2026-11-27 09:00", "2026-11-30 17:00", {}),  # Friday to Monday
        ("2026-11-28 12:00", "2026-11-30 17:00", {}),  # Saturday
        ("2026-11-27 09:00", "2026-12-01 17:00", {"nation": "SCT"}),  # Saint Andrew's Day
        ("2026-12-24 16:00", "2026-12-29 17:00", {}),  # Christmas, and Boxing Day in lieu
        ("2026-12-31 16:00", "2027-01-04 17:00", {}),
        ("2026-12-31 16:00", "2027-01-05 17:00", {"nation": "SCT"}),  # 2 January in lieu
        ("2026-07-10 12:00", "2026-07-14 17:00", {"nation": "NIR"}),  # 13 July
        ("2026-03-27 12:00", "2026-03-30 17:00", {}),  # the clocks went forward
        ("2026-11-24 10:00", "2026-11-26 17:00", {"reply_days": 2}),
        ("2026-11-24 10:00", "2026-11-28 12:00", {"hours": "Sat 09:00-12:00"}),
        ("2026-11-24 10:00", "2026-11-26 20:00", {"hours": "Thu 09:00-12:00\nThu 13:00-20:00"}),
        ("2026-11-24 10:00", "2026-11-25 17:00", {"hours": ""}),  # not given yet: the usual
    ],
)
def test_a_reply_is_due_at_the_end_of_a_working_day(arrived, due, clinic):
    clinic = Clinic(**{"hours": "Mon-Fri 09:00-17:00"} | clinic)
    assert working_days.reply_due(at(arrived), clinic) == at(due)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-11-25 16:59", "2026-11-24 00:00"),  # Wednesday, still open
        ("2026-11-25 17:00", "2026-11-25 00:00"),
        ("2026-11-29 12:00", "2026-11-27 00:00"),  # Sunday: Friday was the last
        ("2026-12-28 12:00", "2026-12-24 00:00"),
    ],
)
def test_the_last_working_day_is_the_last_that_has_ended(now, since):
    assert working_days.since_last_working_day(at(now), Clinic(hours="Mon-Fri 09:00-17:00")) == at(since)
