"""When a first reply is due: by the end of a day on which the clinic is open. And months, as people count."""

import calendar
from datetime import datetime, timedelta

from django.utils import timezone

from .opening import USUAL_HOURS, opening_on

_LONGEST_SEARCH = timedelta(days=60)


def reply_due(arrived, clinic, days=None):
    """The end of the clinic's day by which a first reply is due: `days` working days after the day that `arrived` is on.

    Without `days`, as many as the clinic promises.
    """
    left = clinic.reply_days if days is None else days
    day = timezone.localdate(arrived)
    while left:
        day += timedelta(days=1)
        left -= _closes(day, clinic) is not None
    return _closes(day, clinic)


def since_last_working_day(now, clinic):
    """The first moment of the last working day that has ended: what came before it has waited for a working day."""
    day = timezone.localdate(now)
    earliest = day - _LONGEST_SEARCH
    while day > earliest and not ((closes := _closes(day, clinic)) and closes <= now):
        day -= timedelta(days=1)
    return start_of(day)


def add_months(moment, months):
    """The same day so many months later, or earlier; the last of that month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def start_of(day):
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _closes(day, clinic):
    """When the clinic closes on a day, or None where it does not open."""
    spans = opening_on(clinic, clinic, day, USUAL_HOURS).spans
    return timezone.make_aware(datetime.combine(day, max(closes for _, closes in spans))) if spans else None
