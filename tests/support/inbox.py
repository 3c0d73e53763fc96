"""Enquiries as a clinic gets them over the years, written straight into the database; seeded, so the same each time.

`fill(1000, 40, owners)` makes a thousand, of which forty stand in each of the queues that somebody works through.
"""

import random
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from siweb.enquiries.casework.references import ALPHABET
from siweb.enquiries.casework.search import made_keys
from siweb.enquiries.models import Answers, Enquiry, EnquiryEvent, Key

FIRST = ("Maria", "Ben", "Zoë", "Tom", "Aisha", "Łukasz", "Grace", "Omar", "Nia", "Siân", "Raj", "Ewa", "Joe", "Ann")
LAST = tuple(
    f"{start}{end}"
    for start in ("Ash", "Bar", "Cole", "Den", "Fal", "Gre", "Hart", "Kel")
    for end in ("by", "ton", "well", "ford", "man", "son", "field", "wick")
)
WORDS = "The pain has been there for months and is worse after I have been sitting for a while. I would like to come."
IN_ONE_GO = 20_000  # every writing touches all of the indexes, whose keys come in no order

State, Call = Enquiry.State, Enquiry.Call

# What somebody works through: each of them in each queue.
WORKING = (
    {"state": State.NEW},
    {"state": State.NEW, "late": True},
    {"state": State.NEW, "call": Call.OPEN},
    {"state": State.IN_PROGRESS, "mine": True},
    {"state": State.IN_PROGRESS},
    {"state": State.WAITING},
    {"state": State.SPAM, "spam_reason": "trap"},
)
# What is over: of twenty, so many.
OVER = (
    *[{"state": State.ERASED, "outcome": "booked"}] * 12,
    *[{"state": State.CLOSED, "outcome": "booked"}] * 5,
    *[{"state": State.CLOSED, "outcome": "no_response"}] * 2,
    {"state": State.SPAM, "spam_reason": "trap", "spam_confirmed": True},
)


def fill(count, working, owners, first=0, seed=1):
    """So many enquiries; `owners` are (who looks, a colleague). `first` keeps the numbers of a second filling apart."""
    chance, now = random.Random(seed), timezone.now()
    kinds = [kind for kind in WORKING for _ in range(working)]
    numbered = enumerate([*kinds, *(chance.choice(OVER) for _ in range(count - len(kinds)))], first)
    made = (_one(number, kind, owners, chance, now) for number, kind in numbered)
    while some := list(islice(made, IN_ONE_GO)):
        _write(some)


def _one(number, kind, owners, chance, now):
    """(an enquiry, its answers or None) of one kind."""
    kind = dict(kind)
    late, mine, state = kind.pop("late", False), kind.pop("mine", False), kind["state"]
    over = state in (State.CLOSED, State.ERASED) or "spam_confirmed" in kind
    age = timedelta(days=730 if state == State.ERASED else 30) * chance.random() + timedelta(
        days=600 if state == State.ERASED else 0
    )
    age = age if over else timedelta(hours=chance.uniform(1, 72))
    enquiry = Enquiry(
        reference=f"SIJ-{_letters(number)}",
        created_at=now - age,
        last_activity_at=now - age / 2,
        due_at=now - timedelta(hours=chance.uniform(1, 20)) if late else now + timedelta(hours=chance.uniform(1, 50)),
        **kind,
    )
    if state in (State.IN_PROGRESS, State.WAITING):
        enquiry.owner = owners[0 if mine else 1]
    if state == State.WAITING:
        enquiry.follow_up_at = now + timedelta(days=chance.uniform(-2, 9))
    if state == State.ERASED:
        enquiry.erased_at = now
        return enquiry, None
    answers = Answers(
        enquiry=enquiry,
        at=enquiry.created_at,
        who="me",
        name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        phone=f"+4477{number:08d}",
        email=f"patient{number}@example.org",
        first=chance.choice(["phone", "email"]),
        voicemail="yes",
        times=["morning"],
        needs=chance.choice([[], [], [], ["interpreter"], ["large-print", "step-free"]]),
        tell=["diabetes"] if "call" in kind else [],
        words=WORDS,
    )
    enquiry.answers_id = answers.pk
    return enquiry, answers


def _letters(number):
    """A number as a reference is written, six letters long."""
    letters = ""
    for _ in range(6):
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters


@transaction.atomic
def _write(made):
    Enquiry.objects.bulk_create(enquiry for enquiry, _ in made)
    said = Answers.objects.bulk_create(answers for _, answers in made if answers)
    Key.objects.bulk_create((key for answers in said for key in made_keys(answers)), batch_size=IN_ONE_GO)
    EnquiryEvent.objects.bulk_create((_event(e, "received") for e, _ in made), batch_size=IN_ONE_GO)
    opened = (e for e, _ in made if e.state not in (State.NEW, State.SPAM))
    EnquiryEvent.objects.bulk_create((_event(e, "viewed") for e in opened), batch_size=IN_ONE_GO)


def _event(enquiry, verb):
    return EnquiryEvent(
        enquiry=enquiry, verb=verb, at=enquiry.created_at, from_state=enquiry.state, to_state=enquiry.state
    )


def one_new(number=900_000):
    """One more that nobody has taken."""
    _write([_one(number, {"state": State.NEW}, (), random.Random(number), timezone.now())])
