"""Passing an enquiry to a clinician as urgent: an e-mail to each who gets them, and whether it has reached one since.

It has when a clinician opens it, or when a colleague at the desk has rung one and says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from siweb.accounts.services import staff_with
from siweb.core import mail
from siweb.core.models import name_of
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry, EnquiryEvent, Outbox

SEE_TICKS = "enquiries.see_ticks"
RANG = "rang_clinician"
MAX_UNOPENED = timedelta(minutes=15)  # then the desk and the manager are told to ring


def recipients():
    """Return the clinicians who would be e-mailed now; none where the site sends no e-mail."""
    if not mail.can_send():
        return []
    return list(staff_with(SEE_TICKS).exclude(email="").exclude(profile__urgent_emails=False))


@transaction.atomic
def pass_on(enquiry, *, version, by, note=""):
    """Pass an enquiry to the clinicians, queue their e-mails, and return the event. Raises as workflow.make()."""
    event = workflow.make(enquiry, "pass_on", version=version, who=workflow.kinds_of(by), by=by, note=note)
    enquiry.outbox.filter(kind=Outbox.Kind.URGENT, state=Outbox.State.QUEUED).delete()  # of an earlier time
    Outbox.objects.bulk_create(
        Outbox(enquiry=enquiry, kind=Outbox.Kind.URGENT, recipient=clinician) for clinician in recipients()
    )
    return event


def unopened(now):
    """Return the enquiries that were passed on 15 minutes ago or more and have not reached a clinician since."""
    opened = _reached(OuterRef("pk"), OuterRef("passed_on_at"), OuterRef("passed_on_by"))
    return Enquiry.objects.passed_on().filter(~Exists(opened), passed_on_at__lte=now - MAX_UNOPENED)


def _reached(enquiry, passed_on_at, passed_on_by):
    """The events since an enquiry was passed on by which it reached a clinician; the person who passed it on is none."""
    clinicians = staff_with(SEE_TICKS).order_by().values("pk")
    by_clinician = Q(actor__in=clinicians) & ~Q(actor=passed_on_by)
    since = EnquiryEvent.objects.filter(enquiry=enquiry, at__gt=passed_on_at)
    return since.filter(by_clinician | Q(verb=RANG)).order_by("at", "pk")


@dataclass(frozen=True)
class PassedOn:
    """How far an urgent enquiry has come."""

    at: datetime
    by: str
    sent: list  # (name of a clinician, what became of their e-mail)
    reached_by: str  # the clinician who opened it, or the colleague who rang one; "" for neither
    reached_at: datetime | None
    is_rung: bool
    is_late: bool


def passed_on(enquiry, now=None):
    """Return the PassedOn of an enquiry, or None where it waits for no urgent call."""
    if not enquiry.passed_on_at or enquiry.state not in Enquiry.OPEN:
        return None
    reached = _reached(enquiry, enquiry.passed_on_at, enquiry.passed_on_by).last()
    emails = enquiry.outbox.filter(kind=Outbox.Kind.URGENT).select_related("recipient")
    return PassedOn(
        enquiry.passed_on_at,
        name_of(enquiry.passed_on_by),
        [(name_of(email.recipient), email.get_state_display()) for email in emails],
        reached.actor_name if reached else "",
        reached.at if reached else None,
        reached is not None and reached.verb == RANG,
        not reached and enquiry.passed_on_at <= (now or timezone.now()) - MAX_UNOPENED,
    )
