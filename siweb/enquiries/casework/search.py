"""The words by which an enquiry is found: of names, numbers and addresses, each as somebody would type it again.

A number is kept forwards and backwards, so that both its beginning and its end are the beginning of a word.
"""

import re
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError

from siweb.core.name_folding import stored_words, typed_ways, words_of
from siweb.core.phone_numbers import digits_of, read_phone
from siweb.enquiries.models import Enquiry, Key

from .references import read_reference

FEWEST_DIGITS = 4  # of a phone number
_MOST_WORDS = 6  # of a name that somebody searches for
_LONGEST = Key._meta.get_field("word").max_length
_BACKWARDS = "<"  # before a number that is written backwards; it is in no name and no address


def keys_of(answers):
    """The words of one Answers: "Zoë O'Neill" is found by "zoe" and "oneill", +441614960000 by "1614960000"."""
    words = {*stored_words(answers.name), *stored_words(answers.asker), answers.email.lower()}
    phone = read_phone(answers.phone_raw)  # in which there may be more than one
    for number in {answers.phone, *(phone.others if phone else ())} - {""}:
        words |= {digits_of(number), _backwards(digits_of(number))}
    return sorted(word[:_LONGEST] for word in words if word)


def _backwards(digits):
    return _BACKWARDS + digits[::-1]


def made_keys(answers):
    """The rows that say by which words these answers are found, not written yet."""
    enquiry = answers.enquiry
    return [Key(answers=answers, enquiry=enquiry, received=enquiry.created_at, word=word) for word in keys_of(answers)]


def keep_keys(answers):
    """Write down by which words these answers are found."""
    Key.objects.bulk_create(made_keys(answers))


def find(typed, most):
    """(what kind of thing was typed, the keys of at most so many enquiries that it finds, the newest first).

    Raises ValidationError where it is too little to find anybody by.
    """
    kind, ways = _read(typed)
    by_reference = list(Enquiry.objects.filter(reference=read_reference(typed)).values_list("pk", flat=True))
    by_words = sorted({row for way in ways for row in _found(way, most)}, reverse=True)
    pks = dict.fromkeys([*by_reference, *(pk for _, pk in by_words)])
    return "reference" if by_reference else kind, list(pks)[:most]


def _found(way, most):
    """(when it came, its key) of the newest enquiries that have one row of each of these Key rows."""
    found = way[0].order_by("-received", "-enquiry")
    for keys in way[1:]:
        found = found.filter(enquiry__in=keys.values("enquiry"))
    return found.values_list("received", "enquiry").distinct()[:most]


def _read(typed):
    """(kind, ways) of what was typed: a way is Key rows of which an enquiry must have one of each.

    A reference is read as a name.
    """
    if "@" in typed:
        return "e-mail", [[Key.objects.beginning("".join(typed.lower().split()))]]
    words = words_of(typed)[:_MOST_WORDS]
    if not words:
        raise ValidationError("Type a name, a phone number, an e-mail address or a reference, then press “Search”.")
    if not all(word.isdecimal() for word in words):
        ways = typed_ways(typed, _MOST_WORDS)
        return "name", [[_beginning_with_any(words) for words in way] for way in ways]
    digits = re.sub(r"\D", "", typed)
    if len(digits) < FEWEST_DIGITS:
        raise ValidationError(f"Type at least {FEWEST_DIGITS} digits of the phone number, then press “Search”.")
    return "phone", [[Key.objects.beginning(digits_of(typed)) | Key.objects.beginning(_backwards(digits))]]


def _beginning_with_any(words):
    return reduce(or_, map(Key.objects.beginning, sorted(words)))
