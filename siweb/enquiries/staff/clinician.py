"""Patients to call: what clinicians see of enquiries, and the summary that they print for the clinical record.

They see what needs their call, and for a day what they have answered themselves: to print it, or to correct it by a note.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import ceil

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from siweb.core.models import name_of
from siweb.core.staff_pages import age_of, for_those_who, frame
from siweb.enquiries.casework import timeline
from siweb.enquiries.casework.workflow import CLINICIAN, MOVES
from siweb.enquiries.mail.urgent import SEE_TICKS
from siweb.enquiries.models import Enquiry, EnquiryEvent
from siweb.enquiries.questions import screening

from . import access_recording, contact_details, next_in_queue

ANSWERED_LATELY = timedelta(hours=24)

CALLS = [move.action for move in MOVES if CLINICIAN in move.who and move.call]
ANSWERS = [move.action for move in MOVES if move.action in CALLS and move.call != Enquiry.Call.OPEN]
ATTEMPTS = ["reached", "no_answer", "left_message", "not_reached"]


def in_reach(user):
    """The enquiries that a clinician may open."""
    return Enquiry.objects.needs_a_call() | answered_by(user)


def answered_by(user):
    """What a clinician has answered within the last day."""
    lately = EnquiryEvent.objects.filter(actor=user, verb__in=ANSWERS, at__gt=timezone.now() - ANSWERED_LATELY)
    return Enquiry.objects.filter(pk__in=lately.values("enquiry")).exclude(state=Enquiry.State.ERASED)


@dataclass(frozen=True)
class Patient:
    """Somebody to call, as a clinician reads it."""

    enquiry: Enquiry

    @property
    def said(self):
        return self.enquiry.answers

    @property
    def age(self):
        """How long they have waited; "" in the first minute."""
        return age_of(self.enquiry.created_at)

    @property
    def passed_on_by(self):
        return name_of(self.enquiry.passed_on_by)

    @property
    def whom(self):
        return contact_details.whom(self.said)

    @property
    def for_another(self):
        return contact_details.for_another(self.said)

    @property
    def phone(self):
        return contact_details.phone(self.said)

    @property
    def times(self):
        return contact_details.times(self.said)

    @property
    def needs(self):
        return contact_details.badges(self.said)

    @property
    def told(self):
        return screening.told(self.said.tell)

    @cached_property
    def attempts(self):
        """Who has tried to reach them, the latest first."""
        events = [event for event in self.enquiry.events.all() if event.verb in ATTEMPTS]
        return [(event, timeline.sentence(event)) for event in sorted(events, key=lambda event: event.pk, reverse=True)]


def of_one(enquiry, user):
    """What a clinician reads on the page of one enquiry, beside what every page of one has."""
    return {
        "patient": Patient(enquiry),
        "earlier": contact_details.history(enquiry)[1:],
        "answer": enquiry.events.filter(verb__in=ANSWERS).last() if enquiry.call != Enquiry.Call.OPEN else None,
        "events": timeline.lines(enquiry.events.order_by("-at", "-id"), user),
        "following": next_in_queue.following(enquiry, "call", user),
    }


@for_those_who(SEE_TICKS)
@require_safe
def summary(request, pk):
    """One page for the clinical record, because enquiries are erased. Opening it is recorded as printing it."""
    enquiry = get_object_or_404(in_reach(request.user).select_related("answers", "answers__place"), pk=pk)
    answerers = enquiry.events.filter(verb__in=CALLS).values("actor")
    of_the_call = Q(verb__in=CALLS) | Q(verb="note", actor__in=answerers)
    events = list(enquiry.events.filter(of_the_call).order_by("at", "pk"))
    access_recording.printed(enquiry, request.user)
    context = frame(request, f"Summary {enquiry.reference}") | {
        "patient": Patient(enquiry),
        "events": timeline.lines(events),
        "size": _size([enquiry.answers.words, *(event.note for event in events)]),
    }
    return TemplateResponse(request, "staff/enquiries/summary.html", context)


def _size(texts):
    """How large its letters may be for one sheet, by the lines that the longer texts need."""
    lines = sum(ceil(len(line) / 110) for text in texts for line in text.splitlines())
    return "usual" if lines <= 20 else "small" if lines <= 40 else "smallest"
