"""The enquiry form: what it takes, what it refuses and how it says so, and the pages from the form to "sent"."""

import re
from html import unescape

import pytest
from django.core import mail
from django.utils.html import escape

from siweb.clinics.models import Clinic, LawfulBasis, Location
from siweb.enquiries import links, outbox, screening
from siweb.enquiries.forms import CONSENT_VERSION, NEEDS, TIMES
from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.signs import RED_SIGNS

from .enquiring import ANSWERS, CHECK, DOUBTFUL_PHONE, FOR_ANOTHER, FORM, PHONE, Page, ask, posted, send, sent

pytestmark = pytest.mark.django_db

EMPTY = {name: [] if isinstance(value, list) else "" for name, value in ANSWERS.items()}


def problems(response):
    """{field: what is said beside it} of a form that was refused."""
    said = Page(response).texts
    return {
        name.removeprefix("id_").removesuffix("_error"): text.removeprefix("Error: ")
        for name, text in said.items()
        if name.endswith("_error")
    }


def refused(client, answers=ANSWERS, **changes):
    """Send it, see that it is refused and nothing stored, and return what is said beside which field."""
    response = send(client, answers, **changes)
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    return problems(response)


# --- Phone numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "doubtful", "note"),
    [
        ("0161 496 0000", "+441614960000", False, ""),
        ("01614960000", "+441614960000", False, ""),
        ("(0161) 496-0000", "+441614960000", False, ""),
        ("0161.496.0000", "+441614960000", False, ""),
        ("0161 – 496 – 0000", "+441614960000", False, ""),
        ("+44 161 496 0000", "+441614960000", False, ""),
        ("+44 (0)161 496 0000", "+441614960000", False, ""),
        ("+44 0161 496 0000", "+441614960000", False, ""),
        ("0044 161 496 0000", "+441614960000", False, ""),
        ("+44 808 157 0192", "+448081570192", False, ""),
        ("+1 202-456-1111", "+12024561111", False, ""),
        ("０１６１ ４９６ ００００", "+441614960000", False, ""),
        ("٠١٦١ ٤٩٦ ٠٠٠٠", "+441614960000", False, ""),
        ("01632 960001", "+441632960001", True, ""),  # no such number has been given out
        ("07700 900123", "+447700900123", True, ""),
        ("0161 496 000", "+44161496000", True, ""),  # a digit too few
        ("0161 496 0000 after 5", "+441614960000", False, "after 5"),
        ("after 5: 0161 496 0000", "+441614960000", False, "after 5"),
        ("0161 496 0000 9-5", "+441614960000", False, "9-5"),
        ("0161 496 0000 (ask for Joan)", "+441614960000", False, "ask for Joan"),
        ("flat 12, 0161 496 0000", "+441614960000", False, "flat 12"),
        ("0161 496 0000 ext 5", "+441614960000", False, "ext 5"),
        ("0161 496 0000 or 07700 900123", "+441614960000", False, "or 07700 900123"),
    ],
)
def test_a_phone_number_is_kept_as_typed_and_as_it_is_dialled(client, typed, number, doubtful, note):
    said = sent(client, phone=typed).answers
    assert (said.phone, said.phone_doubtful, said.phone_note) == (number, doubtful, note)
    assert said.phone_raw == typed


@pytest.mark.parametrize("dash", list("‐‑‒–—−"))
def test_any_dash_may_stand_in_a_phone_number(client, dash):
    assert sent(client, phone=f"0161{dash}496{dash}0000").answers.phone == "+441614960000"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202a", "\u202c", "\u2066", "\u2069", "\ufeff", "\u00a0"])
def test_what_a_copied_phone_number_brings_unseen_does_not_matter(client, hidden):
    said = sent(client, phone=f"{hidden}0161 496 0000{hidden}").answers
    assert (said.phone, said.phone_raw, said.phone_note) == ("+441614960000", "0161 496 0000", "")


@pytest.mark.parametrize("typed", ["0161 496 00000", "0161 496 0000/07700 900123", "07700 9001234", "01614960000123"])
def test_a_phone_number_is_never_cut_to_another_persons(client, typed):
    """A number with too many digits, or two in one: refused, or the first whole one, but never a part of one."""
    send(client, phone=typed)
    assert not Answers.objects.exclude(phone="+441614960000").exists()


@pytest.mark.parametrize(
    "typed", ["abc", "ask my wife", "12345", "999", "+999 123 4567890", "01", "maria@patient.example"]
)
def test_what_is_no_phone_number_is_refused_with_examples(client, typed):
    wanted = "Enter a phone number, like 01632 960001, 07700 900982 or +44 808 157 0192."
    assert refused(client, phone=typed) == {"phone": wanted}


# --- E-mail addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("maria@patient.example", "maria@patient.example"),
        ("Maria.G+sij@Patient.Example", "Maria.G+sij@Patient.Example"),
        ("o'neill@patient.example", "o'neill@patient.example"),
        ("  maria@patient.example\t", "maria@patient.example"),
        ("maria @ patient.example", "maria@patient.example"),  # a phone's keyboard puts blanks there
        ("maria@patient .example", "maria@patient.example"),
        ("\u200bmaria@patient.example\ufeff", "maria@patient.example"),
    ],
)
def test_an_email_address_is_kept_without_stray_blanks(client, typed, stored):
    assert sent(client, email=typed).answers.email == stored


@pytest.mark.parametrize(
    "typed",
    [
        "maria",
        "maria@",
        "@patient.example",
        "maria@patient",
        "maria@@patient.example",
        "maria@patient..example",
        "maria@patient.example, tom@patient.example",
        "maria@patient.example tom@patient.example",
        "Maria <maria@patient.example>",
        "maria@localhost",  # our own machines are nobody's mailbox
        "maria@[127.0.0.1]",
        "0161 496 0000",
    ],
)
def test_what_is_no_email_address_is_refused_with_an_example(client, typed):
    assert refused(client, email=typed) == {"email": "Enter an e-mail address, like name@example.org."}


@pytest.mark.parametrize(
    "typed", ["maria@patient.example work", "maria@patient.example\nwork", "my mail maria@patient.example"]
)
def test_words_beside_an_email_address_do_not_become_part_of_it(client, typed):
    """The private link would go to somebody else."""
    problem = refused(client, email=typed)
    assert list(problem) == ["email"]
    assert problem["email"].startswith("Enter ")


@pytest.mark.parametrize("typed", ["josé@patient.example", "maria@münchen.example", "мария@пример.рф"])
def test_an_email_address_beyond_ascii_is_refused_with_another_way(client, typed):
    wanted = "We cannot write to an e-mail address with letters beyond a to z. Give another, or a phone number."
    assert refused(client, email=typed) == {"email": wanted}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("m@gmial.com", "m@gmail.com"),
        ("m@gmail.co", "m@gmail.com"),
        ("m@GMAIL.CON", "m@gmail.com"),
        ("m@hotmial.co.uk", "m@hotmail.co.uk"),
        ("m@yaho.com", "m@yahoo.com"),
        ("m@outlok.com", "m@outlook.com"),
        ("m@btinternet.co.uk", "m@btinternet.com"),
        ("m@gmail.com", ""),
        ("m@NHS.net", ""),
        ("m@mail.com", ""),
        ("m@live.ie", ""),
        ("m@gmx.de", ""),
        ("m@patient.example", ""),
    ],
)
def test_a_likely_slip_in_an_address_is_asked_about_and_never_changed(client, typed, meant):
    page = unescape(ask(client, email=typed).content.decode())
    assert f'<p class="big">{typed}</p>' in page
    assert re.findall(r"Did you mean (.*?)\?", page) == ([meant] if meant else [])
    assert sent(client, email=typed).answers.email == typed


def test_a_number_that_nobody_has_is_asked_about_and_taken(client):
    assert "We do not know of a number like <b>07700 900123</b>" in ask(client, phone=DOUBTFUL_PHONE).content.decode()
    assert "We do not know of a number" not in ask(client).content.decode()
    assert sent(client, phone=DOUBTFUL_PHONE).answers.phone_doubtful


# --- Names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "O",
        "Maria Gonçalves-O’Neill",
        "Dr. Anne-Marie (Annie) d'Arcy, Jr.",
        "X Æ A-12",
        "Llŷr ap Gwynfor",
        "Nguyễn Thị Minh Khai",
        "Bjo\u0308rk",  # a letter and its dots apart
        "Иван Петрович",
        "Ελένη Παπαδοπούλου",
        "محمد علي",
        "علی\u200cرضا",  # Persian needs the joiner
        "שרה לוי",
        "नरेन्द्र शर्मा",
        "สมชาย ใจดี",
        "李小龙",
        "김철수",
        "やまだ たろう",
        "አበበ ቢቂላ",
        "𠮷野家",
        "👩\u200d👩\u200d👧",
        "7",
    ],
)
def test_a_name_of_any_script_is_kept_letter_for_letter(client, name):
    enquiry = sent(client, FOR_ANOTHER, name=name, asker=name, relation=name)
    assert (enquiry.answers.name, enquiry.answers.asker, enquiry.answers.relation) == (name, name, name)


def test_blanks_around_and_within_a_name_are_made_one(client):
    assert sent(client, name="  Maria \t  Silva\u00a0").answers.name == "Maria Silva"


# --- For someone else -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("asker", "Enter your own name."),
        ("relation", "Say what you are to them, such as wife, son or carer."),
        ("knows", "Say whether they know that you are asking."),
        ("ring", "Say whom we should ring."),
    ],
)
def test_who_asks_for_someone_else_says_who_they_are(client, left_out, message):
    assert refused(client, FOR_ANOTHER, **{left_out: ""}) == {left_out: message}


@pytest.mark.parametrize("knows", ["yes", "no", "cannot"])
@pytest.mark.parametrize("ring", ["asker", "patient"])
def test_an_enquiry_for_someone_else_keeps_both_people(client, knows, ring):
    said = sent(client, FOR_ANOTHER, knows=knows, ring=ring).answers
    assert (said.who, said.asker, said.relation, said.knows, said.ring) == ("other", "Tom Okafor", "son", knows, ring)
    assert said.name == ANSWERS["name"]


@pytest.mark.parametrize(
    ("given", "is_refused"), [("asker", True), ("relation", True), ("knows", False), ("ring", False)]
)
def test_for_me_and_answers_for_someone_else_do_not_go_together(client, given, is_refused):
    if is_refused:
        wanted = "You also answered for someone else. Choose “someone else”, or empty those answers."
        assert refused(client, **{given: FOR_ANOTHER[given]}) == {"who": wanted}
    else:
        assert getattr(sent(client, **{given: FOR_ANOTHER[given]}).answers, given) == ""


# --- Ways to reach a person -------------------------------------------------------------------------------------

NO_ROUTE = {"phone": "Enter a phone number or an e-mail address, so that we can reply."}
WHICH_FIRST = {"first": "Choose which we should try first."}


@pytest.mark.parametrize(
    ("phone", "email", "first", "wanted"),
    [
        (True, False, "", "phone"),
        (True, False, "phone", "phone"),
        (True, False, "email", "phone"),  # there is only one
        (False, True, "", "email"),
        (False, True, "phone", "email"),
        (True, True, "phone", "phone"),
        (True, True, "email", "email"),
        (True, True, "", WHICH_FIRST),
        (False, False, "", NO_ROUTE),
        (False, False, "phone", NO_ROUTE),
    ],
)
def test_which_way_is_tried_first_is_asked_only_where_there_are_two(client, phone, email, first, wanted):
    changes = {"phone": PHONE if phone else "", "email": ANSWERS["email"] if email else "", "first": first}
    if isinstance(wanted, dict):
        assert refused(client, **changes) == wanted
    else:
        assert sent(client, **changes).answers.first == wanted


@pytest.mark.parametrize(
    ("phone", "voicemail", "wanted"),
    [
        (PHONE, "yes", "yes"),
        (PHONE, "no", "no"),
        (PHONE, "", {"voicemail": "Say whether we may leave a message."}),
        (PHONE, None, {"voicemail": "Say whether we may leave a message."}),
        ("", "", ""),
        ("", None, ""),
        ("", "yes", ""),  # there is no number that it could be about
    ],
)
def test_whether_a_message_may_be_left_is_needed_with_a_phone_number(client, phone, voicemail, wanted):
    if isinstance(wanted, dict):
        assert refused(client, phone=phone, voicemail=voicemail) == wanted
    else:
        assert sent(client, phone=phone, voicemail=voicemail).answers.voicemail == wanted


@pytest.mark.parametrize(
    ("needs", "language", "wanted"),
    [
        (["interpreter"], "", {"language": "Say which language you need an interpreter for."}),
        (["interpreter"], "\u3164", {"language": "Say which language you need an interpreter for."}),
        (["interpreter", "bsl"], "Somali", (["interpreter", "bsl"], "Somali")),
        (["bsl"], "", (["bsl"], "")),
        ([], "Somali", ([], "Somali")),
        ([], "", ([], "")),
    ],
)
def test_an_interpreter_needs_a_language(client, needs, language, wanted):
    if isinstance(wanted, dict):
        assert refused(client, needs=needs, language=language) == wanted
    else:
        said = sent(client, needs=needs, language=language).answers
        assert (said.needs, said.language) == wanted


# --- Choices ----------------------------------------------------------------------------------------------------


@pytest.fixture
def places():
    """Three places besides the example: two do injections."""
    for slug, offers in (("north", True), ("south", True), ("office", False)):
        Location(name=slug.title(), slug=slug, offers_injections=offers).save()


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("north", "North"),
        ("south", "South"),
        ("any", None),
        ("office", {"place": "Choose one of the answers that are shown."}),
        ("nowhere", {"place": "Choose one of the answers that are shown."}),
        ("", {"place": "Choose a clinic, or “No preference”."}),
        (None, {"place": "Choose a clinic, or “No preference”."}),
    ],
)
def test_a_place_is_chosen_among_those_that_do_injections(client, places, place, wanted):
    if isinstance(wanted, dict):
        assert refused(client, place=place) == wanted
    else:
        chosen = sent(client, place=place).answers.place
        assert (chosen and chosen.name) == wanted


def test_the_form_names_only_places_that_do_injections(client, places):
    values = [radio["value"] for radio in Page(client.get(FORM)).all("input", name="place")]
    assert values == ["example-location", "north", "south", "any"]


@pytest.mark.parametrize("name", ["times", "needs", "tell"])
def test_every_choice_of_a_list_is_stored_and_no_other_is_taken(client, name):
    choices = {"times": dict(TIMES), "needs": dict(NEEDS), "tell": dict.fromkeys(screening.KEYS)}[name]
    assert getattr(sent(client, language="Somali", **{name: list(choices)}).answers, name) == list(choices)
    before = Enquiry.objects.count()
    response = send(client, **{name: [*choices, "made-up"]}, language="Somali")
    assert problems(response) == {name: "Choose among the answers that are shown."}
    assert Enquiry.objects.count() == before


@pytest.mark.parametrize("name", ["who", "knows", "ring", "first", "voicemail"])
def test_no_answer_is_taken_that_was_not_shown(client, name):
    assert refused(client, FOR_ANOTHER, **{name: "made-up"}) == {name: "Choose one of the answers that are shown."}


@pytest.mark.parametrize(("tell", "call"), [([], ""), *(([key], "open") for key in screening.KEYS)])
def test_a_tick_means_a_clinicians_call_and_nothing_else(client, tell, call):
    enquiry = sent(client, tell=tell)
    assert (enquiry.call, enquiry.state, enquiry.answers.tell) == (call, "new", tell)


# --- Consent ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", ["", *LawfulBasis.values])
@pytest.mark.parametrize("given", [True, False])
def test_consent_is_asked_for_only_where_it_is_the_clinics_basis(client, basis, given):
    clinic = Clinic.current()
    clinic.lawful_basis = basis
    clinic.save()
    asked = basis == LawfulBasis.CONSENT
    page = Page(client.get(FORM))
    assert len(page.all("input", name="consent", type="checkbox")) == asked
    assert not page.all("input", name="consent", checked="")
    changes = {"consent": "on"} if given else {}
    if asked and not given:
        wanted = "We may only use what you write if you agree. If you would rather not, please call us."
        assert refused(client, **changes) == {"consent": wanted}
    else:
        assert sent(client, **changes).answers.consent == (CONSENT_VERSION if asked else "")


def test_consent_that_was_given_travels_with_the_answers(client):
    clinic = Clinic.current()
    clinic.lawful_basis = LawfulBasis.CONSENT
    clinic.save()
    assert Page(ask(client, consent="on")).fields()["consent"] == ["on"]
    changed = Page(ask(client, consent="on", do="change"))
    assert changed.fields()["consent"] == ["on"]


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
def test_each_kind_of_mistake_has_its_own_words_that_say_how_to_mend_it(client, name):
    answers, mistakes = MESSAGES[name]
    said = [refused(client, answers, **{name: typed}) for typed in mistakes.values()]
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
    assert refused(client, FOR_ANOTHER, **{name: typed}) == {name: wanted}


def test_an_empty_form_is_told_everything_at_once(client):
    assert refused(client, EMPTY) == {
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


def test_each_answer_has_a_label(client):
    page = Page(client.get(FORM))
    labelled = [label["for"] for label in page.all("label")]
    inputs = [i["id"] for i in page.all("input") + page.all("textarea") if i.get("type") != "hidden"]
    assert sorted(labelled) == sorted(inputs)


@pytest.mark.parametrize("answers", [None, EMPTY, WRONG, FOR_ANOTHER | {"do": "change"}])
def test_no_browser_judges_or_cuts_what_is_typed(client, answers):
    page = Page(client.get(FORM) if answers is None else ask(client, answers))
    assert page.all("form", action=CHECK, novalidate="")
    for tag, attrs in page.elements:
        assert not attrs.keys() & {"required", "maxlength", "minlength", "pattern", "aria-required"}, (tag, attrs)
    if answers is None:
        assert not [attrs for _, attrs in page.elements if "checked" in attrs]


def shown_again(page, answers):
    """The fields of a page as far as they were answered, in the shape of ANSWERS."""
    fields = page.fields()
    return {
        name: fields.get(name, []) if isinstance(value, list) else fields.get(name, [""])[0]
        for name, value in answers.items()
    }


def test_what_was_typed_is_kept_when_it_is_refused(client):
    words = "  Two lines,\n\twith <tags> & “quotes”. \n"
    typed = FOR_ANOTHER | {"phone": " call me ", "words": words, "tell": ["diabetes"], "needs": ["bsl", "text"]}
    assert shown_again(Page(ask(client, typed)), typed) == typed


def test_the_form_comes_back_as_it_was_when_an_answer_is_to_be_changed(client):
    data = posted(FOR_ANOTHER, do="change", tell=["night", "rather-say"])
    response = client.post(CHECK, data)
    page = Page(response)
    assert response.status_code == 200
    assert shown_again(page, data | {"do": ""}) == data | {"do": ""}
    assert "<title>Your enquiry" in response.content.decode()
    assert not Enquiry.objects.exists()


def test_a_form_keeps_its_key_and_beginning_on_every_page(client):
    data = posted()
    for changes in ({}, {"do": "change"}, {"name": ""}):
        fields = Page(client.post(CHECK, data | changes)).fields()
        assert (fields["key"], fields["began"]) == ([data["key"]], [data["began"]])


def test_two_forms_have_two_keys(client):
    keys = [Page(client.get(FORM)).fields()["key"][0] for _ in range(2)]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("name", {"type": "text", "autocomplete": "name", "spellcheck": "false"}),
        ("asker", {"type": "text", "autocomplete": "section-asker name", "spellcheck": "false"}),
        ("relation", {"autocomplete": "off"}),
        ("phone", {"type": "tel", "autocomplete": "tel"}),
        ("email", {"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        ("language", {"autocomplete": "off"}),
    ],
)
def test_a_browser_knows_what_it_may_fill_in(client, name, wanted):
    field = Page(client.get(FORM)).all("input", name=name)[0]
    assert wanted.items() <= field.items()


def test_the_private_page_tells_mistakes_in_the_same_way(client):
    path = f"/enquire/yours/{links.make_link(sent(client))}/"
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
        "Phone number": "0161 496 0000",
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


# --- Signs that cannot wait -------------------------------------------------------------------------------------

SIGNS = [sign for level in RED_SIGNS for sign in level.signs]
HEADINGS = [level.heading for level in RED_SIGNS]


def pages_with_signs(client):
    yield "start", client.get("/enquire/").content.decode()
    yield "check", ask(client).content.decode()
    yield "sent", client.get(send(client).url).content.decode()
    outbox.send_due()
    message = next(message for message in mail.outbox if message.to == [ANSWERS["email"]])
    yield "acknowledgement, HTML", message.alternatives[0].content


def test_the_red_signs_stand_wherever_a_person_might_wait_for_us(client):
    seen = []
    for where, page in pages_with_signs(client):
        seen.append(where)
        for words in [*SIGNS, *HEADINGS]:
            assert escape(words) in page, (where, words)
        assert 'href="tel:999"' in page
        assert 'href="tel:111"' in page
    assert len(seen) == 4


def test_the_acknowledgement_says_the_red_signs_in_plain_text_too(client):
    send(client)
    outbox.send_due()
    (message,) = mail.outbox
    for words in [*SIGNS, *HEADINGS, "Do not drive yourself.", "01632 960001"]:
        assert words in message.body


def test_no_question_asks_about_a_red_sign(client):
    page = client.get(FORM).content.decode()
    form = unescape(page[page.index("<form method") : page.index("</form>")])
    for sign in SIGNS:
        assert sign not in form
    names = {i["name"] for i in Page(client.get(FORM)).all("input") + Page(client.get(FORM)).all("textarea")}
    assert names - {"csrfmiddlewaretoken", "key", "began", "website"} == FOR_ANOTHER.keys()


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
