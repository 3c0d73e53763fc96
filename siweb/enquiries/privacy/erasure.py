"""How an enquiry goes: what a person wrote is deleted, notes are emptied, and a record without personal details stays.

The record holds the reference, dates, states and outcome, so that "who did what, when" stays true without saying to whom.
What the clock erases stands in a receipt, whether its run came to an end or not.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.clinics.working_days import add_months, start_of
from siweb.core.models import SiteVersion
from siweb.enquiries.models import DeskEvent, Enquiry, EnquiryEvent

from . import complaints, disk_space

SPAM_DAYS = 30
MAX_PER_NIGHT = (
    200  # enquiries: far more than come in a day, so that no mistake erases everything before somebody sees it
)
RECEIPT = "purged"  # the verb of a receipt
_EMPTIED = ("answers", "key", "enquiryevent", "outbox", "complaint")  # tables that erasing takes words from
_LONGEST_ERASURE = timedelta(hours=1)  # of one enquiry, from its time to the end of its transaction

State = Enquiry.State


@transaction.atomic
def erase(enquiry, *, why, by=None):
    """Leave only reference, dates, states and outcome. `why` is "retention" or "request". Raises ValidationError if held."""
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
    """The form's key is free again: sent again from an old tab, it is a new enquiry."""
    return Enquiry._meta.get_field("submission_key").get_default()


def past_their_time(now=None):
    """What the clinic may keep no longer: {"erase": …, "nobody": …}, two querysets.

    Counted from the last activity. What no person has dealt with yet is never erased automatically: it is in "nobody".
    """
    now = now or timezone.now()
    kept = kept_since(now)
    spam = Q(state=State.SPAM, spam_confirmed=True, last_activity_at__lt=now - timedelta(days=SPAM_DAYS))
    dealt_with = Q(state__in=[State.IN_PROGRESS, State.WAITING, State.CLOSED], last_activity_at__lt=kept)
    untouched = Q(state=State.NEW) | Q(state=State.SPAM, spam_confirmed=False)
    return {
        "erase": Enquiry.objects.filter(spam | dealt_with).filter(hold_reason="").order_by("created_at"),
        "nobody": Enquiry.objects.filter(untouched, last_activity_at__lt=kept).order_by("created_at"),
    }


def kept_since(now):
    """The moment before which the clinic keeps nothing that is dealt with."""
    return add_months(now, -Clinic.current().retention_months)


def count_due(now):
    """How many enquiries and complaints a purge would erase."""
    return past_their_time(now)["erase"].count() + complaints.past_their_time(kept_since(now)).count()


def left_for_tonight():
    """How many more enquiries may be erased automatically on this day."""
    since = start_of(timezone.localdate())
    return max(0, MAX_PER_NIGHT - EnquiryEvent.objects.filter(verb="erased_retention", at__gte=since).count())


def purge(now=None, most=None):
    """Erase what is past its retention period, one transaction each, and return how many enquiries.

    Broken off, it goes on where it was.

    `most` limits how many go, the oldest first. Afterwards a receipt says what this run erased, also where that is nothing.
    What an earlier run erased before it was broken off stands in a receipt of its own. Raises ValidationError, with nothing
    erased, where the disk has no room for the sweep.
    """
    now = now or timezone.now()
    done, unswept = [], _erased_since_the_last_receipt()
    if unswept or count_due(now):
        disk_space.check_room()
    for key in list(past_their_time(now)["erase"].values_list("pk", flat=True)[:most]):
        with transaction.atomic():  # and only what is still so: somebody may have written, or set a hold
            enquiry = past_their_time(now)["erase"].select_for_update().filter(pk=key).first()
            if enquiry:
                erase(enquiry, why="retention")
                done.append(enquiry.reference)
    gone = complaints.purge(kept_since(now))
    if done or gone or unswept:
        sweep()
    _write_receipts(done)
    return len(done)


@transaction.atomic
def _write_receipts(done):
    SiteVersion.lock()  # two runs at once never both write the same
    done, missing = set(done), _without_receipt()
    if others := [reference for reference in missing if reference not in done]:
        DeskEvent.record(RECEIPT, about="by a run that was broken off before its receipt", references=others)
    ours = [reference for reference in missing if reference in done]
    DeskEvent.record(RECEIPT, about="past their retention period", references=ours)


def _last_receipt():
    """When it was written, or None."""
    return DeskEvent.objects.filter(verb=RECEIPT).values_list("at", flat=True).first()


def _erased_since_the_last_receipt():
    """Whether something was, by a run or by a person: its sweep may have been broken off, and is done again."""
    erased, last = Enquiry.objects.filter(state=State.ERASED), _last_receipt()
    return (erased.filter(erased_at__gt=last) if last else erased).exists()


def _without_receipt():
    """References of what the clock has erased and no receipt names yet."""
    last = _last_receipt()
    events, receipts = EnquiryEvent.objects.filter(verb="erased_retention"), DeskEvent.objects.filter(verb=RECEIPT)
    if last:
        lately = last - _LONGEST_ERASURE
        events, receipts = events.filter(at__gte=lately), receipts.filter(at__gte=lately)
    named = {reference for references in receipts.values_list("references", flat=True) for reference in references}
    found = events.order_by("id").values_list("enquiry__reference", flat=True)
    return [reference for reference in found if reference not in named]


def sweep():
    """Let the database forget the rows that were deleted.

    secure_delete wipes what it frees, but pages that SQLite rebuilt while others came and went have been seen to keep a
    copy: the file is written again. It locks writers out for that long, so it is done once for many.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(
                "VACUUM enquiries_answers, enquiries_key, enquiries_enquiryevent, enquiries_outbox, enquiries_complaint"
            )
