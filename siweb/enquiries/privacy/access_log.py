"""Who looked at what, and who did what: the events of single enquiries and of the desk, as one list without names of patients.

Its rows are written once. They are kept as long as the records of erased enquiries, and hold references and names
of staff only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from siweb.clinics.working_days import start_of
from siweb.enquiries.casework.timeline import DID
from siweb.enquiries.models import DeskEvent, EnquiryEvent

SHOWN = 50

# What somebody did at the desk, after their name; for single enquiries see timeline.py.
_AT_THE_DESK = {
    "clock_confirmed": "confirmed",
    "complaint": "data protection",
    "disclosed": "made a file of what is held",
    "exported": "exported",
    "listed": "saw a list",
    "purged": "erased",
    "purged_complaints": "deleted",
    "searched": "searched",
}


@dataclass(frozen=True)
class Act:
    """One line of the list."""

    at: datetime
    kind: int  # of two at the same moment, the desk's come first
    id: int
    who: str
    what: str
    references: tuple
    count: int
    enquiry: object = None  # the key of its enquiry, where it has a page

    @property
    def place(self):
        """Where it stands: what comes after it in the list is older."""
        return (self.at, self.kind, self.id)


def in_words(verb):
    return _AT_THE_DESK.get(verb) or DID.get(verb) or verb.replace("_", " ")


def acts(*, who=None, reference="", day=None, before=None, most=SHOWN):
    """What staff did, the newest first: (so many of it, where to go on or None). `before` is such a place."""
    single = EnquiryEvent.objects.filter(actor__isnull=False).select_related("enquiry")
    desk = DeskEvent.objects.all()
    if who:
        single, desk = single.filter(actor=who), desk.filter(actor=who)
    if reference:
        single, desk = single.filter(enquiry__reference=reference), naming(reference, desk)
    if day:
        begins, ends = start_of(day), start_of(day + timedelta(days=1))
        single, desk = (events.filter(at__gte=begins, at__lt=ends) for events in (single, desk))
    found = [_of_one(event) for event in _older(single, 0, before)[: most + 1]]
    found += [_of_the_desk(event) for event in _older(desk, 1, before)[: most + 1]]
    found.sort(key=lambda act: act.place, reverse=True)
    shown = found[:most]
    return shown, (shown[-1].place if len(found) > most else None)


def naming(reference, events):
    """The desk's events that name an enquiry. It reads them all: nobody needs it often."""
    return events.annotate(named=Cast("references", TextField())).filter(named__contains=f'"{reference}"')


def _older(events, kind, before):
    events = events.order_by("-at", "-id")
    if before is None:
        return events
    at, of_kind, id = before
    if kind > of_kind:
        return events.filter(at__lt=at)
    return events.filter(at__lte=at) if kind < of_kind else events.filter(Q(at__lt=at) | Q(id__lt=id), at__lte=at)


def _of_one(event):
    reference = (event.enquiry.reference,)
    return Act(event.at, 0, event.pk, event.actor_name, in_words(event.verb), reference, 1, event.enquiry_id)


def _of_the_desk(event):
    what = f"{in_words(event.verb)}{f': {event.about}' if event.about else ''}"
    return Act(event.at, 1, event.pk, event.actor_name or "the site", what, tuple(event.references), event.count)
