"""Whose data somebody asks for: all that is held about an e-mail address, a phone number or a reference."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from siweb.core import phone_numbers
from siweb.enquiries.casework import search
from siweb.enquiries.casework.references import read_reference
from siweb.enquiries.models import Answers, Complaint, Enquiry, EnquiryEvent

from . import complaints

_REFERENCE = re.compile(r"\s*sij\W*[a-z0-9]{4,}\s*", re.IGNORECASE)
_WORDED = ("name", "asker", "relation", "phone_raw", "phone_note", "language", "words")  # where words are typed freely


@dataclass
class Asked:
    """What was typed, as it is looked for."""

    kind: str  # "e-mail address", "phone number", "reference": all that is written down of it
    key: str

    @cached_property
    def _pattern(self):
        is_number = self.kind == "phone number"
        return re.compile(phone_numbers.pattern_of(self.key) if is_number else re.escape(self.key), re.IGNORECASE)

    def is_in(self, text):
        """Whether it is in a text, whatever its letters' case and the marks between its digits.

        Asked here and not of the database, whose language may not know that I and i are one letter.
        """
        return bool(self._pattern.search(text))


@dataclass
class Match:
    """An enquiry that holds something about them, and why it was found."""

    enquiry: Enquiry
    why: str
    names: list = field(default_factory=list)
    asked_by_another: bool = False


@dataclass
class Found:
    matches: list
    complaints: list

    @property
    def references(self):
        return [match.enquiry.reference for match in self.matches]

    @property
    def people(self):
        """How many different names there are; one that was corrected is nobody else's."""
        return len({tuple(search.words_of(match.enquiry.answers.name)) for match in self.matches})


def read(text):
    """What somebody typed as an Asked, or None where it is none of the three."""
    text = text.strip()
    if "@" in text and not re.search(r"\s", text):
        return Asked("e-mail address", text.lower())
    if _REFERENCE.fullmatch(text):
        return Asked("reference", read_reference(text))
    if phone := phone_numbers.read_phone(text):
        return Asked("phone number", phone_numbers.digits_of(phone.number))
    return None


def find(asked):
    """Everything that is held about them, the newest first; where several people share a number, about all of them."""
    if asked.kind == "reference":
        enquiries = Enquiry.objects.filter(reference=asked.key).exclude(state=Enquiry.State.ERASED)
        why = {enquiry.pk: "its reference" for enquiry in enquiries}
    else:
        why = _why(asked)
    enquiries = Enquiry.objects.filter(pk__in=why).select_related("answers").prefetch_related("all_answers")
    matches = [_match(enquiry, why[enquiry.pk]) for enquiry in enquiries.order_by("-created_at")]
    return Found(matches, _complaints(asked, why))


def _why(asked):
    """{key of an enquiry: why it is about them}."""
    notes = EnquiryEvent.objects.exclude(note="").values_list("enquiry", "note").iterator()
    answers = Answers.objects.values_list("enquiry", *_WORDED).iterator()
    why = {enquiry: f"a note names the {asked.kind}" for enquiry, note in notes if asked.is_in(note)}
    why |= {enquiry: "it is in the text" for enquiry, *texts in answers if any(map(asked.is_in, texts))}
    theirs = Answers.objects.filter(keys__word=asked.key).values_list("enquiry", flat=True)
    return why | dict.fromkeys(theirs, f"the {asked.kind} to reach them by")


def _match(enquiry, why):
    answers = list(enquiry.all_answers.all())
    names = list(dict.fromkeys(one.name for one in answers))
    return Match(enquiry, why, names, any(one.who == "other" for one in answers))


def _complaints(asked, enquiries):
    """There are few, and people write their contact as they like: each is read."""
    found = []
    for complaint in Complaint.objects.select_related("enquiry"):
        text = "\n".join((complaint.contact, complaint.name, complaint.words, complaint.outcome))
        said = read(complaint.contact)
        theirs = said and (said.kind, said.key) == (asked.kind, asked.key)
        if theirs or complaint.enquiry_id in enquiries or asked.is_in(text):
            found.append(complaint)
    return found


def describe(found):
    """How much was found, in words that name nobody: "2 enquiries, complaint 3"."""
    enquiries = len(found.matches)
    said = [f"{enquiries} enquir{'y' if enquiries == 1 else 'ies'}"]
    return ", ".join(said + [complaints.number(complaint) for complaint in found.complaints])
