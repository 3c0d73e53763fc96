"""Passing an enquiry to a clinician as urgent: an e-mail to each who gets them, and whether anybody has opened it since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from siweb.accounts.services import staff_with
from siweb.core import mail
from siweb.core.models import name_of
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry, EnquiryEvent, Outbox

SEE_TICKS = "enquiries.see_ticks"
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
    """Return the enquiries that were passed on 15 minutes ago or more and that no clinician has opened since."""
    opened = _openings(OuterRef("pk"), OuterRef("passed_on_at"), OuterRef("passed_on_by"))
    return Enquiry.objects.passed_on().filter(~Exists(opened), passed_on_at__lte=now - MAX_UNOPENED)


def _openings(enquiry, passed_on_at, passed_on_by):
    """What clinicians have done with an enquiry since it was passed on, but for the person who did that."""
    clinicians = staff_with(SEE_TICKS).order_by().values("pk")
    since = EnquiryEvent.objects.filter(enquiry=enquiry, at__gt=passed_on_at, actor__in=clinicians)
    return since.exclude(actor=passed_on_by).order_by("at", "pk")


@dataclass(frozen=True)
class PassedOn:
    """How far an urgent enquiry has come."""

    at: datetime
    by: str
    sent: list  # (name of a clinician, what became of their e-mail)
    opened_by: str  # "" while nobody has
    opened_at: datetime | None
    is_late: bool


def passed_on(enquiry, now=None):
    """Return the PassedOn of an enquiry, or None where it waits for no urgent call."""
    if not enquiry.passed_on_at or enquiry.state not in Enquiry.OPEN:
        return None
    opened = _openings(enquiry, enquiry.passed_on_at, enquiry.passed_on_by).first()
    emails = enquiry.outbox.filter(kind=Outbox.Kind.URGENT).select_related("recipient")
    return PassedOn(
        enquiry.passed_on_at,
        name_of(enquiry.passed_on_by),
        [(name_of(email.recipient), email.get_state_display()) for email in emails],
        opened.actor_name if opened else "",
        opened.at if opened else None,
        not opened and enquiry.passed_on_at <= (now or timezone.now()) - MAX_UNOPENED,
    )
