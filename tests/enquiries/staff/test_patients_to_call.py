"""The list of patients whom a clinician calls: the oldest first, with whatever they need to know before they ring."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError
from django.utils import timezone

from siweb.accounts.roles import MANAGERS
from siweb.enquiries.models import DeskEvent, Enquiry
from siweb.enquiries.questions.screening import KEYS, RATHER_SAY, SCREENING, told
from tests.enquiries.staff.test_clinician import LIST, SECRET, answer, text_of
from tests.support.enquiring import make


@pytest.fixture
def called(client, caller):
    """The browser of a clinician."""
    client.force_login(caller)
    return client


@pytest.fixture
def enquiry(make_enquiry):
    return make_enquiry(tell=["diabetes"], words="secret words")


def test_the_list_is_who_needs_a_call_the_oldest_first(called, make_enquiry):
    names = ["Ann Newest", "Bea Middle", "Cat Oldest"]
    for age, name in enumerate(names):
        made = make_enquiry(tell=["bones"], name=name)
        Enquiry.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=age))
    make_enquiry(name="Dan Unticked")
    text = text_of(called, LIST)
    places = [text.index(name) for name in names]
    assert places == sorted(places, reverse=True)
    assert "Dan Unticked" not in text


def test_the_list_says_how_to_reach_them_what_was_ticked_and_why_it_is_asked(called, make_enquiry, reception):
    enquiry = make_enquiry(
        **{"who": "other", "asker": "Tom Okafor", "relation": "son", "knows": "no", "ring": "asker"},
        tell=["diabetes", RATHER_SAY],
        voicemail="no",
        times=["afternoon"],
    )
    make(enquiry, "claim", reception)
    make(enquiry, "no_answer", reception)
    text = text_of(called, LIST)
    for said in (
        *('href="tel:+441614960000"', "0161 496 0000", "Tom Okafor (son) asks for Maria Example", "Afternoons"),
        *("Leave no message", "called: no answer", "has diabetes", "Steroid can raise blood sugar", "would rather say"),
    ):
        assert said in text, said
    assert "takes a blood thinner" not in text


def test_every_item_is_told_with_its_reason():
    assert told(KEYS) == [*((item.wording, item.why) for item in SCREENING), ("would rather say on the phone", "")]
    assert told(["bones", "diabetes"]) == [told(["diabetes"])[0], told(["bones"])[0]], "in the order of the form"


def test_a_list_is_recorded_before_it_is_shown_or_not_shown(called, enquiry):
    text_of(called, LIST)
    event = DeskEvent.objects.get()
    assert (event.verb, event.actor_name, event.references) == ("listed", "Carl Clinicians", [enquiry.reference])
    with mock.patch.object(DeskEvent.objects, "create", side_effect=DatabaseError):
        response = called.get(LIST)
    assert response.status_code == 503
    assert [word for word in SECRET if word in response.content.decode()] == []


def test_a_long_list_comes_in_pages(called, make_enquiry):
    for _ in range(32):
        make_enquiry(tell=["bones"])
    text = text_of(called, LIST)
    assert text.count("Open and answer") == 30
    further = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(called, LIST + further).count("Open and answer") == 2


@pytest.mark.parametrize("count", [1, 12])
def test_a_longer_list_asks_no_more_questions_of_the_database(
    called, make_enquiry, django_assert_max_num_queries, count
):
    for _ in range(count):
        make_enquiry(tell=["bones"])
    with django_assert_max_num_queries(15):
        called.get(LIST)


def test_who_could_not_be_reached_waits_on_and_the_attempt_is_counted(called, enquiry):
    answer(called, enquiry, "not_reached", note="Rang twice.")
    enquiry.refresh_from_db()
    assert enquiry.call == "open"
    text = text_of(called, LIST)
    assert "could not reach them" in text
    assert "Open and answer" in text


def test_what_was_answered_is_listed_for_a_day_with_its_summary(called, enquiry):
    answer(called, enquiry, "ask_gp")
    text = text_of(called, LIST)
    assert "No one is waiting for a clinician" in text
    assert f'href="{LIST}{enquiry.pk}/summary/"' in text
    assert DeskEvent.objects.latest("pk").references == [enquiry.reference]
    with mock.patch("siweb.enquiries.staff.clinician.ANSWERED_LATELY", timedelta(0)):
        assert enquiry.reference not in text_of(called, LIST)


def test_who_is_a_manager_and_a_clinician_has_both_sides(called, caller, make_enquiry, enquiry):
    caller.groups.add(Group.objects.get(name=MANAGERS))
    plain = make_enquiry(name="Dan Unticked")
    assert plain.reference in text_of(called, LIST)
    text = text_of(called, f"{LIST}?tab=call")
    assert "Steroid can raise blood sugar" in text
    assert "Spam" in text, "the other tabs"
    text = text_of(called, f"{LIST}{enquiry.pk}/change/")
    assert "Steroid can raise blood sugar" in text
    assert f'href="{LIST}{enquiry.pk}/summary/"' in text
    assert "summary/" not in text_of(called, f"{LIST}{plain.pk}/change/")
