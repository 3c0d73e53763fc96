"""Patients to call: the list that clinicians see, with what they need to know before they ring.

What reception has passed on as urgent is first, then the oldest.
"""

from django.db.models import F, Prefetch
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from siweb.enquiries.models import Enquiry, EnquiryEvent

from . import access_recording, clinician
from .clinician import ATTEMPTS, Patient
from .pagination import page_of


def to_call(request, frame):
    """Who needs a call now, who needs one, and what this clinician has answered since yesterday."""
    rest = Enquiry.objects.needs_a_call().filter(passed_on_at=None)
    pks, links = page_of(rest, "created_at", request.GET)
    to_call = _patients(Enquiry.objects.filter(pk__in=pks) | Enquiry.objects.passed_on())
    answered = _patients(clinician.answered_by(request.user))
    shown = [patient.enquiry.reference for patient in (*to_call, *answered)]
    access_recording.recorded("listed", request.user, about="Patients to call", references=shown)
    pages = {name: f"?{urlencode({'tab': 'call', way: point})}" for name, (way, point) in links.items()}
    context = (
        frame
        | pages
        | {
            "urgent": [patient for patient in to_call if patient.enquiry.passed_on_at],
            "waiting": [patient for patient in to_call if not patient.enquiry.passed_on_at],
            "answered": answered,
        }
    )
    return TemplateResponse(request, "staff/enquiries/to_call.html", context)


def _patients(enquiries):
    events = Prefetch("events", EnquiryEvent.objects.filter(verb__in=ATTEMPTS))
    found = enquiries.select_related("answers", "answers__place", "passed_on_by").prefetch_related(events)
    return [Patient(enquiry) for enquiry in found.order_by(F("passed_on_at").asc(nulls_last=True), "created_at", "pk")]
