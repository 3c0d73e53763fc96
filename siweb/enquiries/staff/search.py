"""The desk's search. What was typed names people, so it travels in a form and stands in no address, log or event."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from siweb.enquiries.casework import search as searching
from siweb.enquiries.casework import workflow

from . import access_recording, bulk_actions, tabs
from .list_rows import rows_of
from .pagination import PAGE

LONGEST = 254  # characters, of the longest e-mail address


def search(request):
    if workflow.RECEPTION not in workflow.kinds_of(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("admin:enquiries_enquiry_changelist")  # there is nothing to search for in an address
    typed = " ".join(request.POST.get("words", "").replace("\0", "").split())[:LONGEST]
    context = {"typed": typed, "most": PAGE}
    try:
        kind, pks = searching.find(typed, PAGE + 1)
    except ValidationError as problem:
        return _shown(request, context | {"problem": problem.message})
    rows = rows_of(pks[:PAGE], tabs.queues_of(request.user)["overdue"])
    references = [row.enquiry.reference for row in rows]
    access_recording.recorded("searched", request.user, about=f"by {kind}", references=references)
    has_more = len(pks) > PAGE
    return _shown(request, context | {"rows": rows, "has_more": has_more, "actions": bulk_actions.possible(rows)})


def _shown(request, context):
    return TemplateResponse(request, "staff/enquiries/found.html", tabs.frame(request, "Search in enquiries") | context)
