"""The test mail: a code goes to the clinic's mailbox, and the person who reads it there types it in. So mail is known to arrive.

What was proved is one mailbox with one set of mail settings: when either changes, it is to be proved again.
"""

import json
import logging
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from siweb.clinics.models import Clinic, MailTest, OpeningEvent
from siweb.core import mail
from siweb.core.urls import absolute

log = logging.getLogger(__name__)

LASTS = timedelta(hours=1)
TRIES = 5
_SETTINGS = ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")


def send(by):
    """Send a new code, which ends the one before. Raises ValidationError that says why it could not be sent."""
    clinic = Clinic.current()
    if not clinic.email:
        raise ValidationError("The clinic has no mailbox yet. Give one in the clinic's facts, then send the test mail.")
    if not mail.can_send():
        raise ValidationError("No mail server is set. The person who runs the server sets EMAIL_URL and EMAIL_FROM.")
    code = f"{secrets.randbelow(10**6):06}"
    _write_down(code, clinic, by)
    context = {"code": code, "link": absolute(reverse("admin:clinics_clinic_opening")), "minutes": LASTS.seconds // 60}
    try:
        mail.make("launch/mail/test", "A test mail from your website", clinic.email, context).send()
    except OSError as fault:
        log.warning("a test mail was not sent: %s", type(fault).__name__)
        said = mail.in_words(fault)
        raise ValidationError(f"The test mail was not sent: {said}. Check the mailbox and EMAIL_URL.") from None


@transaction.atomic
def _write_down(code, clinic, by):
    about = _digest_of_settings(clinic)
    MailTest.objects.update_or_create(
        pk=1,
        defaults={
            "about": about,
            "code_digest": _digest(code, about),
            "sent_at": timezone.now(),
            "tries_left": TRIES,
            "arrived_at": None,
        },
    )
    OpeningEvent.record("sent a test mail", by=by)


@transaction.atomic
def confirm(typed, by, now=None):
    """Take the code that somebody read in the mailbox; why it is not taken, as a sentence, or ""."""
    now = now or timezone.now()
    test = MailTest.objects.select_for_update().filter(pk=1).first()
    if test is None or not test.code_digest:
        return "No code is waited for. Send a test mail first."
    if now > test.sent_at + LASTS or not test.tries_left or test.about != _digest_of_settings(Clinic.current()):
        return "This code is over: too old, tried too often, or the mailbox has changed. Send another test mail."
    if not constant_time_compare(test.code_digest, _digest(re.sub(r"\D", "", typed), test.about)):
        test.tries_left -= 1
        test.save()
        return "That is not the code of the newest test mail. Copy the six digits from it."
    test.code_digest, test.arrived_at = "", now
    test.save()
    OpeningEvent.record("confirmed that the test mail arrived", by=by)
    return ""


def has_arrived(clinic, test):
    """Whether a test mail has arrived in the mailbox that the clinic has now, by the settings that hold now."""
    return bool(test and test.arrived_at) and test.about == _digest_of_settings(clinic)


def is_waited_for(test, now=None):
    """Whether a code is under way that can still be typed in."""
    return bool(test and test.code_digest and test.tries_left) and (now or timezone.now()) <= test.sent_at + LASTS


def _digest_of_settings(clinic):
    used = [clinic.email, settings.DEFAULT_FROM_EMAIL, *(getattr(settings, f"EMAIL_{name}") for name in _SETTINGS)]
    return salted_hmac("siweb.launch.email_test", json.dumps(used), algorithm="sha256").hexdigest()


def _digest(code, about):
    return salted_hmac("siweb.launch.email_test.code", f"{about} {code}", algorithm="sha256").hexdigest()
