"""What reception writes to a patient by e-mail: a canned reply, filled in and changed as they like, sent once by the outbox.

The words are kept as the note of the event that says who wrote them, so that erasing an enquiry empties them too.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Outbox

from .greetings import greeting_name

NO_ADDRESS = "There is no e-mail address to write to. Ring them, or put one in under “Correct the phone or e-mail”."


def reader_of(answers):
    """The name of the person who is written to: the patient, or the person who asks for them and is to be contacted."""
    return answers.asker if answers.ring == "asker" else answers.name


def filled(reply, enquiry):
    """(subject, text) of a canned reply for one enquiry."""
    return reply.filled(name=greeting_name(reader_of(enquiry.answers)), reference=enquiry.reference)


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
