"""Data-protection complaints: each is acknowledged within 30 days, answered, and kept as long as enquiries are."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from siweb.enquiries.casework.workflow import StaleError
from siweb.enquiries.models import Complaint, DeskEvent


def unfinished():
    """Those that are not closed, the oldest first."""
    return Complaint.objects.filter(closed_on=None)


def to_acknowledge():
    return unfinished().filter(acknowledged_on=None)


def number(complaint):
    """What staff call it: it has no reference of its own."""
    return f"complaint {complaint.pk}"


def standing(complaint, today=None):
    """How it stands, in words: "acknowledge by 4 December, in 9 days"."""
    if complaint.closed_on:
        return f"closed on {_day(complaint.closed_on)}"
    if complaint.acknowledged_on:
        return f"acknowledged on {_day(complaint.acknowledged_on)}, to be answered"
    left = (complaint.acknowledge_by - (today or timezone.localdate())).days
    return f"acknowledge by {_day(complaint.acknowledge_by)}, {_away(left)}"


def _away(days):
    """A number of days from today: "in 9 days", "today", "3 days overdue"."""
    if days == 0:
        return "today"
    many = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"in {many}" if days > 0 else f"{many} overdue"


def _day(day):
    return f"{day.day} {day:%B %Y}"


@transaction.atomic
def save(complaint, *, by, version=None):
    """Keep what was typed. `version` is the one that was seen, or None for a new complaint. Raises StaleError."""
    if version is None:
        complaint.recorded_by = by
    elif not Complaint.objects.filter(pk=complaint.pk, version=version).update(version=F("version") + 1):
        raise StaleError
    else:
        complaint.version = version + 1
    before = Complaint.objects.filter(pk=complaint.pk).first()
    complaint.save()
    DeskEvent.record("complaint", actor=by, **told(complaint, _what_changed(before, complaint)))


def told(complaint, what):
    """What the desk's event about a complaint says."""
    references = [complaint.enquiry.reference] if complaint.enquiry else []
    return {"about": f"{number(complaint)} {what}", "references": references}


def _what_changed(before, now):
    if before is None:
        return "recorded"
    if now.closed_on and not before.closed_on:
        return "closed"
    if before.closed_on and not now.closed_on:
        return "reopened"
    return "acknowledged" if now.acknowledged_on and not before.acknowledged_on else "changed"


def past_their_time(kept_since):
    """Those that were closed before the clinic's months. One that is about a held enquiry is held with it."""
    free = Q(enquiry=None) | Q(enquiry__hold_reason="")
    return Complaint.objects.filter(free, closed_on__lt=timezone.localdate(kept_since))


@transaction.atomic
def purge(kept_since):
    """Delete those whose time is over, with a receipt, and return how many."""
    gone = list(past_their_time(kept_since))
    if gone:
        which = ", ".join(str(complaint.pk) for complaint in gone)
        DeskEvent.record(
            "purged_complaints", about=f"complaints past their retention period: {which}"[:200], count=len(gone)
        )
        Complaint.objects.filter(pk__in=[complaint.pk for complaint in gone]).delete()
    return len(gone)
