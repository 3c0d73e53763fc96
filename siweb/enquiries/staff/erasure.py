"""Erasing one enquiry because its person asks: what goes and what stays, the reference typed again, the certificate."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.casework.references import read_reference
from siweb.enquiries.models import Certificate, Enquiry
from siweb.enquiries.privacy import certificate, complaints, traces

from .privacy_home import MANAGE


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def erasure(request, pk):
    enquiry = get_object_or_404(Enquiry, pk=pk)
    if made := Certificate.objects.filter(enquiry=enquiry).first():
        return _certificate(request, made)
    if request.method != "POST" or enquiry.state == Enquiry.State.ERASED:
        return _page(request, enquiry)
    if read_reference(request.POST.get("reference", "")) != enquiry.reference:
        problem = f"That is not the reference of this enquiry, so nothing was erased. Type {enquiry.reference}."
        return _page(request, enquiry, [problem], status=422)
    try:
        made = certificate.erase(enquiry, by=request.user)
    except ValidationError as held:
        return _page(request, enquiry, held.messages, status=409)
    return _certificate(request, made)


def _certificate(request, made):
    context = {"certificate": made, "remains": traces.WHAT_REMAINS, "noindex": True, "canonical": ""}
    return render(request, "staff/enquiries/certificate.html", context)


def _page(request, enquiry, problems=(), status=200):
    context = frame(request, f"Erase {enquiry.reference}") | {
        "enquiry": enquiry,
        "problems": problems,
        "typed": request.POST.get("reference", ""),
        "goes": certificate.what_goes(enquiry),
        "stay": [(complaints.number(one), complaints.standing(one)) for one in enquiry.complaints.all()],
        "remains": traces.WHAT_REMAINS,
    }
    return TemplateResponse(request, "staff/enquiries/erasure.html", context, status=status)
