"""Patients' data: the way to all that a practice manager has to do about them, each with what waits there."""

from django.core.validators import MaxValueValidator
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import complaints, erasure, holds

MANAGE = "enquiries.manage_enquiries"

# Of a day, as a browser sends it and as people here write it.
INPUT_FORMATS, NO_DAY = ("%Y-%m-%d", "%d/%m/%Y"), "Enter a day, such as 25/11/2026."


def not_in_the_future(day):
    MaxValueValidator(timezone.localdate(), "This day is still to come. Choose today, or a day before.")(day)


@require_safe
@for_those_who(MANAGE)
def data(request):
    past = erasure.past_their_time()
    context = frame(request, "Patients’ data") | {
        "to_erase": past["erase"].count(),
        "nobody": past["nobody"].count(),
        "held": Enquiry.objects.held().count(),
        "to_review": holds.to_review().count(),
        "to_acknowledge": complaints.to_acknowledge().count(),
        "unfinished": complaints.unfinished().count(),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "staff/enquiries/data.html", context)


def version_in(posted):
    """The version that a form was made from; for nonsense one that never was."""
    version = posted.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else -1
