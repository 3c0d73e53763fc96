"""The private link of an enquiry: 192 random bits, of which only a digest is stored."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from siweb.enquiries.models import Enquiry

LASTS = timedelta(days=30)
_OVER = (Enquiry.State.CLOSED, Enquiry.State.ERASED)


def make_link(enquiry):
    """A new token for an enquiry, or "" for one that is closed; the one before ends."""
    token = secrets.token_urlsafe(24)
    still_open = Enquiry.objects.filter(pk=enquiry.pk, spam_confirmed=False).exclude(state__in=_OVER)
    made = still_open.update(link_hash=_digest(token), link_until=timezone.now() + LASTS)
    return token if made else ""


def enquiry_of(token):
    """The enquiry that a token opens, or None: unknown, past its retention period and closed are not told apart."""
    return (
        Enquiry.objects.filter(link_hash=_digest(token), link_until__gt=timezone.now())
        .select_related("answers")
        .first()
    )


def _digest(token):
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
