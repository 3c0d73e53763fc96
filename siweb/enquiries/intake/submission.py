"""How an enquiry arrives and is corrected: everything about it in one transaction, or nothing.

A form carries a key. Sent again with the same answers it is the same enquiry; with other answers it is a correction, kept
beside the first.
"""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.clinics.working_days import reply_due
from siweb.enquiries.casework import workflow
from siweb.enquiries.casework.references import new_reference
from siweb.enquiries.casework.search import keep_keys
from siweb.enquiries.models import Answers, Enquiry, Outbox

from . import spam

_TRIES = 10  # with other references, should one be taken

# What the person said; all else of an Answers row says when and how.
SAID = [
    field.attname
    for field in Answers._meta.get_fields()
    if field.concrete and field.name not in ("id", "enquiry", "via", "at")
]


def receive(key, said, *, clinic, address="", reason="", source=Enquiry.Source.FORM, at=None):
    """Store what a form brought and return its Enquiry, new or not.

    `said` maps the fields of Answers (SAID) to values; `reason` is why a machine takes it for spam, or "". What staff write
    down during a phone call has no address, and is not counted.
    Raises spam.TooManyError when this address has sent too many.
    """
    now = at or timezone.now()
    due = reply_due(now, clinic)  # what can be done before the database is locked is done before
    for attempt in range(_TRIES):
        # Almost every form is a new one: it is written at once, and only if that is refused is its key looked for.
        try:
            with transaction.atomic():
                if address:
                    spam.count(address, marked=bool(reason))
                return _create(key, said, new_reference(taken=attempt), now, due, reason, source)
        except (IntegrityError, spam.TooManyError) as refused:
            refusal = refused
        with transaction.atomic():
            known = Enquiry.objects.select_for_update().filter(submission_key=key).first()
            if known:
                return _again(known, said, address)
        if isinstance(refusal, spam.TooManyError):
            break
    raise refusal


def _create(key, said, reference, now, due, reason, source):
    by_phone = source == Enquiry.Source.PHONE
    answers_id = uuid.uuid4()  # known beforehand, so that the enquiry is written once
    enquiry = Enquiry.objects.create(
        reference=reference,
        submission_key=key,
        source=source,
        state=Enquiry.State.SPAM if reason else Enquiry.State.NEW,
        call=Enquiry.Call.OPEN if said["tell"] else "",
        spam_reason=reason,
        created_at=now,
        due_at=due,
        first_reply_at=now if by_phone else None,  # they are speaking to somebody
        last_activity_at=now,
        answers_id=answers_id,
    )
    keep_keys(Answers.objects.create(id=answers_id, enquiry=enquiry, via=source, at=now, **said))
    enquiry.record("received", at=now)
    is_silent = by_phone or (reason and spam.looks_machine_made(said))
    kinds = [] if is_silent else [Outbox.Kind.NEW_ENQUIRY]
    kinds += [Outbox.Kind.ACKNOWLEDGEMENT] if said["email"] else []
    Outbox.objects.bulk_create(Outbox(enquiry=enquiry, kind=kind, next_try_at=now) for kind in kinds)
    return enquiry


def _again(enquiry, said, address):
    """The same form again: nothing, a correction, or, after it was closed, a new beginning."""
    if is_known(enquiry, said) and enquiry.outcome != Enquiry.Outcome.WITHDRAWN:
        return enquiry
    if address:
        spam.count(address, marked=bool(enquiry.spam_reason))
    return correct(enquiry, said, via=Answers.Via.FORM if address else Answers.Via.PHONE)


@transaction.atomic
def correct(enquiry, said, *, via, by=None, version=None, at=None):
    """Keep newer answers beside the older ones. `said` may hold only a part of them.

    The person who writes again is looked at again. Staff (`by`), who put a number or an address right as they saw it at
    `version`, leave the enquiry where it stands. Raises workflow.StaleError where it is not at that version any more.
    """
    now = at or timezone.now()
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if version not in (None, enquiry.version):
        raise workflow.StaleError
    was = enquiry.state
    if is_known(enquiry, said) and (by or was != Enquiry.State.CLOSED):
        return enquiry
    before = enquiry.answers
    said = {name: getattr(before, name) for name in SAID} | said
    answers = Answers.objects.create(enquiry=enquiry, via=via, at=now, **said)
    keep_keys(answers)
    changes = {"answers": answers, "last_activity_at": now} | ({} if by else _looked_at_again(enquiry, now))
    if set(said["tell"]) - set(before.tell):
        changes["call"] = Enquiry.Call.OPEN
    if said["email"] != before.email:  # the person who reads the old mailbox has no business here any more
        changes |= {"link_hash": None, "link_until": None}
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes, version=F("version") + 1)
    enquiry.refresh_from_db()
    enquiry.record("corrected", actor=by, was=was, at=now)
    reopened = was == Enquiry.State.CLOSED and not by
    if reopened:
        _owe(enquiry, Outbox.Kind.NEW_ENQUIRY, now)
    if said["email"] and (reopened or said["email"] != before.email):
        _owe(enquiry, Outbox.Kind.ACKNOWLEDGEMENT, now)
    return enquiry


def _looked_at_again(enquiry, now):
    """What their writing again changes: it is a person after all, is open again, and nobody waits for them any more."""
    changes = {"spam_confirmed": False}
    if enquiry.state == Enquiry.State.CLOSED:
        changes |= {"state": Enquiry.State.NEW, "outcome": "", "due_at": reply_due(now, Clinic.current())}
    if enquiry.state == Enquiry.State.WAITING:
        changes |= {"state": Enquiry.State.IN_PROGRESS, "follow_up_at": None}
    return changes


def is_known(enquiry, said):
    """Whether it is what stands there already."""
    return all(getattr(enquiry.answers, name, None) == value for name, value in said.items())


def _owe(enquiry, kind, now):
    """One that waits is sent automatically, to the newest address; one that has been sent already is queued again."""
    waiting = {"kind": kind, "state": Outbox.State.QUEUED}
    if not enquiry.outbox.filter(**waiting).exists():
        enquiry.outbox.create(next_try_at=now, **waiting)
