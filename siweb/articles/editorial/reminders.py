"""The mail that tells clinicians, once a week, which articles have to be checked again. It holds nothing about a person.

A mail server that is away loses nothing: a person who was not told is told later, and nobody is told twice.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from siweb.accounts.roles import CLINICIANS
from siweb.clinics.models import Clinic
from siweb.core import mail as mails
from siweb.core.mail import Outcome
from siweb.core.models import Chore
from siweb.core.urls import absolute

from .status import standings

ROUND = "reminders"  # done once a day, though each is told once a week
AGAIN_AFTER = timedelta(hours=1)  # after a fault


def send_due(now=None):
    """Tell each person who has not been told for a week; how many were. After a fault the round goes on an hour later."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    if not mails.can_send() or not Chore.is_due(ROUND, today) or not Chore.claim(ROUND, now, AGAIN_AFTER):
        return 0
    due = sorted(
        (s for s in standings(today=today) if s.is_overdue or s.is_due_soon), key=lambda standing: standing.due
    )
    due_now = [who for who in recipients() if due and Chore.is_due(who.chore, today, every=7)]
    told, put_off = 0, False
    for who in due_now:
        outcome = mails.attempt(_mail(who, due, today), "a reminder")
        if outcome is Outcome.AWAY:
            return told  # the rest is sent in the next round
        told += outcome is Outcome.SENT
        if outcome is Outcome.LATER:
            put_off = True
        else:
            Chore.is_done(who.chore, today)
    if not put_off:
        Chore.is_done(ROUND, today)
    return told


@dataclass(frozen=True)
class Recipient:
    chore: str  # under which it is written down that they were told
    address: str


def recipients():
    """Every clinician who has an address, or the clinic's mailbox."""
    people = get_user_model().objects.filter(is_active=True, groups__name=CLINICIANS).exclude(email="")
    found = [Recipient(f"remind {pk}", email) for pk, email in people.order_by("pk").values_list("pk", "email")]
    mailbox = Clinic.current().email
    return found or ([Recipient("remind the clinic", mailbox)] if mailbox else [])


def _mail(who, due, today):
    overdue = [standing for standing in due if standing.is_overdue]
    soon = [standing for standing in due if standing.is_due_soon]
    counts = [f"{len(some)} {words}" for some, words in ((overdue, "overdue"), (soon, "due soon")) if some]
    context = {
        "overdue": [_line(standing) for standing in overdue],
        "soon": [_line(standing) for standing in soon],
        "link": absolute(reverse("admin:index")),
    }
    mail = mails.make(
        "articles/mail/reviews_due", f"Articles to check again: {', '.join(counts)}", who.address, context
    )
    mails.name(mail, f"{who.chore.replace(' ', '-')}-{today:%G-%V}")
    return mail


def _line(standing):
    return {"title": standing.title, "due": standing.due, "link": absolute(standing.live_review)}
