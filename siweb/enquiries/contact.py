"""Phone numbers and e-mail addresses as people type them."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

import phonenumbers

_NUMBER = re.compile(r"[+＋(]?\d[\d\s().\-\u2010-\u2015\u2212/]{4,}\d")
_HOURS = re.compile(r"\d{1,2}([.:]\d\d)?[-\u2010-\u2015]\d{1,2}([.:]\d\d)?|\d{1,2}[.:]\d\d")  # "9-5" beside a number

# What most people in the UK have; an address that is nearly one of these is asked about, never changed.
COMMON_DOMAINS = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk", "live.com"),
    *("yahoo.com", "yahoo.co.uk", "icloud.com", "btinternet.com", "sky.com", "aol.com", "nhs.net", "talktalk.net"),
    *("virginmedia.com", "msn.com", "mail.com", "proton.me", "protonmail.com", "ntlworld.com", "blueyonder.co.uk"),
    *("email.com", "ymail.com", "rocketmail.com", "me.com", "gmx.com", "gmx.co.uk", "tiscali.co.uk", "o2.co.uk"),
)


@dataclass(frozen=True)
class Phone:
    raw: str  # as it was typed
    number: str  # E.164: +441632960001
    doubtful: bool  # it could exist by its length, but no such number has been given out
    note: str  # words that stood beside it: "after 5"


def read_phone(text):
    """A Phone, or None where no number that could exist stands in the text. A number without + is British."""
    found = _NUMBER.search(text)
    parts = list(re.finditer(r"\S+", found[0])) if found else []
    for count in range(len(parts), 0, -1):
        if not all(_HOURS.fullmatch(part[0].strip("()")) for part in parts[count:]):
            break  # a number with digits too many is not cut to somebody else's
        end = found.start() + parts[count - 1].end()
        if number := _possible_number(text[found.start() : end]):
            return Phone(
                raw=text,
                number=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
                doubtful=not phonenumbers.is_valid_number(number),
                note=" ".join(f"{text[: found.start()]} {text[end:]}".split()).strip(" ,;:()-"),
            )
    return None


def _possible_number(text):
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def say_phone(number):
    """A stored number as people in the UK read it: "01632 960001", or international for others."""
    parsed = phonenumbers.parse(number, "GB")
    national = parsed.country_code == 44
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def likely_meant(address):
    """The address that was perhaps meant, or "": maria@gmial.com was perhaps maria@gmail.com."""
    local, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in COMMON_DOMAINS:
        return ""
    near = get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.85)
    return f"{local}@{near[0]}" if near else ""
