"""Patients to call: the list that clinicians see, the oldest first, with whatever they need to know before they ring."""

from django.db.models import Prefetch
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from siweb.enquiries.models import Enquiry, EnquiryEvent

from . import access_recording, clinician
from .clinician import ATTEMPTS, Patient
from .pagination import page_of


def to_call(request, frame):
    """Who needs a call, the oldest first, and what this clinician has answered since yesterday."""
    pks, links = page_of(Enquiry.objects.needs_a_call(), "created_at", request.GET)
    waiting, answered = _patients(pks), _patients(clinician.answered_by(request.user).values_list("pk", flat=True))
    shown = [patient.enquiry.reference for patient in (*waiting, *answered)]
    access_recording.recorded("listed", request.user, about="Patients to call", references=shown)
    pages = {name: f"?{urlencode({'tab': 'call', way: point})}" for name, (way, point) in links.items()}
    context = frame | pages | {"waiting": waiting, "answered": answered}
    return TemplateResponse(request, "staff/enquiries/to_call.html", context)


def _patients(pks):
    events = Prefetch("events", EnquiryEvent.objects.filter(verb__in=ATTEMPTS))
    found = Enquiry.objects.filter(pk__in=pks).select_related("answers", "answers__place").prefetch_related(events)
    return [Patient(enquiry) for enquiry in found.order_by("created_at", "pk")]
