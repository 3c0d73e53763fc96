"""Telephone numbers: the clinic's own, and those of patients as they type them.

One reader serves the clinic's facts, the forms, the desk's search, duplicates, subject access and erasure. A number is
stored as E.164 (+441632960001); one for text relay keeps its prefix, and is stored as it is dialled (1800101632960001).
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError

MAX_LENGTH = 200  # characters of a text in which numbers are looked for
_MAX_GROUPS = 20  # of digits in one number
_DIGITS = range(7, 18)  # of a number, with what is dialled before it from abroad
_MIN_DIGITS = 6  # of what is taken for a number that cannot be found in the lists
_RUN = re.compile(r"\d+(?:[\s().,/·+-]+\d+)*")  # digits and what may be between them, but no letters
_GROUP = re.compile(r"\d+")
_RELAY = re.compile(r"1800[12](?=\+?(?:0|44))")  # the UK's text relay: https://www.relayuk.bt.com
_TIME = r"\d{1,2}(?:[.:]?\d\d)?"
_TIMES = re.compile(rf"{_TIME}\s*[-/]\s*{_TIME}|\d{{1,2}}[.:]\d\d|24/7")  # "9-5", "9.30", "1/12"
_LETTER_O = re.compile(r"(?<![^\W\d])[oO](?=[\d ]*\d{3})|(?<=\d)[oO](?=\d)")

# Numbers that the regulator keeps free for films and examples, such as 01632 960000 to 960999, without the 0 or +44.
_FICTION = re.compile(
    r"(?:\+44|0044)?0?(?:(?:1632960|1914980|2079460|2896496|2890180|2920180|3069990|7700900|8081570|9098790)\d{3}"
    r"|1(?:1[3-8]|[2-6]1)4960\d{3})"
)


@dataclass(frozen=True)
class Number:
    """A number that was found in a text, and where."""

    number: str  # as it is stored
    is_doubtful: bool  # it could exist by its length, but no such number has been given out
    is_certain: bool  # nobody could read the text in another way
    start: int
    end: int


@dataclass(frozen=True)
class Phone:
    """What somebody typed as their telephone number."""

    raw: str  # as it was typed
    number: str  # as it is stored: the first, which is rung
    doubtful: bool  # it could exist by its length, but no such number has been given out
    note: str  # the rest of the text: "after 5", "or 01632 960002"
    is_certain: bool = True  # whether it can only be read in this way
    others: tuple = ()  # further numbers, as they are stored


def read_phone(text):
    """Return a Phone, or None where no possible number is in the text. A number without + is British."""
    plain = _plain(text)
    numbers = _numbers_in(plain)
    if not numbers:
        return None
    first = numbers[0]
    rest = f"{plain[: first.start]} {plain[first.end :]}"
    return Phone(
        raw=text,
        number=first.number,
        doubtful=first.is_doubtful,
        note=_trimmed(rest),
        is_certain=first.is_certain,
        others=tuple(dict.fromkeys(other.number for other in numbers[1:] if other.number != first.number)),
    )


def _trimmed(note):
    """Return a note without the marks that were between it and the number, and without brackets around all of it."""
    note = re.sub(r"\(\s*\)", " ", " ".join(note.split())).strip(" ,;:-/&.")
    return match[1] if (match := re.fullmatch(r"\(([^()]*)\)", note)) else note


def find_numbers(text):
    """Return every telephone number of a text as a Number, in order.

    Those that the lists know, or that have as many digits as such numbers have, are found among other digits; where there
    are none, all the digits that are next to one another must be a possible number: a part of them may be somebody else's.
    """
    return _numbers_in(_plain(text))


def _numbers_in(plain):
    runs = [match.span() for match in _RUN.finditer(plain, 0, MAX_LENGTH)]
    found = [number for run in runs for number in _whole_numbers(plain, *run)]
    return found or [number for run in runs if (number := _possible_number(plain, *run))]


def _plain(text):
    """Digits of every script as 0 to 9, dashes as one, and a letter O that is meant as a 0; as many characters as before."""
    return _LETTER_O.sub("0", "".join(map(_plain_character, text)))


def _plain_character(character):
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Pd" or character == "\u2212":
        return "-"
    return {"＋": "+", "（": "(", "）": ")"}.get(character, " " if character.isspace() else character)


def _whole_numbers(text, start, end):
    """Yield the numbers in a run of digits: each begins and ends with a group of digits as it was typed."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    at = 0
    while at < len(groups):
        begin = _opened(text, groups[at][0])
        readings = _readings(text, begin, groups[at : at + _MAX_GROUPS])
        if not readings and "+" in text[begin : groups[at][0]]:
            return  # a country that does not exist; the rest is not a number of ours
        if not readings:
            at += 1
            continue
        chosen = max(readings)
        parsed, relay = readings[chosen]
        is_certain = len(readings) == 1 and not _is_loose(text, groups[at + chosen : at + chosen + 1], end)
        last = groups[at + chosen - 1][1]
        yield _number(parsed, _stored(parsed, relay), is_certain, begin, _closed(text, begin, last))
        at += chosen


def _readings(text, begin, groups):
    """Return {how many groups: (its parsed number, its relay prefix)} of what may be one number from here on."""
    found = {}
    for count, (_, end) in enumerate(groups, start=1):
        if found and _TIMES.match(text, groups[min(found)][0] if min(found) < len(groups) else end):
            break  # hours follow
        relay, digits = _without_relay(text[begin:end])
        if sum(map(str.isdecimal, digits)) not in _DIGITS:
            continue
        if (parsed := _parsed(digits)) and _is_whole(parsed, digits):
            found[count] = parsed, relay
    return found


def _is_loose(text, groups, end):
    """Whether digits follow that may belong to the number: "12", but neither "9-5" nor "14 Dec", nor another number."""
    if not groups:
        return False
    first, last = groups[0]
    if _TIMES.match(text, first) or last - first > 4 or text[first - 1] in "(,/":
        return False
    return not re.match(r"\s?[^\W\d]", text[end:])


def _possible_number(text, start, end):
    """Return the Number that all of a run is, if one is possible at all."""
    begin = _opened(text, start)
    if sum(map(str.isdecimal, text[start:end])) < _MIN_DIGITS:
        return None
    relay, digits = _without_relay(text[begin:end])
    for written in (digits, "+" + digits):
        if (parsed := _parsed(written)) and phonenumbers.is_possible_number(parsed):
            is_known = relay or "+" in written or phonenumbers.is_valid_number(parsed)
            # What no list knows is stored as it was typed: its 0 may belong to another country.
            number = _stored(parsed, relay) if is_known else re.sub(r"\D", "", written)
            return _number(parsed, number, False, begin, _closed(text, begin, end))
    return None


def _opened(text, start):
    """Return the start of a number, with the + and brackets before it."""
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def _closed(text, begin, end):
    """Return the end of a number, with the bracket that closes one in it."""
    return end + (text[end : end + 1] == ")" and "(" in text[begin:end])


def _without_relay(written):
    """Return (the text relay's prefix or "", the rest) of a number as it was written."""
    digits = re.sub(r"[^\d+]", "", written)
    if match := _RELAY.match(digits):
        return match[0], digits[match.end() :]
    return "", written


def _parsed(written):
    """Return what libphonenumber makes of one number, British where it has no country; None where it is none."""
    digits = re.sub(r"[^\d+(]", "", written)
    digits = re.sub(r"^[+(]*\+|^\(?00(?=[1-9])", "+", digits)
    digits = re.sub(r"^(\+\d{1,3})\(0(?=\d)", r"\1", digits).replace("(", "")  # +44 (0)1632: without the 0 from abroad
    digits = re.sub(r"^\+0(?=\d{10}$)", "0", digits)  # +07700 900123
    try:
        return phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return None


def _is_whole(parsed, written):
    """Whether a number is known, or is written as a British one with as many digits as new numbers have."""
    if phonenumbers.is_valid_number(parsed):
        return True
    national, digits = str(parsed.national_number), re.sub(r"\D", "", written)
    is_british = parsed.country_code == 44 and (digits[0] in "07" or digits[:2] == "44")
    return is_british and len(national) == 10 and national[0] in "123578"


def _stored(parsed, relay):
    """Return a number as it is stored: E.164, or with the prefix of text relay as it is dialled."""
    if relay and parsed.country_code == 44:
        return f"{relay}0{parsed.national_number}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _number(parsed, stored, is_certain, start, end):
    return Number(stored, not phonenumbers.is_valid_number(parsed), is_certain, start, end)


def say_phone(number):
    """Return a stored number as people in the UK read it: "01632 960001", or international for others."""
    relay, digits = _without_relay(number)
    parsed = phonenumbers.parse(digits, "GB")
    form = phonenumbers.PhoneNumberFormat
    if parsed.country_code != 44:
        said = phonenumbers.format_number(parsed, form.INTERNATIONAL)
    elif phonenumbers.is_valid_number(parsed):
        said = phonenumbers.format_number(parsed, form.NATIONAL)
    else:  # the library would leave out the 0
        said = f"0{parsed.national_number}"
        said = f"{said[:5]} {said[5:]}" if len(said) == 11 else said
    return f"{relay} {said}".strip()


def digits_of(phone):
    """Return the digits that say which number it is, without text relay, +44 or the first 0: all ways of writing it are one."""
    digits = _RELAY.sub("", re.sub(r"\D", "", _plain(phone)), count=1)
    return re.sub(r"^(?:00)?(?:44)?0?", "", digits)


def pattern_of(digits):
    """Return a regular expression that finds these digits in any text, whatever blanks and marks are between them."""
    return r"[\s().,/+-]*".join(digits)


def dialled(phone):
    """Return what a phone link dials: "01632 960001" is +441632960001; a number that no list knows, as it is written."""
    numbers = find_numbers(phone)
    known = numbers and (not numbers[0].is_doubtful or is_fiction(numbers[0].number) or numbers[0].number[0] != "+")
    return numbers[0].number if known else re.sub(r"[^\d+]", "", phone)


def is_fiction(phone):
    return bool(_FICTION.fullmatch(re.sub(r"[^\d+]", "", phone)))


def validate_phone(phone):
    if not re.fullmatch(r"\+?[0-9 ()-]{3,24}", phone) or len(re.sub(r"\D", "", phone)) < 3:
        raise ValidationError(f'"{phone}" is not a phone number. Write digits and spaces, such as 01632 960001.')
