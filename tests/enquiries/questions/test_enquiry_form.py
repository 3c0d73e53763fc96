"""The enquiry form: its questions, and which answers it takes and stores."""

import pytest

from siweb.clinics.models import Clinic, LawfulBasis, Location
from siweb.enquiries.intake import spam
from siweb.enquiries.models import Enquiry
from siweb.enquiries.questions import screening
from siweb.enquiries.questions.forms import CONSENT_VERSION, NEEDS, TIMES
from tests.support.enquiring import (
    ANSWERS,
    CHECK,
    FOR_ANOTHER,
    FORM,
    PHONE,
    Page,
    ask,
    posted,
    problems,
    refused,
    send,
    sent,
)

pytestmark = pytest.mark.django_db


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
    assert refused(send(client, FOR_ANOTHER, **{left_out: ""})) == {left_out: message}


@pytest.mark.parametrize("knows", ["yes", "no", "cannot"])
@pytest.mark.parametrize("ring", ["asker", "patient"])
def test_an_enquiry_for_someone_else_keeps_both_people(client, knows, ring):
    said = sent(client, FOR_ANOTHER, knows=knows, ring=ring).answers
    assert (said.who, said.asker, said.relation, said.knows, said.ring) == ("other", "Tom Okafor", "son", knows, ring)
    assert said.name == ANSWERS["name"]


@pytest.mark.parametrize("given", [("relation",), ("asker", "relation")])
def test_for_me_and_what_one_is_to_another_do_not_go_together(client, given):
    wanted = "You also answered for someone else. Choose “someone else”, or empty those answers."
    assert refused(send(client, **{name: FOR_ANOTHER[name] for name in given})) == {"who": wanted}


@pytest.mark.parametrize("given", ["asker", "knows", "ring"])
def test_for_me_what_a_browser_filled_in_or_was_chosen_for_someone_else_does_not_count(client, given):
    """A browser fills in its owner's name wherever a name is asked for."""
    assert getattr(sent(client, **{given: FOR_ANOTHER[given]}).answers, given) == ""
    assert FOR_ANOTHER["asker"] not in Page(ask(client, **{given: FOR_ANOTHER[given]})).source.partition("<dl")[2]


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
        assert refused(send(client, place=place)) == wanted
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


@pytest.mark.parametrize(("name", "value"), [("times", "morning"), ("needs", "bsl"), ("tell", "night")])
def test_a_choice_that_is_sent_many_times_is_stored_once(client, name, value):
    only_needed = {"who": "me", "name": "Maria", "phone": PHONE, "voicemail": "yes", "place": "any"}
    assert getattr(sent(client, only_needed, **{name: [value] * 90}).answers, name) == [value]


@pytest.mark.parametrize("name", ["who", "knows", "ring", "first", "voicemail"])
def test_no_answer_is_taken_that_was_not_shown(client, name):
    assert refused(send(client, FOR_ANOTHER, **{name: "made-up"})) == {
        name: "Choose one of the answers that are shown."
    }


@pytest.mark.parametrize(("tell", "call"), [([], ""), *(([key], "open") for key in screening.KEYS)])
def test_a_tick_means_a_clinicians_call_and_nothing_else(client, tell, call):
    enquiry = sent(client, tell=tell)
    assert (enquiry.call, enquiry.state, enquiry.answers.tell) == (call, "new", tell)


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
        assert refused(send(client, needs=needs, language=language)) == wanted
    else:
        said = sent(client, needs=needs, language=language).answers
        assert (said.needs, said.language) == wanted


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
        assert refused(send(client, **changes)) == {"consent": wanted}
    else:
        assert sent(client, **changes).answers.consent == (CONSENT_VERSION if asked else "")


def test_consent_that_was_given_travels_with_the_answers(client):
    clinic = Clinic.current()
    clinic.lawful_basis = LawfulBasis.CONSENT
    clinic.save()
    assert Page(ask(client, consent="on")).fields()["consent"] == ["on"]
    changed = Page(ask(client, consent="on", do="change"))
    assert changed.fields()["consent"] == ["on"]


# --- The page ---------------------------------------------------------------------------------------------------


def test_each_answer_has_a_label(client):
    page = Page(client.get(FORM))
    labelled = [label["for"] for label in page.all("label")]
    inputs = [i["id"] for i in page.all("input") + page.all("textarea") if i.get("type") != "hidden"]
    assert sorted(labelled) == sorted(inputs)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("name", {"type": "text", "autocomplete": "name", "spellcheck": "false"}),
        ("asker", {"type": "text", "autocomplete": "section-asker name", "spellcheck": "false"}),
        ("phone", {"type": "tel", "autocomplete": "tel"}),
        ("email", {"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    ],
)
def test_a_browser_knows_what_it_may_fill_in(client, name, wanted):
    field = Page(client.get(FORM)).all("input", name=name)[0]
    assert wanted.items() <= field.items()


def test_no_answer_is_forbidden_to_come_back(client):
    """What has autocomplete="off" is empty after Back and after a reload."""
    page = Page(client.get(FORM))
    fields = [
        field for field in page.all("input") + page.all("textarea") + page.all("form") if field.get("name") != spam.TRAP
    ]
    assert [field for field in fields if field.get("autocomplete") == "off"] == []


def test_two_forms_have_two_keys(client):
    keys = [Page(client.get(FORM)).fields()["key"][0] for _ in range(2)]
    assert keys[0] != keys[1]


def test_a_form_keeps_its_key_and_beginning_on_every_page(client):
    data = posted()
    for changes in ({}, {"do": "change"}, {"name": ""}):
        fields = Page(client.post(CHECK, data | changes)).fields()
        assert (fields["key"], fields["began"]) == ([data["key"]], [data["began"]])
