"""Telephone numbers: the clinic's own, and those of patients as they type them."""

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError

_NUMBER = re.compile(r"[+＋(]?\d[\d\s().\-\u2010-\u2015\u2212/]{4,}\d")
_HOURS = re.compile(r"\d{1,2}([.:]\d\d)?[-\u2010-\u2015]\d{1,2}([.:]\d\d)?|\d{1,2}[.:]\d\d")  # "9-5" beside a number

# Numbers that the regulator keeps free for films and examples, such as 01632 960000 to 960999, without the 0 or +44.
_FICTION = re.compile(
    r"(?:\+44|0044)?0?(?:(?:1632960|1914980|2079460|2896496|2890180|2920180|3069990|7700900|8081570|9098790)\d{3}"
    r"|1(?:1[3-8]|[2-6]1)4960\d{3})"
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


def digits_of(phone):
    """The digits that say which number it is, without +44 or the first 0, so that both ways of writing it are one."""
    return re.sub(r"^(?:00)?(?:44)?0?", "", re.sub(r"\D", "", phone))


def dialled(phone):
    """The digits as a phone link dials them: "01632 960001" is +441632960001; a short code stays as it is."""
    digits = re.sub(r"[^\d+]", "", phone)
    return "+44" + digits[1:] if len(digits) > 4 and digits.startswith("0") and not digits.startswith("00") else digits


def is_fiction(phone):
    return bool(_FICTION.fullmatch(re.sub(r"[^\d+]", "", phone)))


def validate_phone(phone):
    if not re.fullmatch(r"\+?[0-9 ()-]{3,24}", phone) or len(re.sub(r"\D", "", phone)) < 3:
        raise ValidationError(f'"{phone}" is not a phone number. Write digits and spaces, such as 01632 960001.')
