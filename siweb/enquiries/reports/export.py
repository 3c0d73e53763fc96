"""Enquiries as a workbook for the practice manager: which ones, what of each, and in which pieces it is sent.

What was ticked on the "tell us first" list is not among the columns, and is not even read.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from siweb.clinics.working_days import start_of
from siweb.core import xlsx
from siweb.core.models import name_of
from siweb.enquiries.models import Enquiry, EnquiryEvent
from siweb.enquiries.questions.forms import FIRST, KNOWS, NEEDS, RING, TIMES, VOICEMAIL

IN_ONE_GO = 100  # enquiries
PAUSE = 0.005  # seconds after each, for others who use the site: without any, a request waited for over a second

NEVER = (Enquiry.State.SPAM, Enquiry.State.ERASED)


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    width: int  # in letters
    cell: Callable  # the text of it, from an Enquiry that knows its notes


def _moment(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _in_words(keys, choices):
    wordings = dict(choices)
    return ", ".join(wordings.get(key, key) for key in keys if key)


def _owner(enquiry):
    return name_of(enquiry.owner)


def _place(enquiry):
    return str(enquiry.answers.place or "no preference")


ABOUT = (
    Column("reference", "Reference", 12, lambda e: e.reference),
    Column("received", "Received", 17, lambda e: _moment(e.created_at)),
    Column("source", "Came by", 10, lambda e: e.get_source_display()),
    Column("state", "State", 22, lambda e: e.get_state_display()),
    Column("outcome", "Outcome", 14, lambda e: e.get_outcome_display()),
    Column("call", "Clinician’s call", 24, lambda e: e.get_call_display()),
    Column("due", "Reply due", 17, lambda e: _moment(e.due_at)),
    Column("replied", "First reply", 17, lambda e: _moment(e.first_reply_at)),
    Column("owner", "With", 20, _owner),
    Column("follow_up", "Waiting until", 17, lambda e: _moment(e.follow_up_at)),
)
PERSON = (
    Column("name", "Name", 28, lambda e: e.answers.name),
    Column("phone", "Phone", 17, lambda e: e.answers.phone),
    Column("phone_raw", "Phone as typed", 17, lambda e: e.answers.phone_raw),
    Column("email", "E-mail", 30, lambda e: e.answers.email),
    Column("first", "Try first", 10, lambda e: _in_words([e.answers.first], FIRST)),
    Column("voicemail", "May we leave a message", 12, lambda e: _in_words([e.answers.voicemail], VOICEMAIL)),
    Column("times", "Good times", 24, lambda e: _in_words(e.answers.times, TIMES)),
    Column("place", "Clinic", 24, _place),
    Column("needs", "Needs", 30, lambda e: _in_words(e.answers.needs, NEEDS)),
    Column("language", "Language", 14, lambda e: e.answers.language),
    Column("asker", "Asked for by", 28, lambda e: e.answers.asker),
    Column("relation", "What they are to them", 16, lambda e: e.answers.relation),
    Column("knows", "Do they know", 16, lambda e: _in_words([e.answers.knows], KNOWS)),
    Column("ring", "Whom to ring", 24, lambda e: _in_words([e.answers.ring], RING)),
)
WORDS = (
    Column("phone_note", "Words beside the phone", 24, lambda e: e.answers.phone_note),
    Column("words", "Anything else", 60, lambda e: e.answers.words),
    Column("notes", "Notes of staff", 60, lambda e: "\n".join(e.notes)),
)
COLUMNS = ABOUT + PERSON + WORDS


def received_between(first, last):
    """The enquiries of these days, both included; no spam, and nothing that was erased."""
    after_the_last = start_of(last + timedelta(days=1))
    return Enquiry.objects.filter(created_at__gte=start_of(first), created_at__lt=after_the_last).exclude(
        state__in=NEVER
    )


def file_name(first, last):
    return f"enquiries-{first}-to-{last}.xlsx"


def file_of(enquiries, columns):
    """(how many they are, the bytes of their workbook piece by piece).

    Which ones is settled now. What is erased or found to be spam before its turn comes is left out.
    """
    keys = list(enquiries.order_by("created_at", "pk").values_list("pk", flat=True))
    headings = [(column.heading, column.width) for column in columns]
    return len(keys), xlsx.workbook("Enquiries", headings, _rows(keys, columns))


def _rows(keys, columns):
    """Lists of rows. None is read before its turn, and no transaction stays open: the person who fetches the file may be slow."""
    for start in range(0, len(keys), IN_ONE_GO):
        yield [
            [column.cell(enquiry) for column in columns] for enquiry in _read(keys[start : start + IN_ONE_GO], columns)
        ]
        time.sleep(PAUSE)


def _read(keys, columns):
    enquiries = Enquiry.objects.exclude(state__in=NEVER).select_related("answers__place", "owner")
    found = enquiries.defer("answers__tell").in_bulk(keys)
    if any(column.key == "notes" for column in columns):
        _add_notes(found)
    return [found[key] for key in keys if key in found]


def _add_notes(enquiries):
    for enquiry in enquiries.values():
        enquiry.notes = []
    for event in EnquiryEvent.objects.filter(enquiry__in=enquiries).exclude(note="").order_by("at", "id"):
        enquiries[event.enquiry_id].notes.append(f"{_moment(event.at)} {event.actor_name}: {event.note}")
