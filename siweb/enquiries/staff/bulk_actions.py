"""Several enquiries at once: ticked in a list, named on a page to confirm, and each moved only if it is as it was seen."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format

from siweb.enquiries.casework import timeline, workflow
from siweb.enquiries.models import Enquiry

from . import access_recording, tabs
from .list_rows import rows_of
from .pagination import PAGE


@dataclass(frozen=True)
class Action:
    key: str  # of the move in workflow.py
    label: str
    what: str  # will happen


ACTIONS = (
    Action("claim", "Claim selected", "Each becomes yours and is in progress."),
    Action("spam", "Mark as spam", "Each goes to “Spam”, nobody answers it, and it is erased after 30 days."),
    Action("no_response", "Close as no response", "Each is closed with the outcome “no response”."),
)
BY_KEY = {action.key: action for action in ACTIONS}


def possible(rows):
    """The actions that at least one of these rows can take."""
    moves = [(action, workflow.BY_ACTION[action.key]) for action in ACTIONS]
    return [action for action, move in moves if any(not workflow.refusal(row.enquiry, move) for row in rows)]


def bulk(request):
    """The page to confirm, and, confirmed, the doing."""
    if workflow.RECEPTION not in workflow.kinds_of(request.user):
        raise PermissionDenied
    action, seen = BY_KEY.get(request.POST.get("do", "")), _seen(request.POST.getlist("row"))
    back = tabs.address_of(request.POST.get("tab", ""))
    if action is None:
        return redirect(back)
    if not seen:
        messages.warning(request, f"Nothing was ticked. Tick those that you mean, then press “{action.label}” again.")
        return redirect(back)
    if request.POST.get("confirmed") != "yes":
        return _to_confirm(request, action, seen)
    _report(request, [(pk, _moved(pk, version, action, request.user)) for pk, version in seen.items()])
    return redirect(back)


def _seen(ticked):
    """{key: the version that was seen} of the rows that were ticked, such as "1c…:3"."""
    seen = {}
    for row in ticked[:PAGE]:
        pk, _, version = row.partition(":")
        try:
            seen[UUID(pk)] = int(version)
        except ValueError:
            continue
    return seen


def _to_confirm(request, action, seen):
    rows = rows_of(seen, tabs.queues_of(request.user)["overdue"])
    access_recording.recorded(
        "listed",
        request.user,
        about=f"to confirm: {action.label}",
        references=[row.enquiry.reference for row in rows],
    )
    move = workflow.BY_ACTION[action.key]
    left_out = {row: _why_not(row.enquiry, move, seen[row.enquiry.pk], request.user) for row in rows}
    context = tabs.frame(request, action.label) | {
        "action": action,
        "tab": request.POST.get("tab", ""),
        "back": tabs.address_of(request.POST.get("tab", "")),
        "taken": [row for row, why in left_out.items() if not why],
        "left_out": [(row, why) for row, why in left_out.items() if why],
    }
    return TemplateResponse(request, "staff/enquiries/bulk.html", context)


def _why_not(enquiry, move, version, user):
    """Why an enquiry is left out, or ""."""
    return what_happened(enquiry, user) if enquiry.version != version else workflow.refusal(enquiry, move)


def _moved(pk, version, action, user):
    """Move one; why it could not be moved, or ""."""
    enquiry = Enquiry.objects.filter(pk=pk).first()
    if enquiry is None:
        return "it is not there any more."
    try:
        workflow.make(enquiry, action.key, version=version, who=workflow.kinds_of(user), by=user)
    except workflow.StaleError:
        return what_happened(enquiry, user)
    except ValidationError as problem:
        return problem.message
    return ""


def what_happened(enquiry, user):
    """What has changed an enquiry last: "Rita Reception claimed this at 10:42."."""
    event = enquiry.events.exclude(verb="viewed").last()
    at = timezone.localtime(event.at)
    day = "" if at.date() == timezone.localdate() else f"on {date_format(at, 'j F')} "
    return f"{timeline.sentence(event, user)} {day}at {at:%H:%M}."


def _report(request, outcomes):
    """ "4 done, 1 skipped: …", by reference, for the message passes through a cookie."""
    references = dict(Enquiry.objects.filter(pk__in=dict(outcomes)).values_list("pk", "reference"))
    skipped = [f"{references.get(pk, '')}: {why}" for pk, why in outcomes if why]
    said = f"{len(outcomes) - len(skipped)} done"
    if not skipped:
        messages.success(request, f"{said}.")
    else:
        messages.warning(request, f"{said}, {len(skipped)} skipped. {' '.join(skipped)}")
