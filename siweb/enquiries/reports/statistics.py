"""How many enquiries came in each of the last weeks, and how long people waited for the first reply: numbers, and a picture.

Spam is not counted. The wait is from arrival to first reply, nights and days off included, as it is for the person who waits; who
rang was spoken to at once, so calls are left out of it.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.utils import timezone

from siweb.clinics.working_days import start_of
from siweb.enquiries.models import Enquiry

WEEKS = 12


@dataclass(frozen=True)
class Week:
    first: date  # a Monday
    enquiries: int
    hours: float | None  # median until the first reply; None where nobody has had one

    @property
    def wait(self):
        """The hours as they are written: "0.5", "7", "26"; "" for none."""
        if self.hours is None:
            return ""
        return f"{self.hours:.0f}" if self.hours >= 10 else f"{self.hours:.1f}".removesuffix(".0")


def last_weeks(now=None):
    """The last weeks, the oldest first; the last of them is not over yet."""
    today = timezone.localdate(now)
    mondays = [today - timedelta(days=today.weekday(), weeks=ago) for ago in reversed(range(WEEKS))]
    starts = [start_of(day) for day in mondays]
    came, waits = [0] * WEEKS, [[] for _ in mondays]
    enquiries = Enquiry.objects.filter(created_at__gte=starts[0], spam_confirmed=False).exclude(
        state=Enquiry.State.SPAM
    )
    for arrived, replied, source in enquiries.order_by().values_list("created_at", "first_reply_at", "source"):
        number = bisect_right(starts, arrived) - 1
        came[number] += 1
        if replied and source != Enquiry.Source.PHONE:
            waits[number].append((replied - arrived).total_seconds() / 3600)
    return [
        Week(*week) for week in zip(mondays, came, (median(hours) if hours else None for hours in waits), strict=True)
    ]
