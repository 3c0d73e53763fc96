"""What the clock erases tonight, what it leaves alone and why, and the receipts of the nights before."""

from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from siweb.clinics.models import Clinic
from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.models import DeskEvent, Enquiry
from siweb.enquiries.privacy import complaints, erasure, holds

from .privacy_home import MANAGE

SHOWN = 100  # of each list; the number of all is said
RECEIPTS = 60  # nights


@require_safe
@for_those_who(MANAGE)
def retention(request):
    """References, dates and states: nobody is named, so nobody's looking is written down."""
    past = erasure.past_their_time()
    old = complaints.past_their_time(erasure.kept_since(timezone.now()))
    receipts = DeskEvent.objects.filter(verb__in=(erasure.RECEIPT, "purged_complaints"))
    context = frame(request, "How long we keep enquiries") | {
        "months": Clinic.current().retention,
        "spam_days": erasure.SPAM_DAYS,
        "lists": [
            _list("Erased tonight", past["erase"], "Nothing is past its retention period tonight."),
            _list(
                "Past their retention period, but no one has dealt with them",
                past["nobody"],
                "Everything past its retention period has been dealt with.",
                "These are never erased automatically. Open each one, and answer, close or mark it.",
            ),
            _list("Held", Enquiry.objects.held().order_by("hold_review"), "Nothing is held."),
        ],
        "due": set(holds.to_review().values_list("pk", flat=True)),
        "complaints": [complaints.number(complaint) for complaint in old],
        "receipts": receipts.order_by("-at", "-id")[:RECEIPTS],
    }
    return TemplateResponse(request, "staff/enquiries/retention.html", context)


def _list(heading, enquiries, empty, note=""):
    count = enquiries.count()
    return {
        "heading": heading,
        "count": count,
        "shown": enquiries[:SHOWN],
        "hidden": max(0, count - SHOWN),
        "empty": empty,
        "note": note,
    }
