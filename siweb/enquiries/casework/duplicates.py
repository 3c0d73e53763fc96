"""Whether somebody has asked already: the same phone number or e-mail address within 30 days. A hint, which stops nobody."""

from datetime import timedelta

from django.utils import timezone

from siweb.core.phone_numbers import digits_of
from siweb.enquiries.models import Enquiry, Key

WITHIN = timedelta(days=30)


def of(enquiry):
    """The others from the same phone or e-mail that came within 30 days of this one, before or after; the newest first."""
    said = enquiry.answers
    return _near(enquiry.created_at, _contacts(said.phone, said.email) if said else []).exclude(pk=enquiry.pk)


def of_contact(phone, email, except_for=None):
    """Those that came from a phone number, however it is written, or an e-mail within the last 30 days; the newest first."""
    found = _near(timezone.now(), _contacts(phone, email))
    return found.exclude(pk=except_for.pk) if except_for else found


def among(enquiries):
    """The keys of those, of a page of a list, that have a possible duplicate anywhere: one query for all of them."""
    contacts = {e: _contacts(e.answers.phone, e.answers.email) for e in enquiries if e.answers}
    if not contacts:
        return set()
    arrivals = [enquiry.created_at for enquiry in contacts]
    known = Key.objects.filter(
        word__in={word for words in contacts.values() for word in words},
        received__range=(min(arrivals) - WITHIN, max(arrivals) + WITHIN),
    ).values_list("word", "enquiry", "received")
    by_word = {}
    for word, pk, at in known:
        by_word.setdefault(word, []).append((pk, at))
    return {
        enquiry.pk
        for enquiry, words in contacts.items()
        for word in words
        if any(pk != enquiry.pk and abs(at - enquiry.created_at) <= WITHIN for pk, at in by_word.get(word, ()))
    }


def _contacts(phone, email):
    """What a number and an address are found by, as search.py keeps it."""
    return [word for word in (digits_of(phone), email.strip().lower()) if word]


def _near(moment, contacts):
    """What came within 30 days of a moment from any of these. What was erased is found by nothing."""
    found = Key.objects.filter(word__in=contacts, received__range=(moment - WITHIN, moment + WITHIN))
    return Enquiry.objects.filter(pk__in=found.values("enquiry")).order_by("-created_at")
