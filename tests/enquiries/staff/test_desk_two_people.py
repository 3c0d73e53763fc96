"""Two windows on one enquiry: the person who saves second is shown what has changed, loses no word and overwrites nothing."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry, EnquiryEvent, Outbox
from tests.conftest import with_role
from tests.support.at_the_desk import brought, held, newest, page_of, press, to_send, what_is_stored
from tests.support.enquiring import make

WORDS = "typed for a long time <b>& carefully</b>"
SHOWN = "typed for a long time &lt;b&gt;&amp; carefully&lt;/b&gt;"
FIRST = [move for move in workflow.MOVES if "reception" in move.who]
STARTS = ("in_progress", "new", "closed", "spam", "waiting")
# What a second window may press: every move, and the buttons that are none.
SECOND = [move.action for move in FIRST] + ["next", "correct", "mail_again"]
PAGES = {"letter": "letter", "correct": "correct", "mail_again": "mail-again"}  # those of a page of their own
CORRECTION = {"phone": "0161 496 0123", "voicemail": "no", "email": "maria@example.org", "first": "phone"}


def start_of(move):
    return next(state for state in STARTS if state in move.sources)


@pytest.fixture
def cora(client, django_user_model):
    return with_role(django_user_model, "cora", "Reception")


def in_window(client, enquiry, action, cora, note):
    """Press a button with everything that it needs."""
    if action == "letter":
        return client.post(page_of(enquiry, "letter"), to_send(enquiry, text=note))
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    return press(client, enquiry, action, note=note, until=day, to=cora.pk)


def pairs():
    """Every pair of buttons; in make test every fourth of them, so that each button is in several."""
    actions = [move.action for move in FIRST]
    for (i, first), (j, second) in itertools.product(enumerate(actions), enumerate(SECOND)):
        yield pytest.param(first, second, marks=[pytest.mark.full] * ((i + j) % 4 > 0))


@pytest.mark.parametrize(("first", "second"), [*pairs()])
def test_no_pair_of_buttons_loses_a_word_or_overwrites_unseen(client, make_enquiry, reception, cora, first, second):
    enquiry = brought(make_enquiry(), start_of(workflow.BY_ACTION[first]), reception)
    if first == "rang_clinician":
        make(enquiry, "pass_on", reception)
    seen = Enquiry.objects.get(pk=enquiry.pk)
    client.force_login(reception)
    sent = held(seen)  # both windows hold the same
    assert in_window(client, seen, first, cora, "the first").status_code == 302
    after = what_is_stored(Enquiry, Outbox)

    asked = (to_send(seen) if second == "letter" else CORRECTION | {"move": second, "to": cora.pk}) | sent
    asked |= {"text" if second == "letter" else "note": WORDS}
    response = client.post(page_of(enquiry, PAGES.get(second, "change")), asked)
    text = response.content.decode()
    assert response.status_code == 409
    assert SHOWN in text
    assert "You" in text.partition("<ul>")[2][:200]
    assert what_is_stored(Enquiry, Outbox) == after
    assert not EnquiryEvent.objects.filter(note__contains="typed for").exists()


@pytest.mark.parametrize("first", [move.action for move in FIRST])
def test_my_note_can_be_added_to_whatever_they_made_of_it(client, make_enquiry, reception, cora, first):
    enquiry = brought(make_enquiry(), start_of(workflow.BY_ACTION[first]), reception)
    client.force_login(reception)
    in_window(client, enquiry, first, cora, "the first")
    now = Enquiry.objects.get(pk=enquiry.pk)
    assert press(client, now, "note", note=WORDS).status_code == 302
    kept = Enquiry.objects.get(pk=enquiry.pk)
    assert (kept.state, kept.owner, kept.outcome) == (now.state, now.owner, now.outcome)
    assert kept.events.last().note == WORDS


def test_who_comes_second_is_told_who_took_it_and_when(client, make_enquiry, reception, cora):
    enquiry = make_enquiry()
    client.force_login(cora)
    sent = held(enquiry, move="claim", note=WORDS)
    workflow.make(enquiry, "claim", version=1, who=("reception",), by=reception)
    at = timezone.localtime(enquiry.events.get(verb="claim").at)
    response = client.post(page_of(enquiry), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert f"Rita Reception claimed this at {at:%H:%M}" in text
    assert "Somebody else has changed this enquiry" in text
    assert SHOWN in text
    assert "Add my note and keep their state" in text
    assert "Look again, then choose" in text


def test_looking_again_keeps_what_was_typed_and_changes_nothing(client, make_enquiry, reception):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    client.get(page_of(enquiry))
    before = what_is_stored(Enquiry, EnquiryEvent, Outbox)
    response = press(client, enquiry, "look", note=WORDS, until="2027-01-05", version=0)
    text = response.content.decode()
    assert response.status_code == 200
    assert SHOWN in text
    assert 'value="2027-01-05"' in text
    assert f'name="version" value="{enquiry.version}"' in text
    assert what_is_stored(Enquiry, EnquiryEvent, Outbox) == before


@pytest.mark.parametrize("action", ["claim", "note", "no_answer", "hand_over", "booked"])
def test_a_button_pressed_twice_is_pressed_once(client, make_enquiry, reception, cora, action):
    enquiry = brought(make_enquiry(), start_of(workflow.BY_ACTION[action]), reception)
    sent = held(enquiry, move=action, note="once", to=cora.pk)
    client.force_login(reception)
    for _ in range(3):
        assert client.post(page_of(enquiry), sent).status_code == 302
    assert enquiry.events.filter(verb=action).count() == 1


def test_a_note_too_long_is_kept_whole(client, make_enquiry, reception):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    response = press(client, enquiry, "booked", note="x" * 4001)
    assert response.status_code == 422
    assert "This note is 4001 characters long. Shorten it to 4000." in response.content.decode()
    assert "x" * 4001 in response.content.decode()


def test_a_clinician_whose_call_a_colleague_has_answered_keeps_the_note(
    client, make_enquiry, caller, django_user_model
):
    enquiry = make_enquiry(tell=["diabetes"])
    client.force_login(caller)
    client.get(page_of(enquiry))
    sent = held(enquiry, move="ask_gp", note=WORDS)
    other = with_role(django_user_model, "dora", "Clinicians")
    workflow.make(enquiry, "may_be_booked", version=1, who=("clinician",), by=other)
    response = client.post(page_of(enquiry), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert SHOWN in text
    assert "Dora Clinicians called as a clinician: may be booked" in text
    assert "Maria Example" not in text
    assert press(client, enquiry, "note", note=WORDS).status_code == 302
    assert enquiry.events.last().note == WORDS
    assert client.get(page_of(enquiry)).status_code == 404


def test_what_has_changed_is_only_what_came_since(client, make_enquiry, reception, cora):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(cora)
    sent = held(enquiry, move="spam", seen=newest(enquiry))
    workflow.make(enquiry, "note", version=2, who=("reception",), by=reception, note="a newer note")
    text = client.post(page_of(enquiry), sent).content.decode()
    told = text.partition('id="changed"')[2].partition("</ul>")[0]
    assert "a newer note" in told
    assert "claimed this" not in told


@pytest.mark.parametrize("seen", ["", "999999", "9" * 40])
def test_a_page_that_does_not_say_what_it_showed_is_told_all_the_same(client, make_enquiry, reception, seen):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    response = press(client, enquiry, "booked", version=1, seen=seen, note=WORDS)
    assert response.status_code == 409
    assert "Somebody else has changed this enquiry" in response.content.decode()
    assert SHOWN in response.content.decode()


@pytest.mark.parametrize("action", ["wait", "hand_over"])
def test_another_day_or_another_colleague_is_no_button_pressed_twice(
    client, make_enquiry, reception, cora, django_user_model, action
):
    lena = with_role(django_user_model, "lena", "Reception")
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    sent = held(enquiry)
    pressed = {"wait": [{"move": "wait 1"}, {"move": "wait 3"}], "hand_over": [{"to": cora.pk}, {"to": lena.pk}]}
    first, second = ({"move": action} | sent | typed for typed in pressed[action])
    assert [client.post(page_of(enquiry), typed).status_code for typed in (first, second, first)] == [302, 409, 302]
    assert enquiry.events.filter(verb=action).count() == 1
