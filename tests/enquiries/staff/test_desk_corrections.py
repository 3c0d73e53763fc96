"""A phone number or an address that staff put right is shown next to what was typed, and leaves the enquiry where it stands."""

import pytest

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Answers, Outbox
from tests.support.at_the_desk import brought, held, page_of

RIGHT = {"phone": "0161 496 0123", "voicemail": "no", "email": "maria@example.org", "first": "phone"}


def correct(desk, enquiry, **typed):
    return desk.post(page_of(enquiry, "correct"), held(enquiry) | RIGHT | typed)


@pytest.mark.parametrize("state", ["new", "in_progress", "waiting"])
def test_both_are_shown_and_nothing_else_has_changed(desk, make_enquiry, reception, state):
    enquiry = brought(make_enquiry(words="my own words", times=["morning"]), state, reception)
    before = enquiry.state, enquiry.owner, enquiry.follow_up_at, enquiry.version
    assert correct(desk, enquiry, note="She spelled it out.").status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.owner, enquiry.follow_up_at, enquiry.version - 2) == before
    newer = enquiry.answers
    assert (newer.phone, newer.via, newer.voicemail, newer.words, newer.times) == (
        *("+441614960123", "desk", "no", "my own words", ["morning"]),
    )
    first = enquiry.all_answers.order_by("at").first()
    assert (first.phone, first.via) == ("+441614960000", "form")
    text = desk.get(page_of(enquiry)).content.decode()
    assert "tel:+441614960123" in text
    assert "0161 496 0000" in text
    assert "Typed in the form on" in text
    assert "Corrected by Rita Reception on" in text
    assert "She spelled it out." in text


def test_what_cannot_be_a_number_or_an_address_is_said_and_everything_is_kept(desk, make_enquiry):
    enquiry = make_enquiry()
    response = correct(desk, enquiry, phone="12", email="maria@", note="kept")
    text = response.content.decode()
    assert response.status_code == 422
    assert "Enter a whole phone number" in text
    assert "Enter an e-mail address, like name@example.org." in text
    for kept in ('value="12"', 'value="maria@"', "kept"):
        assert kept in text
    assert Answers.objects.count() == 1


def test_a_stale_correction_is_not_made_and_is_kept(desk, make_enquiry, reception):
    enquiry = make_enquiry()
    data = held(enquiry, note="kept") | RIGHT
    workflow.make(enquiry, "claim", version=1, who=("reception",), by=reception)
    response = desk.post(page_of(enquiry, "correct"), data)
    text = response.content.decode()
    assert response.status_code == 409
    assert "0161 496 0123" in text
    assert "kept" in text
    assert Answers.objects.count() == 1


def test_a_correction_pressed_twice_is_made_once(desk, make_enquiry):
    enquiry = make_enquiry()
    data = held(enquiry) | RIGHT
    assert [desk.post(page_of(enquiry, "correct"), data).status_code for _ in range(2)] == [302, 302]
    assert Answers.objects.count() == 2


def test_another_correction_from_another_window_is_not_taken_for_the_same(desk, make_enquiry):
    enquiry = make_enquiry()
    data = held(enquiry) | RIGHT
    assert desk.post(page_of(enquiry, "correct"), data).status_code == 302
    response = desk.post(page_of(enquiry, "correct"), data | {"phone": "0161 496 0555"})
    assert response.status_code == 409
    assert 'value="0161 496 0555"' in response.content.decode()


def test_what_is_right_already_changes_nothing(desk, make_enquiry):
    enquiry = make_enquiry()
    assert correct(desk, enquiry, phone="0161 496 0000", voicemail="yes").status_code == 302
    assert Answers.objects.count() == 1


def test_what_was_typed_for_a_correction_is_kept_whichever_button_is_pressed(desk, make_enquiry):
    enquiry = make_enquiry()
    response = desk.post(page_of(enquiry), held(enquiry, move="look") | RIGHT)
    assert 'value="0161 496 0123"' in response.content.decode()


def test_a_new_address_gets_the_acknowledgement_again_and_the_old_link_ends(desk, make_enquiry):
    enquiry = make_enquiry()
    Outbox.objects.update(state="sent", sent_at=enquiry.created_at)
    assert correct(desk, enquiry, email="maria.right@example.org").status_code == 302
    assert Outbox.objects.get(state="queued").kind == "acknowledgement"


@pytest.mark.parametrize("state", ["closed", "spam", "erased"])
def test_what_is_not_open_is_not_corrected(desk, make_enquiry, reception, state):
    enquiry = brought(make_enquiry(), state, reception)
    enquiry.refresh_from_db()
    response = correct(desk, enquiry, note="kept")
    assert response.status_code in (409, 422)
    assert "Only what is open is corrected" in response.content.decode() or state == "erased"
    assert "kept" in response.content.decode() or state == "erased"
    assert not Answers.objects.filter(via="desk").exists()
