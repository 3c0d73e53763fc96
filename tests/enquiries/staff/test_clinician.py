"""Clinicians and enquiries: whom to call, what was ticked and why it is asked, the answer, and a summary to print."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import DatabaseError
from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import submission
from siweb.enquiries.models import EnquiryEvent
from siweb.enquiries.privacy.erasure import erase
from siweb.enquiries.staff.clinician import ANSWERS
from tests.conftest import with_role
from tests.support.enquiring import Page, make

LIST = "/admin/enquiries/enquiry/"
SECRET = ("Maria Example", "0161 496 0000", "has diabetes", "secret words")


def page_of(enquiry):
    return f"{LIST}{enquiry.pk}/change/"


def summary_of(enquiry):
    return f"{LIST}{enquiry.pk}/summary/"


@pytest.fixture
def called(client, caller):
    """The browser of a clinician."""
    client.force_login(caller)
    return client


@pytest.fixture
def enquiry(make_enquiry):
    return make_enquiry(tell=["diabetes"], words="secret words")


def answer(client, enquiry, action, note="", version=None):
    enquiry.refresh_from_db()
    return client.post(page_of(enquiry), {"move": action, "version": version or enquiry.version, "note": note})


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# --- One enquiry ----------------------------------------------------------------------------------


def test_the_page_has_the_ticks_the_words_and_what_has_happened(called, enquiry, reception):
    make(enquiry, "claim", reception, note="Sounded worried.")
    text = text_of(called, page_of(enquiry))
    for said in (*SECRET, "Steroid can raise blood sugar", "Sounded worried.", 'href="tel:+441614960000"'):
        assert said in text, said
    buttons = [move.action for move in workflow.MOVES if f'value="{move.action}"' in text]
    assert buttons == ["note", "may_be_booked", "not_here", "ask_gp", "not_reached"]


def test_earlier_answers_are_there_too(called, client, make_enquiry):
    enquiry = make_enquiry(tell=["bones"], words="what I wrote first")
    submission.correct(enquiry, {"words": "what I wrote then"}, via="form")
    text = text_of(called, page_of(enquiry))
    assert "what I wrote first" in text
    assert "what I wrote then" in text


@pytest.mark.parametrize("action", ANSWERS)
def test_an_answer_closes_the_call_and_stays_in_reach_for_a_day(called, enquiry, action):
    response = answer(called, enquiry, action, note="We spoke.")
    assert response.headers["Location"].startswith(page_of(enquiry))
    enquiry.refresh_from_db()
    assert enquiry.call == action
    for path in (page_of(enquiry), summary_of(enquiry)):
        assert enquiry.get_call_display().lower() in text_of(called, path).lower()
    with mock.patch("siweb.enquiries.staff.clinician.ANSWERED_LATELY", timedelta(0)):
        later = [called.get(path) for path in (page_of(enquiry), summary_of(enquiry))]
    assert [response.status_code for response in later] == [404, 404]


def test_who_could_not_be_reached_waits_on_and_the_attempt_is_told(called, enquiry):
    answer(called, enquiry, "not_reached", note="Rang twice.")
    enquiry.refresh_from_db()
    assert enquiry.call == "open"
    text = text_of(called, page_of(enquiry))
    assert "could not reach them" in text
    assert 'value="may_be_booked"' in text


def test_the_next_to_call_is_the_next_oldest(called, enquiry, make_enquiry):
    following = make_enquiry(tell=["bones"])
    answer(called, enquiry, "may_be_booked")
    text = text_of(called, page_of(enquiry))
    assert f'href="{page_of(following)}">Next patient to call' in text
    answer(called, following, "ask_gp")
    assert "Next patient to call" not in text_of(called, page_of(following))


def test_what_a_colleague_has_answered_is_out_of_reach(client, called, enquiry, django_user_model):
    answer(called, enquiry, "may_be_booked")
    client.force_login(with_role(django_user_model, "cleo", "Clinicians"))
    assert [client.get(path).status_code for path in (page_of(enquiry), summary_of(enquiry))] == [404, 404]
    assert [word for word in SECRET if word in text_of(client, LIST)] == []


def test_an_answer_is_corrected_by_a_note_and_never_changed(called, enquiry):
    answer(called, enquiry, "may_be_booked", note="No concerns.")
    assert answer(called, enquiry, "ask_gp").status_code == 409
    assert answer(called, enquiry, "note", note="I meant: after the GP has said yes.").status_code == 302
    text = text_of(called, summary_of(enquiry))
    assert "No concerns." in text
    assert "I meant: after the GP has said yes." in text


def test_an_answer_that_is_sent_twice_is_one(called, enquiry):
    carried = {name: values[0] for name, values in Page(called.get(page_of(enquiry))).fields().items()}
    sent = carried | {"move": "may_be_booked", "note": "No concerns."}
    assert [called.post(page_of(enquiry), sent).status_code for _ in "12"] == [302, 302]
    assert list(enquiry.events.values_list("verb", flat=True)).count("may_be_booked") == 1


def test_a_stale_answer_keeps_the_note_and_changes_nothing(called, enquiry, reception):
    called.get(page_of(enquiry))
    make(enquiry, "claim", reception)
    response = answer(called, enquiry, "may_be_booked", note="typed for a long time", version=1)
    assert response.status_code == 409
    assert "typed for a long time" in response.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.call == "open"
    assert answer(called, enquiry, "may_be_booked", note="typed for a long time").status_code == 302


def test_a_colleague_who_was_quicker_costs_no_note(client, called, enquiry, django_user_model):
    """The enquiry is not theirs to see any more, but what they heard on the phone must not be lost."""
    called.get(page_of(enquiry))
    colleague = with_role(django_user_model, "cleo", "Clinicians")
    workflow.make(enquiry, "ask_gp", version=enquiry.version, who=(workflow.CLINICIAN,), by=colleague)
    response = answer(called, enquiry, "may_be_booked", note="she fainted last year", version=1)
    text = response.content.decode()
    assert response.status_code == 409
    assert "she fainted last year" in text
    assert [word for word in SECRET if word in text] == []
    assert answer(called, enquiry, "note", note="she fainted last year").status_code == 302
    assert enquiry.events.last().note == "she fainted last year"


def test_booked_is_refused_at_the_desk_while_the_call_is_open(client, called, enquiry, reception, caller):
    client.force_login(reception)
    answer(client, enquiry, "claim")
    response = answer(client, enquiry, "booked", note="for Monday")
    assert response.status_code == 409
    assert "A clinician has to ring before this can be booked." in response.content.decode()
    assert "for Monday" in response.content.decode()
    client.force_login(caller)
    answer(client, enquiry, "may_be_booked")
    client.force_login(reception)
    assert answer(client, enquiry, "booked", note="for Monday").status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.outcome == "booked"


def test_opening_is_recorded_before_anything_is_shown(called, enquiry):
    text_of(called, page_of(enquiry))
    assert [(e.verb, e.actor_name) for e in enquiry.events.all()][1:] == [("viewed", "Carl Clinicians")]
    with mock.patch.object(EnquiryEvent.objects, "create", side_effect=DatabaseError):
        response = called.get(summary_of(enquiry))
    assert response.status_code == 503
    assert [word for word in SECRET if word in response.content.decode()] == []


# --- The summary ----------------------------------------------------------------------------------


def test_the_summary_has_what_the_clinical_record_needs(called, clinic, enquiry):
    answer(called, enquiry, "not_here", note="Advised to see the GP.")
    text = text_of(called, summary_of(enquiry))
    for said in (
        *(*SECRET, clinic.name, enquiry.reference, "maria@example.org", "Not here: advice given"),
        *("Carl Clinicians", "Advised to see the GP.", timezone.localdate().strftime("%Y")),
        f"This enquiry will be erased from the website {clinic.retention} after the last contact",
        "keep this in the clinical record",
    ):
        assert said in text, said
    title = text.split("<title>")[1].split("</title>")[0]
    assert title == f"Summary {enquiry.reference}", "it names the file, should it be saved as one"


def test_each_print_is_recorded(called, enquiry):
    for _ in range(2):
        text_of(called, summary_of(enquiry))
    assert [(e.verb, e.actor_name) for e in enquiry.events.all()][1:] == [("printed", "Carl Clinicians")] * 2


def test_reception_prints_no_ticks(client, enquiry, reception):
    client.force_login(reception)
    assert client.get(summary_of(enquiry)).status_code == 403
    assert enquiry.events.count() == 1


def test_what_was_erased_is_out_of_reach(called, enquiry):
    answer(called, enquiry, "not_here")
    enquiry.refresh_from_db()
    make(enquiry, "withdrawn", None)
    erase(enquiry, why="request")
    assert [called.get(path).status_code for path in (page_of(enquiry), summary_of(enquiry))] == [404, 404]
    assert enquiry.reference not in text_of(called, LIST)
