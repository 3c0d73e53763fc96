"""The mail at the end of the clinic's day: how many enquiries wait for what, and a link. It holds nothing about a person.

It comes once for each working day, after closing time, and only where something waits. A mail server that is away loses
nothing: the mail is tried again an hour later, with the numbers of then.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from siweb.clinics import working_days
from siweb.clinics.models import Clinic
from siweb.core import clock
from siweb.core import mail as mails
from siweb.core.mail import Outcome
from siweb.core.models import Chore
from siweb.core.urls import absolute
from siweb.enquiries.models import Enquiry, Outbox

CHORE = "digest"
AGAIN_AFTER = timedelta(hours=1)  # after a fault


def waiting(now):
    """[(how many, what they wait for)], without what nothing waits for. One enquiry can count for several."""
    enquiries = Enquiry.objects
    counts = (
        (enquiries.needs_first_reply(), "needs a first reply", "need a first reply"),
        (enquiries.overdue(now), "is overdue", "are overdue"),
        (enquiries.waiting_due(now), "is to be followed up", "are to be followed up"),
        (enquiries.needs_a_call(), "needs a clinician’s call", "need a clinician’s call"),
        (enquiries.unconfirmed_spam(), "is possible spam: check", "are possible spam: check"),
        (Outbox.objects.failed(), "mail could not be sent", "mails could not be sent"),
    )
    found = [(things.count(), one, more) for things, one, more in counts]
    found.append((int(clock.is_in_doubt(now)), "question about the site’s clock, for a practice manager", ""))
    return [(count, one if count == 1 else more) for count, one, more in found if count]


def send_due(now=None):
    """Tell the clinic's mailbox about the last working day that has ended, unless that was done; whether a mail went."""
    now, clinic = now or timezone.now(), Clinic.current()
    day = timezone.localdate(working_days.since_last_working_day(now, clinic))
    if not (clinic.email and mails.can_send()) or not Chore.is_due(CHORE, day):
        return False
    if not Chore.claim(CHORE, now, AGAIN_AFTER):
        return False
    counts = waiting(now)
    outcome = mails.attempt(_mail(counts, day, clinic), "the day's digest") if counts else None
    if outcome in (Outcome.LATER, Outcome.AWAY):
        return False
    Chore.is_done(CHORE, day)
    return outcome is Outcome.SENT


def _mail(counts, day, clinic):
    context = {"counts": counts, "link": absolute(reverse("admin:index"))}
    mail = mails.make("enquiries/mail/digest", "To do at the enquiry desk", clinic.email, context)
    mails.name(mail, f"digest-{day}")
    return mail
