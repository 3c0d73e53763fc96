"""New from a phone call: the patient's questions asked aloud, saved for the person who holds the phone.

What was ticked of "tell us first" comes back on this page while something is still to be fixed, for nothing typed is
lost; once it is saved, only clinicians see it.
"""

import uuid

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from siweb.clinics.models import Clinic
from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.casework import duplicates, workflow
from siweb.enquiries.intake import submission
from siweb.enquiries.models import Enquiry
from siweb.enquiries.questions.urgent_signs import urgent_levels

from . import access_recording
from .phone_form import CallForm

WORK = "enquiries.work_on_enquiry"
_MOST = 10  # possible duplicates that are shown: the newest


@for_those_who(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request):
    """The form, or saving it. Possible duplicates stop nobody: they are shown once, before it is saved."""
    clinic = Clinic.current()
    if request.method != "POST":
        return _shown(request, CallForm(clinic=clinic), clinic)
    form = CallForm(request.POST, clinic=clinic)
    if not form.is_valid():
        return _shown(request, form, clinic, status=422)
    if clinic.closed:
        return _shown(request, form, clinic, status=403)
    found = {enquiry.reference for enquiry in _same_contact(request, form)}
    if found - set(request.POST.getlist("seen")):
        return _shown(request, form, clinic, asks=True, status=409)
    enquiry = _saved(request, form, clinic)
    messages.success(request, f"Saved, and it is yours. Tell the caller the reference: {enquiry.reference}")
    return redirect("admin:enquiries_enquiry_change", enquiry.pk)


@transaction.atomic
def _saved(request, form, clinic):
    """Keep it, once however often the button is pressed, and give it to the person who took the call."""
    source = Enquiry.Source.PHONE
    enquiry = submission.receive(_key(request), form.said(), clinic=clinic, source=source)
    if enquiry.state == Enquiry.State.NEW:
        kinds = workflow.kinds_of(request.user)
        workflow.make(enquiry, "claim", version=enquiry.version, who=kinds, by=request.user)
    return enquiry


@for_those_who(WORK)
@require_POST
def same_contact(request):
    """A part of the page: who has asked already from this number or address, and what may have been misheard."""
    form = CallForm(request.POST, clinic=Clinic.current())
    form.is_valid()  # the rest is not filled in yet
    return TemplateResponse(request, "staff/enquiries/_same_contact.html", _doubts(request, form))


def _shown(request, form, clinic, *, asks=False, status=200):
    context = frame(request, "New from a phone call") | {
        "form": form,
        "key": _key(request),
        "red_signs": urgent_levels(),
        "closed": clinic.closed,
        "asks": asks,
    }
    if form.is_bound:
        context |= _doubts(request, form)
    return TemplateResponse(request, "staff/enquiries/phone_call.html", context, status=status)


def _doubts(request, form):
    """What a page shows of the number and the address that were typed. The look at other enquiries is recorded first."""
    found = _same_contact(request, form)
    if found:
        references = [enquiry.reference for enquiry in found]
        access_recording.recorded(
            "searched", request.user, about="same phone or e-mail as a caller", references=references
        )
    return {"found": found, "number": form.number, "slip": form.email_slip}


def _same_contact(request, form):
    """Other enquiries from this number or address, the newest first."""
    phone, email = form.number.number if form.number else "", form.cleaned_data.get("email", "")
    known = duplicates.of_contact(phone, email).exclude(submission_key=_key(request)).select_related("owner")
    return list(known[:_MOST])


def _key(request):
    """The key of the form that was sent, or a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
