"""The desk's list: permanent tabs, not filters, so that nothing is out of sight because somebody forgot one."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from siweb.enquiries.casework import workflow
from siweb.enquiries.mail import outbox, urgent

from . import access_recording, bulk_actions
from . import tabs as desk
from .clinician_queue import to_call
from .list_rows import rows_of
from .pagination import page_of


@require_safe
def listing(request):
    tabs = {tab.key: tab for tab in desk.tabs_of(request.user)}
    if not tabs:
        raise PermissionDenied
    chosen = tabs.get(request.GET.get("tab", "")) or next(iter(tabs.values()))
    queues = desk.queues_of(request.user)
    counted = {key: queues[key] for key, tab in tabs.items() if tab.counted}
    counts = desk.counts(request.user, counted | {"unopened": urgent.unopened(timezone.now())})
    if chosen.key == "call" and workflow.CLINICIAN in workflow.kinds_of(request.user):
        return to_call(request, desk.frame(request, "Patients to call", chosen, counts))
    pks, links = page_of(queues[chosen.key], chosen.order, request.GET)
    rows = rows_of(pks, queues["overdue"])
    access_recording.recorded(
        "listed", request.user, about=chosen.label, references=[row.enquiry.reference for row in rows]
    )
    context = desk.frame(request, "Enquiries", chosen, counts) | {
        "rows": rows,
        "actions": bulk_actions.possible(rows),
        "problem": outbox.waiting_because(),
        "unopened": counts["unopened"],
        **{name: f"?{urlencode({'tab': chosen.key, way: point})}" for name, (way, point) in links.items()},
    }
    return TemplateResponse(request, "staff/enquiries/list.html", context)
