"""A hold: an enquiry that has to be kept, for a reason, and is neither purged nor erased until somebody lifts it.

Nobody holds for good: every six months a practice manager gives the reason again, or lifts it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siweb.clinics.working_days import add_months
from siweb.enquiries.casework.workflow import StaleError
from siweb.enquiries.models import Enquiry

MONTHS = 6  # until it is reviewed
LONGEST_REASON = Enquiry._meta.get_field("hold_reason").max_length

# What can be done: the event that it leaves, and whether the enquiry is held before and after.
ACTS = {"hold": ("held", False, True), "keep": ("hold_kept", True, True), "lift": ("hold_lifted", True, False)}


@transaction.atomic
def act(enquiry, what, *, version, by, reason=""):
    """Hold an enquiry, keep it on for six more months, or lift its hold.

    Raises StaleError when it is not at `version` any more, and ValidationError for what is not possible.
    """
    verb, before, after = ACTS[what]
    reason = " ".join(reason.replace("\0", "").split())  # PostgreSQL keeps no such letter
    if after and not reason:
        raise ValidationError("Write the reason: it is what the next review goes by.")
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"The reason is {len(reason)} characters long. Shorten it to {LONGEST_REASON}.")
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if enquiry.version != version or bool(enquiry.hold_reason) != before:
        raise StaleError
    if enquiry.state == Enquiry.State.ERASED:
        raise ValidationError("This enquiry is erased already: there is nothing left to hold.")
    enquiry.hold_reason = reason if after else ""
    enquiry.hold_review = add_months(timezone.localdate(), MONTHS) if after else None
    enquiry.version = F("version") + 1
    enquiry.save(update_fields=["hold_reason", "hold_review", "version"])
    enquiry.refresh_from_db()
    enquiry.record(verb, actor=by, note=reason)
    return enquiry


def to_review(today=None):
    """The held enquiries whose review is due, the oldest first."""
    return Enquiry.objects.held().filter(hold_review__lte=today or timezone.localdate()).order_by("hold_review")
