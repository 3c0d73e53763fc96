"""Somebody asks for their data, or to have them erased: look for all that is held, choose what is theirs, go on.

What is looked for is posted, never in an address, and written down only as "an e-mail address" or "a phone number".
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from siweb.clinics.models import Clinic
from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.privacy import complaints, subject_access, subject_search

from . import access_recording
from .privacy_home import MANAGE

_UNREADABLE = "Enter a whole e-mail address, or a phone number with its area code{}."
_OR_REFERENCE = ", or a reference such as SIJ-7F3K"


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def disclosure(request):
    """Everything that is held about an e-mail address or a phone number, as one file."""
    title, asked, found = "Everything held about somebody", *_searched(request, with_reference=False)
    if found is None or "file" not in request.POST:
        return _page(request, "staff/enquiries/disclosure.html", title, asked, found)
    chosen = [match.enquiry for match in found.matches if match.enquiry.reference in request.POST.getlist("reference")]
    theirs = [one for one in found.complaints if str(one.pk) in request.POST.getlist("complaint")]
    if not chosen and not theirs:
        problem = "Nothing was ticked. Tick what is about this person, then make the file again."
        return _page(request, "staff/enquiries/disclosure.html", title, asked, found, problem)
    return _file(request, asked, chosen, theirs)


def _file(request, asked, chosen, theirs):
    about = ", ".join([f"by {asked.kind}", *(complaints.number(complaint) for complaint in theirs)])
    references = [enquiry.reference for enquiry in chosen]
    access_recording.recorded("disclosed", request.user, about=about[:200], references=references)
    now = timezone.now()
    context = {
        "clinic": Clinic.current(),
        "now": now,
        "kind": asked.kind,
        "enquiries": [(enquiry.reference, list(subject_access.everything(enquiry))) for enquiry in chosen],
        "complaints": [subject_access.of_complaint(complaint) for complaint in theirs],
    }
    response = HttpResponse(render_to_string("staff/enquiries/everything_held.html", context))
    response.headers["Content-Disposition"] = f'attachment; filename="everything-held-{timezone.localdate(now)}.html"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def to_erase(request):
    """What could be erased, each with the way to its own page, where it is confirmed."""
    return _page(
        request,
        "staff/enquiries/to_erase.html",
        "Erase what somebody sent us",
        *_searched(request, with_reference=True),
    )


def _searched(request, *, with_reference):
    """(what was asked for, what was found), each None where there is none. It is written down before it is shown."""
    asked = subject_search.read(request.POST.get("who", ""))
    if asked is None or asked.kind == "reference" and not with_reference:
        return None, None
    found = subject_search.find(asked)
    if "file" not in request.POST:
        purpose = "to erase" if with_reference else "to disclose"
        about = f"by {asked.kind}, {purpose}: {subject_search.describe(found)}"
        access_recording.recorded("searched", request.user, about=about[:200], references=found.references)
    return asked, found


def _page(request, template, title, asked, found, problem=""):
    erases = template == "staff/enquiries/to_erase.html"
    if request.method == "POST" and asked is None:
        problem = _UNREADABLE.format(_OR_REFERENCE if erases else "")
    context = frame(request, title) | {
        "asked": asked,
        "found": found,
        "problem": problem,
        "typed": request.POST.get("who", ""),
        "erases": erases,
        "people": found.people if found else 0,
        "complaints": [(one, complaints.number(one), complaints.standing(one)) for one in found.complaints]
        if found
        else [],
    }
    return TemplateResponse(request, template, context, status=422 if problem else 200)
