"""Sending queued e-mails: each once, again after a fault, never inside a patient's request."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.core import mail
from siweb.enquiries.intake import private_links
from siweb.enquiries.models import Enquiry, Outbox

from . import letters, messages

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=5)  # longer than one sending can take, and doubled after each
MOST_ATTEMPTS = 10  # the last is almost two days after the first


def send_due(now=None):
    """Send what is due, and return how many went. A server that is away ends the round: the rest waits for the next."""
    now = now or timezone.now()
    if not mail.can_send():
        return 0
    sent = 0
    for message in Outbox.objects.due(now):
        try:
            sent += _send(message, now)
        except OSError as away:
            log.warning("the mail server is away: %s", type(away).__name__)
            break
    return sent


def _send(message, now):
    """Send one message that nobody else is sending; whether it went. Raises OSError when the server is away."""
    if not _claim(message, now):
        return False
    try:
        made = _render(message)
        if made is None:
            return False
        made.send()
    except Exception as fault:
        _not_sent(message, fault)
        if isinstance(fault, OSError) and not mail.is_about_this_message(fault):
            raise
        return False
    _went(message, made.to)
    return True


def _claim(message, now):
    """Make it ours for one attempt, and set when it is tried again should this process not live to say more."""
    wait = FIRST_WAIT * 2**message.attempts
    return Outbox.objects.filter(pk=message.pk, state=Outbox.State.QUEUED, attempts=message.attempts).update(
        attempts=F("attempts") + 1, next_try_at=now + wait
    )


def _render(message):
    """The mail as things are now, or None when nobody is left to send it to."""
    enquiry, clinic = Enquiry.objects.select_related("answers").get(pk=message.enquiry_id), Clinic.current()
    made = None
    if message.kind == Outbox.Kind.NEW_ENQUIRY and enquiry.answers:
        if not clinic.email:
            _set_problem(message, "the clinic has no mailbox for notifications")
            return None
        made = messages.new_enquiry(enquiry, clinic)
    if message.kind == Outbox.Kind.ACKNOWLEDGEMENT and enquiry.answers and enquiry.answers.email:
        token = private_links.make_link(enquiry)
        made = messages.acknowledgement(enquiry, clinic, token) if token else None
    if message.kind == Outbox.Kind.LETTER and enquiry.answers and enquiry.answers.email:
        made = messages.letter(enquiry, clinic, *letters.words_of(message.letter))
    if message.kind == Outbox.Kind.URGENT and enquiry.passed_on_at and message.recipient.is_active:
        made = messages.urgent(enquiry, clinic, message.recipient) if message.recipient.email else None
    if made is None:
        message.delete()
        return None
    mail.name(made, f"outbox-{message.pk}-{enquiry.pk}")
    return made


@transaction.atomic
def _went(message, to):
    """Write down that a mail went; one that went to an address that was corrected meanwhile is queued for the new one."""
    enquiry = Enquiry.objects.select_for_update().get(pk=message.enquiry_id)
    row = Outbox.objects.filter(pk=message.pk)
    if message.kind == Outbox.Kind.ACKNOWLEDGEMENT and enquiry.answers and enquiry.answers.email not in ("", *to):
        row.update(next_try_at=timezone.now(), attempts=0, problem="")
    else:
        row.update(state=Outbox.State.SENT, sent_at=timezone.now(), problem="")


@transaction.atomic
def _not_sent(message, fault):
    log.warning("a mail was not sent: %s", type(fault).__name__)
    _set_problem(message, mail.in_words(fault))
    if not mail.is_for_good(fault) and message.attempts + 1 < MOST_ATTEMPTS:
        return
    Outbox.objects.filter(pk=message.pk).update(state=Outbox.State.FAILED)
    if message.kind in Outbox.TO_PATIENT:
        message.enquiry.record("mail_failed")


@transaction.atomic
def send_again(enquiry, key, by):
    """Queue an e-mail again that could not be sent; return whether there was one."""
    failed = enquiry.outbox.filter(pk=key, state=Outbox.State.FAILED)
    owed = failed.update(state=Outbox.State.QUEUED, attempts=0, next_try_at=timezone.now(), problem="")
    if owed:
        enquiry.record("mail_again", actor=by)
    return bool(owed)


def _set_problem(message, words):
    Outbox.objects.filter(pk=message.pk).update(problem=words)


def waiting_because():
    """Why mail is not going out, for staff to see, or ""."""
    if not mail.can_send():
        return "Not sent: no mail server set." if Outbox.objects.filter(state=Outbox.State.QUEUED).exists() else ""
    overdue = timezone.now() - 2 * FIRST_WAIT
    if Outbox.objects.due(overdue).exists():
        return "Mail has been waiting for over 10 minutes. Is “manage.py tick” running?"
    return ""
