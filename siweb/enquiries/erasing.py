"""How an enquiry goes: what a person wrote is deleted, notes are emptied, and a tombstone stays.

The tombstone holds the reference, dates, states and outcome, so that "who did what, when" stays true without saying to whom.
"""

import calendar
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from siweb.clinics.models import Clinic

from .models import Enquiry

SPAM_DAYS = 30

State = Enquiry.State


@transaction.atomic
def erase(enquiry, *, why, by=None):
    """Leave only the tombstone. `why` is "retention" or "request". Raises ValidationError where the enquiry is held."""
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if enquiry.hold_reason:
        raise ValidationError(f"{enquiry.reference} is held: {enquiry.hold_reason}. Lift the hold first.")
    if enquiry.state == State.ERASED:
        return enquiry
    now, was = timezone.now(), enquiry.state
    Enquiry.objects.filter(pk=enquiry.pk).update(
        state=State.ERASED,
        erased_at=now,
        answers=None,
        owner=None,
        follow_up_at=None,
        link_hash=None,
        link_until=None,
        submission_key=_free_key(),
        version=F("version") + 1,
    )
    enquiry.all_answers.all().delete()
    enquiry.outbox.all().delete()
    enquiry.events.update(note="", erased_at=now)
    enquiry.refresh_from_db()
    enquiry.record(f"erased_{why}", actor=by, was=was, at=now)
    return enquiry


def _free_key():
    """The form's key is free again: sent once more from an old tab, it is a new enquiry."""
    return Enquiry._meta.get_field("submission_key").get_default()


def past_their_time(now=None):
    """What the clinic may keep no longer: {"erase": …, "nobody": …}, two querysets.

    Counted from the last activity. What no person has dealt with yet is never erased by the clock: it is in "nobody".
    """
    now = now or timezone.now()
    kept = _months_before(now, Clinic.current().retention_months)
    spam = Q(state=State.SPAM, spam_confirmed=True, last_activity_at__lt=now - timedelta(days=SPAM_DAYS))
    dealt_with = Q(state__in=[State.IN_PROGRESS, State.WAITING, State.CLOSED], last_activity_at__lt=kept)
    untouched = Q(state=State.NEW) | Q(state=State.SPAM, spam_confirmed=False)
    return {
        "erase": Enquiry.objects.filter(spam | dealt_with).filter(hold_reason="").order_by("created_at"),
        "nobody": Enquiry.objects.filter(untouched, last_activity_at__lt=kept).order_by("created_at"),
    }


def _months_before(moment, months):
    """The same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def purge(now=None):
    """Erase what is past its time, one transaction each, and return how many. Broken off, it goes on where it was."""
    done = 0
    for key in list(past_their_time(now)["erase"].values_list("pk", flat=True)):
        with transaction.atomic():  # and only what is still so: somebody may have written, or set a hold
            enquiry = past_their_time(now)["erase"].select_for_update().filter(pk=key).first()
            if enquiry:
                erase(enquiry, why="retention")
                done += 1
    if done:
        sweep()
    return done


def sweep():
    """Let the database forget the rows that were deleted.

    secure_delete wipes what it frees, but pages that SQLite rebuilt while others came and went have been seen to keep a
    copy: the file is written anew. It locks writers out for that long, so it is done once for many.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM enquiries_answers, enquiries_enquiryevent, enquiries_outbox")
