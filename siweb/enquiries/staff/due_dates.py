"""By when something has to be done about an enquiry, in words: "reply due in 3 h 20 min", "overdue since Mon 3 Nov 17:00"."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from siweb.enquiries.models import Enquiry

State = Enquiry.State


def in_words(enquiry, now=None):
    now = now or timezone.now()
    owed = enquiry.state == State.NEW or enquiry.state == State.IN_PROGRESS and not enquiry.first_reply_at
    if owed and enquiry.due_at < now:
        return f"overdue since {_moment(enquiry.due_at)}"
    if owed:
        return f"reply due in {span(enquiry.due_at - now)} ({_moment(enquiry.due_at)})"
    if enquiry.state == State.WAITING:
        late = timezone.localdate(enquiry.follow_up_at) < timezone.localdate(now)
        return f"{'overdue since' if late else 'waiting until'} {_day(enquiry.follow_up_at)}"
    return ""


def is_overdue(enquiry, now=None):
    return in_words(enquiry, now).startswith("overdue")


def span(time):
    """A length of time to two parts: "3 h 20 min", "2 days 4 h"."""
    minutes = max(int(time / timedelta(minutes=1)), 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return " ".join([f"{days} day{'s' * (days > 1)}", *([f"{hours} h"] if hours else [])])
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])])


def _moment(at):
    return date_format(timezone.localtime(at), "D j M H:i")


def _day(at):
    return date_format(timezone.localtime(at), "l j F")
