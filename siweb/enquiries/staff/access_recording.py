"""Looking is recorded before anything is shown; where it cannot be, nothing is shown: the answer is the page for an outage."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import Error, OperationalError, transaction
from django.utils import timezone

from siweb.enquiries.models import DeskEvent, Enquiry

AGAIN_AFTER = timedelta(hours=1)  # one event for each member of staff and hour


def opened(enquiry, user):
    """Write down who opened an enquiry: once an hour for each, however many windows they open at once."""
    if not _lately(enquiry, user).exists():
        with _or_nothing_is_shown():
            Enquiry.objects.select_for_update().get(pk=enquiry.pk)  # one at a time
            if not _lately(enquiry, user).exists():
                enquiry.record("viewed", actor=user)


def printed(enquiry, user):
    """Write down who takes one away on paper: each time."""
    with _or_nothing_is_shown():
        enquiry.record("printed", actor=user)


def _lately(enquiry, user):
    """Whether that was written down within the hour, and since it was passed on: a clinician's first look then counts."""
    since = timezone.now() - AGAIN_AFTER
    if enquiry.passed_on_at:
        since = max(since, enquiry.passed_on_at)
    return enquiry.events.filter(verb="viewed", actor=user, at__gt=since)


def recorded(verb, user, **what):
    """Write down what was looked at beyond one enquiry: a list with names, a search, an export (DeskEvent.record)."""
    with _or_nothing_is_shown():
        return DeskEvent.record(verb, actor=user, **what)


@contextmanager
def _or_nothing_is_shown():
    try:
        with transaction.atomic():
            yield
    except Error as fault:  # of whatever kind: the outage middleware answers to this one
        raise OperationalError("who looked could not be written down") from fault
