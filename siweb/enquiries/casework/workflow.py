"""How an enquiry moves: one table. The diagram in docs/enquiries.md, the buttons and the tests are made from it.

Every move is one conditional UPDATE that names the version that was seen, so that two people never both make one.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from siweb.clinics.models import Clinic
from siweb.clinics.working_days import reply_due
from siweb.core.models import name_of
from siweb.enquiries.models import Enquiry

State, Outcome, Call = Enquiry.State, Enquiry.Outcome, Enquiry.Call

RECEPTION, CLINICIAN, PATIENT, CLOCK = "reception", "clinician", "patient", "clock"
LONGEST_WAIT = timedelta(days=366)  # a slip, such as 2206 for 2026, would put somebody out of sight
OPEN = Enquiry.OPEN
WORKED_ON = (State.IN_PROGRESS, State.WAITING)


MAY_BE_BOOKED = ("", Call.MAY_BE_BOOKED)
_NOT_TO_BE_BOOKED = {
    Call.OPEN: "A clinician has to ring before this can be booked.",
    Call.NOT_HERE: "A clinician has said: not here. Pass it to a clinician again if something has changed.",
    Call.ASK_GP: "A clinician has said: ask the GP first. Pass it to a clinician again when the GP has answered.",
}


@dataclass(frozen=True)
class Move:
    action: str
    wording: str  # on its button
    who: tuple
    sources: tuple
    target: str | None = None  # None: the state stays
    outcome: str = ""
    call: str | None = None  # what comes of the clinician's call
    needs: str = ""  # "until": a time; "note": words; "to": a colleague
    replies: bool = False  # they have heard from a person here


MOVES = (
    Move("claim", "Claim", (RECEPTION,), (State.NEW,), State.IN_PROGRESS),
    Move("reached", "Spoke to them", (RECEPTION,), WORKED_ON, replies=True),
    Move("no_answer", "No answer", (RECEPTION,), WORKED_ON),
    Move("left_message", "Left a message", (RECEPTION,), WORKED_ON, replies=True),
    Move("replied", "Patient has been in touch", (RECEPTION,), WORKED_ON, State.IN_PROGRESS),
    Move("letter", "Send an e-mail", (RECEPTION,), WORKED_ON, needs="note", replies=True),
    Move("note", "Add a note", (RECEPTION, CLINICIAN), (*OPEN, State.CLOSED, State.SPAM), needs="note"),
    Move("pass_on", "Pass to a clinician now", (RECEPTION,), OPEN, call=Call.OPEN),
    Move("rang_clinician", "I rang a clinician", (RECEPTION,), OPEN),
    Move("wait", "Wait until …", (RECEPTION,), WORKED_ON, State.WAITING, needs="until"),
    Move("hand_over", "Hand over to …", (RECEPTION,), WORKED_ON, needs="to"),
    Move("release", "Release", (RECEPTION, CLOCK), WORKED_ON, State.NEW),
    Move("booked", "Booked", (RECEPTION,), WORKED_ON, State.CLOSED, Outcome.BOOKED, replies=True),
    Move(
        *("not_suitable", "Not suitable", (RECEPTION,), WORKED_ON, State.CLOSED, Outcome.NOT_SUITABLE),
        needs="note",
        replies=True,
    ),
    Move("no_response", "No response", (RECEPTION,), WORKED_ON, State.CLOSED, Outcome.NO_RESPONSE),
    Move("withdrawn", "Withdrawn", (RECEPTION, PATIENT), (*OPEN, State.SPAM), State.CLOSED, Outcome.WITHDRAWN),
    Move("duplicate", "Duplicate", (RECEPTION,), OPEN, State.CLOSED, Outcome.DUPLICATE),
    Move("reopen", "Reopen", (RECEPTION,), (State.CLOSED,), State.NEW, needs="note"),
    Move("spam", "Spam", (RECEPTION,), (State.NEW, State.IN_PROGRESS, State.SPAM), State.SPAM),
    Move("not_spam", "Not spam", (RECEPTION,), (State.SPAM,), State.NEW),
    Move("may_be_booked", "May be booked", (CLINICIAN,), OPEN, call=Call.MAY_BE_BOOKED, replies=True),
    Move("not_here", "Not here: advice given", (CLINICIAN,), OPEN, call=Call.NOT_HERE, replies=True),
    Move("ask_gp", "Ask GP first", (CLINICIAN,), OPEN, call=Call.ASK_GP, replies=True),
    Move("not_reached", "Could not reach them", (CLINICIAN,), OPEN, call=Call.OPEN),
)
BY_ACTION = {move.action: move for move in MOVES}


class StaleError(ValidationError):
    """The enquiry has moved on since it was seen."""

    def __init__(self):
        super().__init__(
            "Somebody else has changed this enquiry since you opened it. Nothing was changed now; your note is kept below. "
            "Look at what has happened, then choose again."
        )


def kinds_of(user):
    """As what somebody acts on enquiries, by their rights."""
    if not user.is_active:
        return ()
    rights = {"enquiries.work_on_enquiry": RECEPTION, "enquiries.see_ticks": CLINICIAN}
    return tuple(kind for right, kind in rights.items() if user.has_perm(right))


def possible(enquiry, who):
    """The moves that one of these kinds of people ("reception", "clinician" …) can make now."""
    return [move for move in MOVES if set(move.who) & set(who) and not refusal(enquiry, move)]


def refusal(enquiry, move):
    """Why an enquiry cannot make a move, or ""."""
    if enquiry.state not in move.sources:
        return f"This enquiry is {enquiry.get_state_display()}, so “{move.wording}” is not possible."
    if move.outcome == Outcome.BOOKED and enquiry.call not in MAY_BE_BOOKED:
        return _NOT_TO_BE_BOOKED[enquiry.call]
    if move.action == "pass_on" and enquiry.passed_on_at:
        return "This has been passed to a clinician already."
    if move.action == "rang_clinician" and not enquiry.passed_on_at:
        return "This has not been passed to a clinician."
    if CLINICIAN in move.who and move.call and enquiry.call != Call.OPEN:
        return "No clinician's call is open."
    if move.action == "spam" and enquiry.spam_confirmed:
        return "This is marked as spam already."
    return ""


@transaction.atomic
def make(enquiry, action, *, version, who, by=None, note="", until=None, to=None, at=None):
    """Make a move and write its event. `by` is the member of staff; `who` says as what they act; `to` is a colleague.

    Raises StaleError when the enquiry is not at `version` any more, and ValidationError for what is not possible.
    """
    now = at or timezone.now()
    move = BY_ACTION.get(action)
    if move is None or not set(move.who) & set(who):
        raise ValidationError("You do not have permission to do this.")
    enquiry.refresh_from_db()
    if enquiry.version != version:
        raise StaleError
    if problem := refusal(enquiry, move) or _missing(enquiry, move, note, until, to, now):
        raise ValidationError(problem)
    was = enquiry.state
    changes = _changes(enquiry, move, by, until, to, now) | {"version": F("version") + 1, "last_activity_at": now}
    if not Enquiry.objects.filter(pk=enquiry.pk, version=version, state=was).update(**changes):
        raise StaleError
    enquiry.refresh_from_db()
    return enquiry.record(action, actor=by, note=told(move, note, until, to), was=was, at=now)


def told(move, note, until=None, to=None):
    """The words of a move's event: what it was made with, then the note."""
    given = {
        "until": until and f"Until {date_format(timezone.localtime(until), 'l j F')}.",
        "to": to and f"To {name_of(to)}.",
    }
    return "\n".join(filter(None, [given.get(move.needs), note]))


def _missing(enquiry, move, note, until, to, now):
    if move.needs == "note" and not note.strip():
        return f"Write a note, then press “{move.wording}” again."
    if move.needs == "until" and (until is None or until <= now):
        return "Choose a time to come that you will wait for, then press it again."
    if move.needs == "until" and until > now + LONGEST_WAIT:
        return "That is more than a year away. Choose a nearer day, then press it again."
    if move.needs == "to" and (to is None or to == enquiry.owner):
        return "Choose the colleague who takes it over, then press it again."
    return ""


def _changes(enquiry, move, by, until, to, now):
    """The columns that a move sets, each where its state needs it and empty elsewhere."""
    changes = {"first_reply_at": now} if move.replies and enquiry.first_reply_at is None else {}
    if move.call:
        changes |= {"call": move.call} | _passed_on_after(move, by, now)
    if move.needs == "to":
        changes["owner"] = to
    if move.target is None:
        return changes
    changes |= {"state": move.target, "outcome": move.outcome, "follow_up_at": until if move.needs == "until" else None}
    changes["owner"] = _owner_after(enquiry, move, by)
    changes["spam_confirmed"] = move.target == State.SPAM
    if move.target in (State.CLOSED, State.SPAM):
        changes |= {"link_hash": None, "link_until": None, "passed_on_at": None, "passed_on_by": None}
    if move.action in ("not_spam", "reopen"):
        changes["due_at"] = reply_due(now, Clinic.current())
    return changes


def _passed_on_after(move, by, now):
    """A clinician who could not reach somebody still has to: it stays passed on."""
    if move.action == "pass_on":
        return {"passed_on_at": now, "passed_on_by": by}
    return {} if move.call == Call.OPEN else {"passed_on_at": None, "passed_on_by": None}


def _owner_after(enquiry, move, by):
    """The person who claims it keeps it while it is worked on, whichever colleague helps."""
    return (enquiry.owner or by) if move.target in WORKED_ON else None


def diagram():
    """The table as a Mermaid state diagram: one line for each pair of states, with the moves between them."""
    lines = {("[*]", State.NEW): ["sent"], ("[*]", State.SPAM): ["marked by a machine"]}
    for move in MOVES:
        for source in move.sources if move.target else ():
            lines.setdefault((source, move.target), []).append(move.wording)
    lines |= {
        (source, State.ERASED): ["past the retention period"] for source in (*WORKED_ON, State.CLOSED, State.SPAM)
    }
    return "\n".join(
        ["stateDiagram-v2", *(f"    {source} --> {target}: {', '.join(of)}" for (source, target), of in lines.items())]
    )
