"""Claims that went stale go back to everybody: nobody's enquiry waits for a colleague who is away."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from siweb.clinics import working_days
from siweb.clinics.models import Clinic
from siweb.core.models import name_of
from siweb.enquiries.models import Enquiry

from . import workflow

State = Enquiry.State


def release_stale(now=None):
    """Release what nothing was done about for a whole working day, and what belongs to a disabled account; how many."""
    now = now or timezone.now()
    idle = Q(
        state=State.IN_PROGRESS, last_activity_at__lt=working_days.since_last_working_day(now, Clinic.current())
    )  # who waits for a patient has done their part
    orphaned = Q(state__in=workflow.WORKED_ON, owner__is_active=False)
    stale = Enquiry.objects.filter(idle | orphaned).select_related("owner")
    return sum(_release(enquiry, now) for enquiry in stale)


def _release(enquiry, now):
    """Whether it was released: somebody may have done something about it in this moment."""
    owner = enquiry.owner
    why = "did nothing about it for a whole working day" if owner.is_active else "cannot sign in any more"
    note = f"{name_of(owner)} {why}."
    try:
        workflow.make(enquiry, "release", version=enquiry.version, who=(workflow.CLOCK,), note=note, at=now)
    except ValidationError:
        return False
    return True
