"""Every state × action × kind of person, from the table itself; and two people who act on one enquiry at once."""

import itertools
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry
from tests.conftest import with_role

State, Call = Enquiry.State, Enquiry.Call
KINDS = (workflow.RECEPTION, workflow.CLINICIAN, workflow.PATIENT, workflow.CLOCK)
LIVING = tuple(state for state in State if state != State.ERASED)

# What may happen, written out by hand: action -> (who, from where, to where). "=" stays.
TABLE = {
    "claim": ("reception", "new", "in_progress"),
    "reached": ("reception", "in_progress waiting", "="),
    "no_answer": ("reception", "in_progress waiting", "="),
    "left_message": ("reception", "in_progress waiting", "="),
    "replied": ("reception", "in_progress waiting", "in_progress"),
    "letter": ("reception", "in_progress waiting", "="),
    "note": ("reception clinician", "new in_progress waiting closed spam", "="),
    "pass_on": ("reception", "new in_progress waiting", "="),
    "rang_clinician": ("reception", "new in_progress waiting", "="),
    "wait": ("reception", "in_progress waiting", "waiting"),
    "hand_over": ("reception", "in_progress waiting", "="),
    "release": ("reception clock", "in_progress waiting", "new"),
    "booked": ("reception", "in_progress waiting", "closed"),
    "not_suitable": ("reception", "in_progress waiting", "closed"),
    "no_response": ("reception", "in_progress waiting", "closed"),
    "withdrawn": ("reception patient", "new in_progress waiting spam", "closed"),
    "duplicate": ("reception", "new in_progress waiting", "closed"),
    "reopen": ("reception", "closed", "new"),
    "spam": ("reception", "new in_progress spam", "spam"),
    "not_spam": ("reception", "spam", "new"),
    "may_be_booked": ("clinician", "new in_progress waiting", "="),
    "not_here": ("clinician", "new in_progress waiting", "="),
    "ask_gp": ("clinician", "new in_progress waiting", "="),
    "not_reached": ("clinician", "new in_progress waiting", "="),
}
ANSWERS_TO_A_CALL = ("may_be_booked", "not_here", "ask_gp", "not_reached")
REPLIES = ("reached", "left_message", "letter", "booked", "not_suitable", *ANSWERS_TO_A_CALL[:3])


@pytest.fixture
def in_state(make_enquiry, reception):
    """in_state("waiting") is an enquiry that came there by moves."""

    def bring(state, **said):
        enquiry = make_enquiry(reason="trap" if state == State.SPAM else "", **said)
        for action in {"in_progress": ["claim"], "waiting": ["claim", "wait"], "closed": ["claim", "no_response"]}.get(
            state, []
        ):
            make(enquiry, action, reception)
        assert enquiry.state == state
        return enquiry

    return bring


def make(enquiry, action, by, who=workflow.RECEPTION, version=None):
    return workflow.make(
        enquiry,
        action,
        version=version or enquiry.version,
        who=(who,),
        by=by,
        note="words",
        until=timezone.now() + timedelta(days=2),
        to=User.objects.get_or_create(username="cora")[0],
    )


def test_the_tables_name_the_same_actions():
    assert [move.action for move in workflow.MOVES] == list(TABLE)


@pytest.mark.parametrize(("state", "action", "who"), [*itertools.product(LIVING, TABLE, KINDS)])
def test_a_move_is_made_where_the_table_allows_it_and_nowhere_else(in_state, reception, state, action, who):
    allowed, sources, target = TABLE[action]
    needs_call = action in ANSWERS_TO_A_CALL
    enquiry = in_state(state, tell=["diabetes"] if needs_call else [])
    if action == "rang_clinician" and state in Enquiry.OPEN:
        make(enquiry, "pass_on", reception)
    possible = who in allowed.split() and state in sources.split()
    assert (action in [move.action for move in workflow.possible(enquiry, [who])]) == possible
    if possible:
        make(enquiry, action, reception, who)
        assert enquiry.state == (state if target == "=" else target)
        assert enquiry.events.last().verb == action
        assert bool(enquiry.first_reply_at) == (action in REPLIES)
    else:
        before = Enquiry.objects.values().get(pk=enquiry.pk), enquiry.events.count()
        with pytest.raises(ValidationError):
            make(enquiry, action, reception, who)
        assert (Enquiry.objects.values().get(pk=enquiry.pk), enquiry.events.count()) == before


def test_nothing_moves_after_erasure(make_enquiry, reception):
    from siweb.enquiries.privacy.erasure import erase

    enquiry = erase(make_enquiry(), why="request")
    assert workflow.possible(enquiry, KINDS) == []


def test_a_tick_needs_a_clinicians_call_before_anything_is_booked(in_state, reception, caller):
    enquiry = in_state(State.IN_PROGRESS, tell=["diabetes"])
    assert enquiry.call == Call.OPEN
    with pytest.raises(ValidationError, match="A clinician has to ring"):
        make(enquiry, "booked", reception)
    make(enquiry, "may_be_booked", caller, workflow.CLINICIAN)
    make(enquiry, "booked", reception)
    assert (enquiry.state, enquiry.outcome, enquiry.call) == ("closed", "booked", "may_be_booked")


@pytest.mark.parametrize(
    ("answers", "booked"),
    [
        ([], False),
        (["not_reached"], False),
        (["may_be_booked"], True),
        (["not_here"], False),
        (["ask_gp"], False),
        (["ask_gp", "pass_on"], False),
        (["not_here", "pass_on", "may_be_booked"], True),
    ],
)
def test_nothing_is_booked_but_what_a_clinician_lets_be_booked(in_state, reception, caller, answers, booked):
    enquiry = in_state(State.IN_PROGRESS, tell=["diabetes"])
    for action in answers:
        by_reception = action == "pass_on"
        make(
            enquiry,
            action,
            reception if by_reception else caller,
            workflow.RECEPTION if by_reception else workflow.CLINICIAN,
        )
    assert ("booked" in [move.action for move in workflow.possible(enquiry, ["reception"])]) == booked


def test_reception_can_pass_any_open_enquiry_to_a_clinician(in_state, reception):
    enquiry = in_state(State.IN_PROGRESS)
    make(enquiry, "pass_on", reception)
    assert enquiry in Enquiry.objects.needs_a_call()


def test_handing_over_gives_it_to_a_colleague_and_keeps_where_it_stands(in_state, reception):
    enquiry = in_state(State.WAITING)
    make(enquiry, "hand_over", reception)
    assert (enquiry.owner.username, enquiry.state) == ("cora", "waiting")
    with pytest.raises(ValidationError, match="Choose the colleague"):
        make(enquiry, "hand_over", reception)


def test_a_colleague_who_lends_a_hand_does_not_take_it_over(in_state, reception, django_user_model):
    enquiry = in_state(State.IN_PROGRESS)
    make(enquiry, "wait", django_user_model.objects.create_user("lena"))
    assert enquiry.owner == reception


def test_the_first_reply_is_the_first(in_state, reception):
    enquiry = in_state(State.IN_PROGRESS)
    make(enquiry, "no_answer", reception)
    assert enquiry.first_reply_at is None
    make(enquiry, "left_message", reception)
    first = enquiry.first_reply_at
    make(enquiry, "reached", reception)
    assert enquiry.first_reply_at == first


@pytest.mark.parametrize("tell", [["fainting"], ["age", "weight"], ["rather-say"]])
def test_any_tick_asks_for_a_call_and_does_nothing_else(make_enquiry, tell):
    ticked, plain = make_enquiry(tell=tell), make_enquiry()
    assert (ticked.call, plain.call) == (Call.OPEN, "")
    same = ("state", "outcome", "spam_reason", "due_at")
    assert [getattr(ticked, name) for name in same] == [getattr(plain, name) for name in same]


def test_no_clinicians_answer_without_an_open_call(in_state, caller):
    with pytest.raises(ValidationError, match="No clinician's call is open"):
        make(in_state(State.NEW), "may_be_booked", caller, workflow.CLINICIAN)


@pytest.mark.parametrize(("first", "second"), [*itertools.permutations(["claim", "spam", "duplicate", "note"], 2)])
def test_who_saves_second_is_told_and_overwrites_nothing(make_enquiry, reception, first, second):
    enquiry = make_enquiry()
    seen = Enquiry.objects.get(pk=enquiry.pk)
    make(enquiry, first, reception)
    with pytest.raises(workflow.StaleError, match="Somebody else has changed"):
        make(seen, second, reception, version=1)
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received", first]


@pytest.mark.parametrize("action", [action for action, (who, *_) in TABLE.items() if "reception" in who])
def test_who_has_read_an_enquiry_before_the_other_wrote_is_told_and_overwrites_nothing(
    in_state, reception, django_user_model, action
):
    """Both have read it and neither has written: what each database does without locks."""
    other = with_role(django_user_model, "olga", "Reception")
    enquiry = in_state(next(state for state in LIVING if state in TABLE[action][1].split()))
    if action == "rang_clinician":
        make(enquiry, "pass_on", other)
    late = Enquiry.objects.get(pk=enquiry.pk)
    late.refresh_from_db = lambda: None  # it has been read already
    make(enquiry, action, other)
    before = Enquiry.objects.values().get(pk=enquiry.pk), list(enquiry.events.values_list("verb", "actor"))
    with pytest.raises(workflow.StaleError):
        make(late, action, reception)
    assert (Enquiry.objects.values().get(pk=enquiry.pk), list(enquiry.events.values_list("verb", "actor"))) == before


def test_a_machines_mark_sticks_when_a_person_says_that_it_is_no_spam(in_state, reception):
    enquiry = in_state(State.SPAM)
    make(enquiry, "spam", reception)
    assert (enquiry.spam_confirmed, enquiry.spam_reason) == (True, "trap")
    make(enquiry, "not_spam", reception)
    assert (enquiry.state, enquiry.spam_confirmed, enquiry.spam_reason) == ("new", False, "trap")


def test_what_a_move_needs_is_asked_for(in_state, reception):
    enquiry = in_state(State.IN_PROGRESS)
    now = timezone.now()
    waits = ({}, {"until": now}, {"until": now + timedelta(days=367)})
    for action, given in (*(("wait", given) for given in waits), ("not_suitable", {"note": "  "})):
        with pytest.raises(ValidationError, match="again"):
            workflow.make(enquiry, action, version=enquiry.version, who=("reception",), by=reception, **given)


def test_closing_ends_the_private_link(in_state, reception):
    from siweb.enquiries.intake import private_links

    enquiry = in_state(State.IN_PROGRESS)
    token = private_links.make_link(enquiry)
    assert private_links.enquiry_of(token) == enquiry
    make(enquiry, "no_response", reception)
    assert private_links.enquiry_of(token) is None


def test_whoever_writes_again_after_a_person_took_it_for_spam_is_looked_at_again(in_state, reception):
    from siweb.enquiries.intake.submission import correct

    enquiry = in_state(State.SPAM)
    make(enquiry, "spam", reception)
    correct(enquiry, {"words": "I am a person."}, via="form")
    assert enquiry in Enquiry.objects.unconfirmed_spam()
