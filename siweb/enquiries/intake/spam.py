"""What keeps machines from filling the clinic's day, without a puzzle: a trap, a clock and a count for each address.

A machine's mark is only a mark: the page and the acknowledgement are the usual ones, and a person decides.
"""

import contextlib
import ipaddress
import re
import time
from datetime import timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

from siweb.enquiries.models import AddressCount

# A field that people do not see. No browser, password manager or form filler keeps anything under this name: one that filled
# it in would turn its owner into a machine.
TRAP = "second_topic"
LEAST_SECONDS = 3  # between a form's coming and its going; nobody types a name and a number faster
MOST_AN_HOUR = 60  # from one address: a hospital or a phone network may share one
MOST_MARKED_AN_HOUR = 4
KEPT = timedelta(hours=2)  # for so long a count

_FREE_TEXTS = ("name", "asker", "relation", "language", "phone_note", "words")
_LINK = re.compile(r"https?:|\bwww\.|<\s*a\b|\[/?(?:url|link)\b|\w\.[a-z]{2,}/\w", re.IGNORECASE)
_MOST_CAPITALS_INSIDE = 3  # as in MacDonald-MacKenzie

_clock = signing.TimestampSigner(salt="siweb.enquiries.began")


class TooManyError(Exception):
    """This address has sent too many enquiries within the hour."""


def begin():
    """A sealed "now" for a form to carry."""
    return _clock.sign("began")


def suspicion(posted):
    """Why what was posted looks like a machine's: "trap", "fast", or ""."""
    if posted.get(TRAP):
        return "trap"
    try:
        began = signing.b62_decode(signing.Signer.unsign(_clock, posted.get("began", "")).rpartition(":")[2])
    except signing.BadSignature:
        return ""  # not known to be bad: the form is an old one, or the site's key has changed since it was opened
    return "fast" if 0 <= time.time() - began <= LEAST_SECONDS else ""  # before 0: our own clock has gone back


def looks_machine_made(said):
    """Whether answers (fields of Answers) hold what machines write and patients do not: links, or random letters.

    Only asked of what is marked already: a person may send a link too.
    """
    texts = [said[name] for name in _FREE_TEXTS if said[name]]
    copied = said["words"] and said["words"] in (said["name"], said["asker"])
    return bool(copied) or any(_LINK.search(text) or _is_random(text) for text in texts)


def _is_random(text):
    """Whether a word changes from small to capital letters as no name does: eAtcDgUHQpnMv."""
    return any(len(re.findall(r"[a-z](?=[A-Z])", word)) > _MOST_CAPITALS_INSIDE for word in text.split())


def count(address, *, marked):
    """Count one more from an address within this hour. Raises TooManyError past the limit; roll back then."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    all_in_this_hour, marked_in_it = AddressCount.add(_scrambled(address, hour), hour, marked)
    if all_in_this_hour > MOST_AN_HOUR or marked_in_it > MOST_MARKED_AN_HOUR:
        raise TooManyError


def forget(now):
    """Remove the counts of the hours that are over, and those that a clock left in the future."""
    return AddressCount.objects.exclude(hour__range=(now - KEPT, now + KEPT)).delete()[0]


def _scrambled(address, hour):
    """The same for one address within one hour, and for nobody to turn back. IPv6 is counted by the network of a house."""
    with contextlib.suppress(ValueError):  # whatever else a proxy wrote is its own name
        parsed = ipaddress.ip_address(address)
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        address = str(ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed)
    return salted_hmac("siweb.enquiries.address", f"{hour.isoformat()} {address}", algorithm="sha256").hexdigest()
