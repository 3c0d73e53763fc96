"""From the check page to "sent", the signs that cannot wait, and a site that is not open."""

import re
from html import unescape

import pytest
from django.core import mail
from django.utils.html import escape

from siweb.enquiries.intake import spam
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import Enquiry
from siweb.enquiries.questions.urgent_signs import urgent_levels
from tests.support.enquiring import (
    ANSWERS,
    CHECK,
    EMPTY,
    FOR_ANOTHER,
    FORM,
    PHONE,
    Page,
    ask,
    posted,
    send,
    shown_again,
)

pytestmark = pytest.mark.django_db


# --- Check your answers -----------------------------------------------------------------------------------------


def answers_shown(response):
    """{question: answer in words} of the check page."""
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", response.content.decode(), re.DOTALL)
    return {question: unescape(re.sub(r"<br>", "\n", re.sub(r"</?span.*?>", "", answer))) for question, answer in rows}


def test_every_answer_is_shown_for_checking(client):
    changes = {
        "needs": ["interpreter"],
        "language": "Somali",
        "tell": ["diabetes", "rather-say"],
        "words": "One.\nTwo.",
    }
    assert answers_shown(ask(client, FOR_ANOTHER, **changes)) == {
        "Who needs the appointment?": "Someone else",
        "Your own name": "Tom Okafor",
        "What you are to them": "son",
        "Do they know that you are asking?": "Yes",
        "Whom should we ring?": "Me, the one who is asking",
        "Full name of the person who needs the appointment": "Maria Gonçalves-O’Neill",
        "Phone number": "We will ring 0161 496 0000",
        "E-mail address": "maria@patient.example",
        "Which should we try first? (if you give both)": "Phone",
        "If nobody answers, may we leave a message?": "Yes",
        "When is a good time for you?": "Mornings\nAfternoons",
        "Which clinic would suit?": "Example location",
        "What do you need?": "An interpreter (say which language below)",
        "Which language? (if you need an interpreter)": "Somali",
        "Tell us first: the person who needs the appointment …": "has diabetes\nI would rather say on the phone",
        "Anything else?": "One.\nTwo.",
    }


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+44 (0)161-496-0000", "We will ring 0161 496 0000"),
        ("0161 496 0000 9am-5pm", "We will ring 0161 496 0000\nYour note: 9am-5pm"),
        ("18001 0161 496 0000", "We will ring 18001 0161 496 0000"),
        (
            "0161 496 0000 12",
            "We will ring 0161 496 0000\nYour note: 12\nPlease check the number. If it is not right, change it.",
        ),
    ],
)
def test_the_number_is_shown_as_it_was_read_and_asked_about_where_it_could_be_another(client, typed, shown):
    assert answers_shown(ask(client, ANSWERS | {"phone": typed}))["Phone number"] == shown


def test_what_was_not_answered_is_shown_as_not_provided(client):
    shown = answers_shown(ask(client, EMPTY | {"who": "me", "name": "Maria", "email": "m@b.cc", "place": "any"}))
    skipped = [question for question, answer in shown.items() if answer == "Not provided"]
    assert len(shown) == 12
    assert shown["Which clinic would suit?"] == "No preference"
    assert {"Phone number", "When is a good time for you?", "What do you need?", "Anything else?"} <= set(skipped)


@pytest.mark.parametrize(("phone", "first"), [(True, "email"), (True, ""), (False, "phone"), (False, "")])
def test_the_check_page_says_what_will_be_stored_of_the_way_that_comes_first(client, phone, first):
    changes = {"phone": PHONE} if phone else {"email": ANSWERS["email"]}
    shown = answers_shown(ask(client, ANSWERS | {"phone": "", "email": "", "first": first} | changes))
    other = "E-mail" if phone else "Phone"
    assert shown.get("Which should we try first? (if you give both)") != other


def test_every_change_button_names_its_answer_and_leads_to_it(client):
    response = ask(client, FOR_ANOTHER)
    buttons = Page(response).all("button", name="do", value="change")
    form = Page(ask(client, FOR_ANOTHER, do="change"))
    assert len(buttons) == len(answers_shown(response)) == 16
    for button in buttons:
        path, _, place = button["formaction"].partition("#")
        assert path == CHECK
        assert place in form.ids
    for question in answers_shown(response):
        assert f'<span class="hidden"> this answer: {question}</span>' in response.content.decode()


def test_the_check_page_carries_exactly_what_was_typed(client):
    typed = FOR_ANOTHER | {"phone": " 0161 496 0000,  after 5 ", "words": " One.\nTwo. ", "tell": ["night", "age"]}
    page = Page(ask(client, typed))
    assert shown_again(page, typed) == typed
    assert not Enquiry.objects.exists()
    assert page.all("button", name="do", value="send")
    assert "Nothing has been sent yet." in page.source


def test_the_way_ends_with_a_redirect_to_the_reference_and_when_we_reply(client):
    response = send(client)
    enquiry = Enquiry.objects.get()
    assert response.status_code == 302
    assert response.url.startswith("/enquire/sent/")
    page = client.get(response.url).content.decode()
    assert f'<b class="big">{enquiry.reference}</b>' in page
    assert f"{enquiry.due_at:%A %-d %B}" in page
    assert "nothing is booked yet" in page
    assert client.get(response.url).content.decode() == page  # a reload is safe
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_check_page_by_its_address_alone_leads_to_the_form(client, method):
    response = getattr(client, method)(CHECK)
    assert (response.status_code, response.url) == (302, FORM)


def test_the_form_comes_back_as_it_was_when_an_answer_is_to_be_changed(client):
    data = posted(FOR_ANOTHER, do="change", tell=["night", "rather-say"])
    response = client.post(CHECK, data)
    page = Page(response)
    assert response.status_code == 200
    assert shown_again(page, data | {"do": ""}) == data | {"do": ""}
    assert "<title>Your enquiry" in response.content.decode()
    assert not Enquiry.objects.exists()


# --- Signs that cannot wait -------------------------------------------------------------------------------------


def words_of_signs():
    return [words for level in urgent_levels() for words in (level.heading, *level.signs)]


def pages_with_signs(client):
    yield "start", client.get("/enquire/").content.decode()
    yield "check", ask(client).content.decode()
    yield "sent", client.get(send(client).url).content.decode()
    outbox.send_due()
    message = next(message for message in mail.outbox if message.to == [ANSWERS["email"]])
    yield "acknowledgement, HTML", message.alternatives[0].content


def test_the_red_signs_stand_wherever_a_person_might_wait_for_us(client, signs):
    seen = []
    for where, page in pages_with_signs(client):
        seen.append(where)
        for words in words_of_signs():
            assert escape(words) in page, (where, words)
        assert 'href="tel:999"' in page
        assert 'href="tel:111"' in page
    assert len(seen) == 4
    assert len(words_of_signs()) > 20


def test_the_acknowledgement_says_the_red_signs_in_plain_text_too(client, signs):
    send(client)
    outbox.send_due()
    (message,) = mail.outbox
    for words in [*words_of_signs(), "Do not drive yourself.", "01632 960001"]:
        assert words in message.body


def test_no_question_asks_about_a_red_sign(client, signs):
    page = client.get(FORM).content.decode()
    form = unescape(page[page.index("<form method") : page.index("</form>")])
    for sign in words_of_signs():
        assert sign not in form
    names = {i["name"] for i in Page(client.get(FORM)).all("input") + Page(client.get(FORM)).all("textarea")}
    assert names - {"csrfmiddlewaretoken", "key", "began", spam.TRAP} == FOR_ANOTHER.keys()


# --- A site that is not open ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [None, "change", "send"])
def test_a_site_that_is_not_open_takes_nothing_and_gives_it_back(client, settings, act):
    settings.PUBLIC = True
    response = client.post(CHECK, posted(do=act))
    page = Page(response)
    assert response.status_code == 403
    assert not page.all("form")
    assert "This site is not open yet." in page.source
    assert ANSWERS["words"] in page.source
    assert not Enquiry.objects.exists()
    assert client.get(FORM).url == "/enquire/"
    assert FORM not in client.get("/enquire/").content.decode()
