"""Many enquiries that an export takes away, written straight into the database (tests/support/inbox.py: the desk's queues)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from siweb.enquiries.models import Answers, Enquiry, EnquiryEvent

IN_ONE_GO = 1000
NAMES = ("Maria Okafor", "Tom O’Neill", "Zoë Gonçalves", "Aisha Khan", "李 Wei", "Siân Prys-Jones", "Ewan MacLeod")
WORDS = "It hurts on the left, low down, since the birth of my second child. Sitting is worst.\n" * 3


def make_enquiries(count):
    """So many enquiries of the last year, of different people, each with its words and a note of staff; no search finds them."""
    now = timezone.now()
    for start in range(0, count, IN_ONE_GO):
        numbers = range(start, min(start + IN_ONE_GO, count))
        moments = [now - timedelta(days=365) * number / count for number in numbers]
        _make(moments, [_answers(number, at) for number, at in zip(numbers, moments, strict=True)], start)


@transaction.atomic
def _make(moments, answers, first):
    enquiries = [
        Enquiry(
            reference=f"SIJ-{first + place:07}", created_at=at, due_at=at + timedelta(days=1), last_activity_at=at,
            first_reply_at=at + timedelta(hours=1 + place % 30) if place % 9 else None, answers=said,
        )
        for place, (at, said) in enumerate(zip(moments, answers, strict=True))
    ]  # fmt: skip
    Enquiry.objects.bulk_create(enquiries)
    for enquiry, said in zip(enquiries, answers, strict=True):
        said.enquiry = enquiry
    Answers.objects.bulk_create(answers)
    EnquiryEvent.objects.bulk_create(
        EnquiryEvent(enquiry=one, verb="note", from_state="new", to_state="new", note="Rang twice.")
        for one in enquiries
    )


def _answers(number, at):
    return Answers(
        who="me",
        at=at,
        name=f"{NAMES[number % len(NAMES)]} {number}",
        phone=f"+44161{number:07}",
        phone_raw=f"0161 {number:07}",
        email=f"patient{number}@example.org",
        first="phone",
        voicemail="yes",
        times=["morning"],
        needs=["large-print"] if number % 10 == 0 else [],
        words=WORDS,
    )
