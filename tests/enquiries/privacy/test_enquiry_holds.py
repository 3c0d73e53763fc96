"""A hold with a reason: it stops purge and erasure, is looked at again after six months, and two people never overwrite it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from siweb.clinics.working_days import add_months
from siweb.core.dashboard import dashboard
from siweb.enquiries.casework.workflow import StaleError
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import erasure, holds

REASON = "claim, letter of 4 November"


def page_of(enquiry):
    return f"/admin/enquiries/enquiry/{enquiry.pk}/hold/"


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def press(desk, enquiry, do, reason="", version=None):
    return desk.post(page_of(enquiry), {"do": do, "reason": reason, "version": version or enquiry.version})


def held(enquiry):
    enquiry.refresh_from_db()
    return enquiry.hold_reason, enquiry.hold_review


def test_a_hold_has_a_reason_a_review_in_six_months_and_an_event(desk, make_enquiry):
    enquiry = make_enquiry()
    assert press(desk, enquiry, "hold", f"  {REASON}\n").status_code == 302
    assert held(enquiry) == (REASON, add_months(timezone.localdate(), 6))
    event = enquiry.events.last()
    assert (event.verb, event.note, event.actor_name) == ("held", REASON, "Mia Manager")
    text = desk.get(page_of(enquiry)).content.decode()
    assert f"Mia Manager held this, so that it is not erased: {REASON}" in text
    assert "Lift the hold" in text


def test_it_is_kept_on_only_with_a_fresh_reason(desk, make_enquiry):
    enquiry = make_enquiry()
    press(desk, enquiry, "hold", REASON)
    Enquiry.objects.update(hold_review=date(2026, 1, 1))
    enquiry.refresh_from_db()
    response = press(desk, enquiry, "keep")
    assert response.status_code == 409
    assert "Write the reason" in response.content.decode()
    assert held(enquiry) == (REASON, date(2026, 1, 1))
    assert press(desk, enquiry, "keep", "the claim goes on").status_code == 302
    assert held(enquiry) == ("the claim goes on", add_months(timezone.localdate(), 6))
    assert enquiry.events.last().verb == "hold_kept"


def test_a_lifted_hold_leaves_its_reason_in_an_event_and_the_clock_goes_on(desk, make_enquiry):
    enquiry = make_enquiry()
    press(desk, enquiry, "hold", REASON)
    enquiry.refresh_from_db()
    assert press(desk, enquiry, "lift").status_code == 302
    assert held(enquiry) == ("", None)
    assert [event.verb for event in enquiry.events.all()] == ["received", "held", "hold_lifted"]
    before = enquiry.last_activity_at
    enquiry.refresh_from_db()
    assert enquiry.last_activity_at == before


@pytest.mark.parametrize("what", ["hold", "keep", "lift"])
@pytest.mark.parametrize("is_held", [True, False])
@pytest.mark.parametrize("erased", [True, False])
def test_what_is_possible_when(make_enquiry, manager, what, is_held, erased):
    enquiry = make_enquiry()
    if erased:
        enquiry = erasure.erase(enquiry, why="request")
    elif is_held:
        enquiry = holds.act(enquiry, "hold", version=1, by=manager, reason=REASON)
    possible = not erased and is_held == (what != "hold")
    events = enquiry.events.count()
    if possible:
        holds.act(enquiry, what, version=enquiry.version, by=manager, reason="another reason")
    else:
        with pytest.raises(ValidationError):
            holds.act(enquiry, what, version=enquiry.version, by=manager, reason="another reason")
    assert enquiry.events.count() == events + possible


@pytest.mark.parametrize("first", ["keep", "lift"])
@pytest.mark.parametrize("second", ["keep", "lift"])
def test_of_two_people_the_second_is_told_and_keeps_the_words(desk, make_enquiry, manager, first, second):
    enquiry = holds.act(make_enquiry(), "hold", version=1, by=manager, reason=REASON)
    seen = enquiry.version
    holds.act(enquiry, first, version=seen, by=manager, reason="theirs")
    response = press(desk, enquiry, second, "typed for a long time", version=seen)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else has changed this enquiry" in text
    assert "typed for a long time" in text
    assert held(enquiry)[0] == ("theirs" if first == "keep" else "")


def test_a_hold_is_stale_when_somebody_else_has_worked_on_the_enquiry(make_enquiry, manager):
    enquiry = make_enquiry()
    Enquiry.objects.update(version=2)
    with pytest.raises(StaleError):
        holds.act(enquiry, "hold", version=1, by=manager, reason=REASON)


def test_a_reason_that_is_too_long_is_kept_in_the_form(desk, make_enquiry):
    enquiry, reason = make_enquiry(), "long " * 50
    response = press(desk, enquiry, "hold", reason)
    assert "Shorten it to 200" in response.content.decode()
    assert reason in response.content.decode()
    assert held(enquiry) == ("", None)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "fly", "reason": "x", "version": 1},
        {"do": "hold", "reason": "x"},
        {"do": "hold", "reason": "x", "version": "x"},
    ],
)
def test_nonsense_changes_nothing(desk, make_enquiry, sent):
    enquiry = make_enquiry()
    assert desk.post(page_of(enquiry), sent).status_code == 409
    assert held(enquiry) == ("", None)


def test_a_get_holds_nothing(desk, make_enquiry):
    enquiry = make_enquiry()
    desk.get(f"{page_of(enquiry)}?do=hold&reason=x&version=1")
    assert held(enquiry) == ("", None)


def test_the_dashboard_lists_a_hold_when_it_is_due_and_not_before(make_enquiry, manager, reception):
    enquiry = holds.act(make_enquiry(), "hold", version=1, by=manager, reason=REASON)
    headings = lambda user: [section.heading for section in dashboard(user)["waiting"]]  # noqa: E731
    assert "Patients’ data" not in headings(manager)
    Enquiry.objects.update(hold_review=timezone.localdate())
    [section] = [section for section in dashboard(manager)["waiting"] if section.heading == "Patients’ data"]
    assert [item.words for item in section.items] == [f"Is {enquiry.reference} still to be held?"]
    assert "Patients’ data" not in headings(reception)


def test_a_hold_is_neither_purged_nor_erased_and_goes_once_it_is_lifted(make_enquiry, manager):
    enquiry = make_enquiry()
    long_ago = timezone.now() - timedelta(days=900)
    Enquiry.objects.update(state="closed", outcome="no_response", last_activity_at=long_ago)
    enquiry.refresh_from_db()
    enquiry = holds.act(enquiry, "hold", version=enquiry.version, by=manager, reason=REASON)
    assert enquiry not in erasure.past_their_time()["erase"]
    with pytest.raises(ValidationError, match="is held"):
        erasure.erase(enquiry, why="request")
    enquiry = holds.act(enquiry, "lift", version=enquiry.version, by=manager)
    assert enquiry in erasure.past_their_time()["erase"]
