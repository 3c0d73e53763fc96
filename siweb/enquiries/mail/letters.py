"""What reception writes to a patient by e-mail: a canned reply, filled in and changed as they like, sent once by the outbox.

The words are kept as the note of the event that says who wrote them, so that erasing an enquiry empties them too.
"""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Outbox

_TITLES = re.compile(r"(mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sir|dame|lord|lady|rev|reverend)\.?", re.IGNORECASE)
NO_ADDRESS = "There is no e-mail address to write to. Ring them, or put one in under “Correct the phone or e-mail”."


def first_name(full):
    """How somebody is spoken to: "Maria" of "Mrs Maria O'Neill" and of "ONEILL, MARIA"; the whole name where it has none."""
    last, comma, given = full.partition(",")
    words = (given if comma and given.strip() else full).split()
    named = [word for word in words if not _TITLES.fullmatch(word)]
    too_few = len(named) < 2 and len(named) < len(words) and not comma  # "Mrs Okafor"
    if not named or too_few or len(named[0].strip(".")) < 2:
        return full
    return named[0].capitalize() if named[0] in (named[0].upper(), named[0].lower()) else named[0]


def reader_of(answers):
    """The name of the person who is written to: the patient, or the person who asks for them and is to be contacted."""
    return answers.asker if answers.ring == "asker" else answers.name


def filled(reply, enquiry):
    """(subject, text) of a canned reply for one enquiry."""
    return reply.filled(first_name=first_name(reader_of(enquiry.answers)), reference=enquiry.reference)


@transaction.atomic
def send(enquiry, subject, text, *, version, by, note=""):
    """Record it, and queue it. A note for colleagues is kept beside it."""
    if enquiry.answers and not enquiry.answers.email:
        raise ValidationError(NO_ADDRESS)
    who = workflow.kinds_of(by)
    event = workflow.make(enquiry, "letter", version=version, who=who, by=by, note=f"{subject}\n\n{text}")
    Outbox.objects.create(enquiry=enquiry, kind=Outbox.Kind.LETTER, letter=event)
    if note.strip():
        workflow.make(enquiry, "note", version=enquiry.version, who=who, by=by, note=note)


def words_of(event):
    """(subject, text) of a letter that was written."""
    subject, _, text = event.note.partition("\n\n")
    return subject, text
