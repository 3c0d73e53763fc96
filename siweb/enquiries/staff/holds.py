"""Holding an enquiry: a form with a reason, where it stands, and what was said about it before."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import access_log, holds

from .privacy_home import MANAGE, version_in

_DONE = {
    "hold": "{} is held: it is neither purged nor erased. Look again in six months.",
    "keep": "{} stays held for six more months.",
    "lift": "The hold of {} is lifted.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def hold(request, pk):
    enquiry = get_object_or_404(Enquiry, pk=pk)
    if request.method != "POST":
        return _page(request, enquiry)
    what = request.POST.get("do", "")
    try:
        if what not in holds.ACTS:
            raise ValidationError("Press one of the buttons below.")
        holds.act(
            enquiry,
            what,
            version=version_in(request.POST),
            by=request.user,
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as problem:
        enquiry.refresh_from_db()
        return _page(request, enquiry, problem.messages, status=409)
    messages.success(request, _DONE[what].format(enquiry.reference))
    return redirect("admin:enquiries_enquiry_hold", pk)


def _page(request, enquiry, problems=(), status=200):
    before = enquiry.events.filter(verb__in=[verb for verb, *_ in holds.ACTS.values()]).order_by("-at", "-id")
    context = frame(request, f"Hold: {enquiry.reference}") | {
        "enquiry": enquiry,
        "problems": problems,
        "typed": request.POST.get("reason", ""),
        "longest": holds.LONGEST_REASON,
        "before": [(event, access_log.in_words(event.verb)) for event in before],
    }
    return TemplateResponse(request, "staff/enquiries/hold.html", context, status=status)
