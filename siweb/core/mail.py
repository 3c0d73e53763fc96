"""Mail of any kind: whether it can go, how one is made, and what a fault of the mail server means."""

import logging
import smtplib
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of an e-mail that was to be sent."""

    SENT = "sent"
    REFUSED = "refused"  # for good: trying again will not help
    LATER = "later"  # the server did not accept this one now
    AWAY = "away"  # the server cannot be used: no other e-mail can be sent either


def can_send():
    """Whether a mail server is set at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def make(template, subject, to, context, reply_to=""):
    """The mail of the templates `template`.txt and .html, such as enquiries/mail/letter, plain text first."""
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def name(mail, words):
    """Let every attempt have the same Message-ID: should a server have taken it without saying so, readers see it once."""
    mail.extra_headers["Message-ID"] = f"<{words}@{urlsplit(settings.SITE_ROOT).hostname}>"


def is_about_this_message(fault):
    """Whether the server answered, and would not take this one mail."""
    return isinstance(fault, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) and not isinstance(
        fault, smtplib.SMTPConnectError | smtplib.SMTPAuthenticationError
    )


def is_for_good(fault):
    """Whether the server said that trying again will not help (5xx)."""
    codes = [fault.smtp_code] if isinstance(fault, smtplib.SMTPResponseException) else []
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
    return is_about_this_message(fault) and bool(codes) and all(500 <= code < 600 for code in codes)


def attempt(mail, what):
    """Send an e-mail, and return the Outcome; `what` names it in the log, such as "a reminder"."""
    try:
        mail.send()
    except OSError as fault:
        log.warning("%s was not sent: %s", what, type(fault).__name__)
        if not is_about_this_message(fault):
            return Outcome.AWAY
        return Outcome.REFUSED if is_for_good(fault) else Outcome.LATER
    return Outcome.SENT


def in_words(fault):
    """What went wrong, in our words: a server's own can hold the address."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused) and is_for_good(fault):
        return "the server does not know this address"
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return "the server did not accept our name and password"
    if isinstance(fault, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return "the server would not take it"
    return "the server did not answer" if isinstance(fault, OSError) else "it could not be made"
