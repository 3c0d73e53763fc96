"""New from a phone call: the patient's questions and rules, saved once, for the person who took the call."""

import re
import uuid
from unittest import mock

import pytest
from django.db import DatabaseError
from django.utils.html import escape

from siweb.clinics.models import Clinic, LawfulBasis
from siweb.enquiries.models import DeskEvent, Enquiry, Outbox
from siweb.enquiries.questions.forms import CONSENT, EnquiryForm
from siweb.enquiries.questions.urgent_signs import urgent_levels
from siweb.enquiries.staff.phone_form import CallForm
from tests.support.enquiring import ANSWERS, FOR_ANOTHER, PHONE, Page, problems, shown_again

CALL = "/admin/enquiries/enquiry/new-from-a-call/"
SAME = "/admin/enquiries/enquiry/same-contact/"


def said(answers=ANSWERS, **changes):
    return {"key": str(uuid.uuid4())} | answers | changes


def test_it_opens_with_every_red_sign_before_the_first_question(desk, signs):
    text = desk.get(CALL).content.decode()
    first_question = text.index("Who is the appointment for?")
    signs = [sign for level in urgent_levels() for sign in (level.heading, *level.signs)]
    assert [sign for sign in signs if not 0 < text.find(escape(sign)) < first_question] == []
    assert 'href="/#help"' in text
    boxes = [field["name"] for field in Page(desk.get(CALL)).all("input") if field.get("name")]
    assert not [name for name in boxes if name not in {*EnquiryForm.field_order, "key", "csrfmiddlewaretoken"}]


def test_it_asks_the_patients_questions_and_holds_them_to_the_same_rules():
    clinic = Clinic(lawful_basis=LawfulBasis.CONSENT)
    with mock.patch.object(Clinic, "injection_places", {}):
        patients, callers = EnquiryForm({}, clinic=clinic), CallForm({}, clinic=clinic)
        assert list(patients.fields) == list(callers.fields)
        assert patients.errors.keys() == callers.errors.keys()
        for name, field in patients.fields.items():
            other = callers.fields[name]
            assert [v for v, _ in getattr(field, "choices", ())] == [v for v, _ in getattr(other, "choices", ())]
        assert EnquiryForm({}, clinic=clinic).fields["who"].label == "Who needs the appointment?", (
            "it stays the patient's"
        )


def test_a_call_is_saved_as_such_replied_to_and_claimed_by_whoever_took_it(desk, reception):
    response = desk.post(CALL, said(tell=["diabetes"]))
    enquiry = Enquiry.objects.get()
    assert response.headers["Location"] == f"/admin/enquiries/enquiry/{enquiry.pk}/change/"
    assert (enquiry.source, enquiry.state, enquiry.owner, enquiry.call) == ("phone", "in_progress", reception, "open")
    assert enquiry.first_reply_at == enquiry.created_at
    assert (enquiry.answers.via, enquiry.answers.name, enquiry.answers.tell) == (
        "phone",
        ANSWERS["name"],
        ["diabetes"],
    )
    assert list(enquiry.events.values_list("verb", "actor_name")) == [("received", ""), ("claim", "Rita Reception")]
    assert f"Tell the caller the reference: {enquiry.reference}" in desk.get(CALL).content.decode()


@pytest.mark.parametrize(("email", "mails"), [("maria@patient.example", ["acknowledgement"]), ("", [])])
def test_only_who_gave_an_address_is_written_to(desk, email, mails):
    desk.post(CALL, said(email=email))
    assert list(Outbox.objects.values_list("kind", flat=True)) == mails


def test_pressing_save_twice_makes_one(desk):
    data = said()
    pages = [desk.post(CALL, data) for _ in range(2)]
    assert pages[0].headers["Location"] == pages[1].headers["Location"]
    assert [event.verb for event in Enquiry.objects.get().events.all()] == ["received", "claim"]


def test_what_cannot_be_claimed_is_not_stored_either(desk):
    with (
        mock.patch("siweb.enquiries.casework.workflow.make", side_effect=DatabaseError),
        pytest.raises(DatabaseError),
    ):
        desk.post(CALL, said())
    assert not Enquiry.objects.exists()


def test_whatever_is_wrong_everything_typed_comes_back(desk):
    answers = FOR_ANOTHER | {"phone": "12", "relation": "", "tell": ["diabetes"], "words": "As <b>she</b> said"}
    response = desk.post(CALL, said(answers))
    assert response.status_code == 422
    assert problems(response) == {
        "phone": "Enter a whole phone number, such as 01632 960001 or +44 1632 960001.",
        "relation": "Ask what the caller is to them, such as wife, son or carer.",
    }
    assert shown_again(Page(response), answers) == answers
    assert not Enquiry.objects.exists()


def test_the_form_keeps_its_key_when_it_comes_back(desk):
    data = said(name="")
    assert Page(desk.post(CALL, data)).fields()["key"] == [data["key"]]


def test_ticks_are_not_shown_to_reception_once_they_are_saved(desk):
    text = desk.post(CALL, said(tell=["diabetes"]), follow=True).content.decode()
    assert "needs a clinician" in text
    assert "has diabetes" not in text


@pytest.mark.parametrize("agrees", [True, False])
def test_where_consent_is_the_basis_it_is_read_word_for_word_and_needed(desk, clinic, agrees):
    clinic.lawful_basis = LawfulBasis.CONSENT
    clinic.save()
    assert CONSENT.format(clinic=clinic.name) in desk.get(CALL).content.decode()
    response = desk.post(CALL, said(**({"consent": "on"} if agrees else {})))
    assert response.status_code == (302 if agrees else 422)
    if agrees:
        assert Enquiry.objects.get().answers.consent
    else:
        assert "Read the sentence to the caller" in problems(response)["consent"]


def test_a_site_that_is_not_open_takes_no_calls_and_loses_nothing(desk, settings):
    settings.PUBLIC = True
    with mock.patch("siweb.accounts.two_factor.is_missing", return_value=False):
        assert "The site is not open yet" in desk.get(CALL).content.decode()
        response = desk.post(CALL, said())
    assert response.status_code == 403
    assert shown_again(Page(response), ANSWERS) == ANSWERS
    assert not Enquiry.objects.exists()


# --- Who has asked before -------------------------------------------------------------------------


def references(response):
    return re.findall(r"<b>(SIJ-\w+)</b>", response.content.decode())


def test_who_has_asked_before_is_found_as_soon_as_number_or_address_is_typed(desk, make_enquiry):
    first, other = make_enquiry(), make_enquiry(phone="+442079460000", email="x@example.org")
    for typed in ({"phone": "+44 161 496 0000"}, {"phone": PHONE}, {"email": "MARIA@example.org"}):
        assert references(desk.post(SAME, typed)) == [first.reference]
    assert references(desk.post(SAME, {"phone": "020 7946 0000", "email": "maria@example.org"})) == [
        other.reference,
        first.reference,
    ]
    for typed in ({}, {"phone": "12"}, {"phone": "0161 496 0001"}, {"email": "nobody"}):
        assert references(desk.post(SAME, typed)) == []


def test_the_fragment_says_how_far_it_is_and_names_nobody(desk, make_enquiry, reception):
    make_enquiry(words="secret words", tell=["diabetes"])
    text = desk.post(SAME, {"phone": PHONE}).content.decode()
    assert ": new, received" in text
    assert [word for word in ("Maria", "maria@", "4960000", "496 0000", "secret", "diabetes") if word in text] == []


def test_the_look_is_recorded_by_reference_without_what_was_typed(desk, make_enquiry):
    enquiry = make_enquiry()
    desk.post(SAME, {"phone": PHONE, "email": "maria@example.org"})
    desk.post(SAME, {"phone": "0161 496 0001"})
    event = DeskEvent.objects.get()
    assert (event.verb, event.actor_name, event.references) == ("searched", "Rita Reception", [enquiry.reference])
    assert "4960000" not in event.about.replace(" ", "")
    assert "maria" not in event.about


def test_a_look_that_cannot_be_recorded_shows_nothing(desk, make_enquiry):
    enquiry = make_enquiry()
    desk.raise_request_exception = False
    with mock.patch.object(DeskEvent.objects, "create", side_effect=DatabaseError):
        for response in (desk.post(SAME, {"phone": PHONE}), desk.post(CALL, said())):
            assert response.status_code == 503
            assert enquiry.reference not in response.content.decode()


def test_odd_numbers_and_slips_are_said_aloud(desk):
    text = desk.post(SAME, {"phone": "07700 900123", "email": "maria@gmial.com"}).content.decode()
    assert "No such number is known" in text
    assert "Did they mean maria@gmail.com?" in text


def test_save_shows_them_once_and_saves_all_the_same(desk, make_enquiry):
    known = make_enquiry()
    data = said(tell=["diabetes"])
    response = desk.post(CALL, data)
    page = Page(response)
    assert response.status_code == 409
    assert "Save all the same" in page.source
    assert references(response) == [known.reference]
    assert shown_again(page, data) == data
    assert Enquiry.objects.count() == 1
    assert desk.post(CALL, data | {"seen": page.fields()["seen"]}).status_code == 302
    assert Enquiry.objects.count() == 2


def test_those_that_were_shown_already_do_not_stop_a_save_and_newer_ones_do(desk, make_enquiry):
    known = make_enquiry()
    shown = Page(desk.post(SAME, {"phone": PHONE})).fields()["seen"]
    assert shown == [known.reference]
    newer = make_enquiry()
    response = desk.post(CALL, said(seen=shown))
    assert (response.status_code, references(response)) == (409, [newer.reference, known.reference])


def test_its_own_is_no_duplicate_of_itself(desk):
    data = said()
    desk.post(CALL, data)
    assert references(desk.post(SAME, {"phone": PHONE, "key": data["key"]})) == []


def test_a_link_that_was_typed_with_spaces_is_found_and_leads_to_no_second_question(desk, make_enquiry):
    known = make_enquiry(phone="+442079460000")
    data = said(email=" maria @example.org ")
    response = desk.post(CALL, data)
    assert references(response) == [known.reference]
    assert desk.post(CALL, data | {"seen": [known.reference]}).status_code == 302


def test_no_browser_offers_what_another_caller_said(desk):
    page = Page(desk.get(CALL))
    assert {field.get("autocomplete") for field in page.all("input", type="text")} == {"off"}
    assert [form["autocomplete"] for form in page.all("form", id="call")] == ["off"]


def test_every_page_of_the_desk_leads_to_it(desk, client, editor):
    for path in ("/admin/", "/admin/enquiries/enquiry/"):
        assert f'href="{CALL}"' in desk.get(path).content.decode()
    client.force_login(editor)
    assert f'href="{CALL}"' not in client.get("/admin/").content.decode()
