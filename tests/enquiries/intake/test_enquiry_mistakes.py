"""How a mistake in the enquiry form is told: beside its answer, in a summary, and with all that was typed."""

import re
from html import unescape

import pytest

from siweb.clinics.models import Clinic, LawfulBasis
from siweb.enquiries.intake import private_links
from siweb.enquiries.models import Answers
from tests.support.enquiring import (
    ANSWERS,
    CHECK,
    EMPTY,
    FOR_ANOTHER,
    FORM,
    PHONE,
    Page,
    ask,
    problems,
    refused,
    send,
    sent,
    shown_again,
)

pytestmark = pytest.mark.django_db


# --- How a mistake is told --------------------------------------------------------------------------------------

LONG, EXACT = "x" * 101, "x" * 100
MESSAGES = {  # field: (answers, {what is wrong: what is typed})
    "name": (ANSWERS, {"empty": "", "too long": LONG}),
    "asker": (FOR_ANOTHER, {"empty": "", "too long": LONG}),
    "relation": (FOR_ANOTHER, {"empty": "", "too long": LONG}),
    "language": (ANSWERS | {"needs": ["interpreter"]}, {"empty": "", "too long": LONG}),
    "phone": (ANSWERS | {"email": ""}, {"empty": "", "wrong": "call me", "too long": f"0161 496 0000 {LONG}"}),
    "email": (ANSWERS, {"wrong": "maria@", "beyond": "josé@b.cc", "too long": f"{'x' * 250}@b.cc"}),
    "words": (ANSWERS, {"too long": "x" * 4001, "nul": "a\0b"}),
    "who": (ANSWERS, {"empty": "", "wrong": "nobody"}),
    "knows": (FOR_ANOTHER, {"empty": "", "wrong": "perhaps"}),
    "ring": (FOR_ANOTHER, {"empty": "", "wrong": "perhaps"}),
    "voicemail": (ANSWERS, {"empty": "", "wrong": "perhaps"}),
    "first": (ANSWERS, {"empty": "", "wrong": "post"}),
    "place": (ANSWERS, {"empty": "", "wrong": "nowhere"}),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_kind_of_mistake_has_its_own_words_that_say_how_to_fix_it(client, name):
    answers, mistakes = MESSAGES[name]
    said = [refused(send(client, answers, **{name: typed})) for typed in mistakes.values()]
    assert all(list(problem) == [name] for problem in said)
    messages = [problem[name] for problem in said]
    assert len(set(messages)) == len(mistakes)
    assert all(re.search(r"\b(Enter|Say|Choose|Shorten|Give|Type)\b", message) for message in messages), messages
    assert all(message.endswith(".") for message in messages)


@pytest.mark.parametrize(
    ("name", "most", "typed"),
    [
        ("name", 100, "x" * 104),
        ("asker", 100, "x" * 104),
        ("relation", 100, "x" * 104),
        ("language", 100, "x" * 104),
        ("phone", 100, "0161 496 0000" + "x" * 91),
        ("email", 254, "x" * 250 + "@b.cc" + "c" * 3),
        ("words", 4000, "x" * 4004),
    ],
)
def test_what_is_too_long_is_told_how_long_it_may_be(client, name, most, typed):
    wanted = f"This is {most + 4} characters long. Shorten it to {most}."
    assert refused(send(client, FOR_ANOTHER, **{name: typed})) == {name: wanted}


def test_an_empty_form_is_told_everything_at_once(client):
    assert refused(send(client, EMPTY)) == {
        "who": "Say who needs the appointment.",
        "name": "Enter the full name of the person who needs the appointment.",
        "phone": "Enter a phone number or an e-mail address, so that we can reply.",
        "place": "Choose a clinic, or “No preference”.",
    }


WRONG = FOR_ANOTHER | {
    "who": "",
    "asker": LONG,
    "relation": LONG,
    "knows": "perhaps",
    "ring": "perhaps",
    "name": "",
    "phone": "call me",
    "voicemail": "perhaps",
    "email": "maria@",
    "first": "post",
    "times": ["at night"],
    "place": "nowhere",
    "needs": ["a lift"],
    "language": LONG,
    "tell": ["nothing"],
    "words": "x" * 4001,
}


@pytest.mark.parametrize("answers", [EMPTY, WRONG, ANSWERS | {"name": ""}, ANSWERS | {"consent": ""}])
def test_a_summary_stands_before_the_heading_and_its_links_lead_to_the_answers(client, answers):
    clinic = Clinic.current()
    clinic.lawful_basis = LawfulBasis.CONSENT
    clinic.save()
    response = ask(client, answers)
    page, source = Page(response), response.content.decode()
    assert response.status_code == 422
    assert re.search(r"<title>(.*?)</title>", source)[1].startswith("Error: ")
    summary = re.search(r'<div class="problems".*?</ul></div></div>', source, re.DOTALL)
    assert source.index("Back to “Ask for") < summary.start() < source.index("<h1>")
    shown = re.findall(r'<a href="#(.*?)">(.*?)</a>', summary[0])
    beside = problems(response)
    assert sorted(unescape(words) for _, words in shown) == sorted(beside.values())
    assert {target for target, _ in shown} <= set(page.ids)
    assert page.all("div", id="problem", tabindex="-1", autofocus="")
    assert source.count('<span class="hidden">Error: </span>') == len(shown) == len(beside)


def test_the_summary_names_the_mistakes_in_the_order_of_the_page(client):
    response = ask(client, WRONG)
    page = Page(response)
    targets = [link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#id_")]
    assert len(targets) == len(problems(response)) == 16
    assert targets == sorted(targets, key=page.ids.index)


@pytest.mark.parametrize("answers", [EMPTY, WRONG])
def test_a_message_is_tied_to_its_answer_for_those_who_hear_the_page(client, answers):
    response = ask(client, answers)
    page = Page(response)
    described = [attrs["aria-describedby"].split() for _, attrs in page.elements if "aria-describedby" in attrs]
    assert {name for names in described for name in names} <= set(page.ids)
    assert {f"id_{name}_error" for name in problems(response)} <= {name for names in described for name in names}
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("answers", [None, EMPTY, WRONG, FOR_ANOTHER | {"do": "change"}])
def test_no_browser_judges_or_cuts_what_is_typed(client, answers):
    page = Page(client.get(FORM) if answers is None else ask(client, answers))
    assert page.all("form", action=CHECK, novalidate="")
    for tag, attrs in page.elements:
        assert not attrs.keys() & {"required", "maxlength", "minlength", "pattern", "aria-required"}, (tag, attrs)
    if answers is None:
        assert not [attrs for _, attrs in page.elements if "checked" in attrs]


def test_what_was_typed_is_kept_when_it_is_refused(client):
    words = "  Two lines,\n\twith <tags> & “quotes”. \n"
    typed = FOR_ANOTHER | {"phone": " call me ", "words": words, "tell": ["diabetes"], "needs": ["bsl", "text"]}
    assert shown_again(Page(ask(client, typed)), typed) == typed


def test_the_private_page_tells_mistakes_in_the_same_way(client):
    path = f"/enquire/yours/{private_links.make_link(sent(client))}/"
    typed = {"phone": " call me ", "voicemail": "", "email": "maria@", "first": "post", "times": ["any"]}
    assert shown_again(Page(client.get(path)), typed)["phone"] == PHONE
    response = client.post(path, typed | {"do": "correct"})
    page = Page(response)
    assert response.status_code == 422
    assert "<title>Error: " in page.source
    assert page.source.index('id="problem"') < page.source.index("<h1>")
    targets = [link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#id_")]
    assert targets == ["id_phone", "id_email", "id_first_0"]
    assert set(targets) <= set(page.ids)
    assert problems(response).keys() == {"phone", "email", "first"}
    assert shown_again(page, typed) == typed | {"first": ""}
    for _, attrs in page.elements:
        assert not attrs.keys() & {"required", "maxlength"}
    assert Answers.objects.count() == 1
