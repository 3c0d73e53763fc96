"""Nothing is erased by a clock that may be wrong: the practice manager is told why, and confirms it or has it set."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from siweb.core import clock
from siweb.enquiries.models import DeskEvent

from . import erasure

CONFIRMED = "clock_confirmed"  # the verb of the event


@dataclass(frozen=True)
class ClockDoubt:
    now: datetime  # by the clock that is in doubt
    last: datetime | None  # when the jobs last ran by a clock that was believed
    to_erase: int  # how many enquiries and complaints that clock would erase

    @property
    def question(self):
        return f"Is the site’s clock right? It shows {_moment(self.now)}."

    @property
    def explanation(self):
        """Why it is in doubt, what waits until it is confirmed, and what to do if it is wrong."""
        return (
            f"{self._why} Until you confirm the date and time, nothing is erased and no scheduled article is published. "
            f"Enquiries and closed complaints to erase once you have: {self.to_erase}. "
            "If the clock is wrong, do not confirm it: ask the person who looks after the server to set it."
        )

    @property
    def _why(self):
        if self.last is None:
            return "The automatic jobs have never run, but some enquiries are past the retention period already."
        days = abs(self.now - self.last).days
        apart = f"{days} day{'' if days == 1 else 's'} {'earlier' if self.last < self.now else 'later'}"
        because = "the site was switched off, or its clock has jumped"
        return f"The automatic jobs last ran on {_moment(self.last)}, {apart}: {because}."


def _moment(moment):
    return date_format(timezone.localtime(moment), "l j F Y, H:i")


def clock_doubt(now=None):
    """The doubt about the clock, or None. On a site where the jobs have never run, there is one if something would be erased."""
    now = now or timezone.now()
    last = clock.last_believed()
    if last is not None and not clock.is_in_doubt(now):
        return None
    to_erase = erasure.count_due(now)
    return ClockDoubt(now, last, to_erase) if last or to_erase else None


@transaction.atomic
def confirm_clock(*, by=None, now=None):
    """Believe the clock because a person does, and record who: `by` a member of staff, or None for the command."""
    doubt = clock_doubt(now)
    if doubt:
        DeskEvent.record(
            CONFIRMED, actor=by, about=f"the clock, which showed {_moment(doubt.now)}", count=doubt.to_erase
        )
        clock.believe(doubt.now)
