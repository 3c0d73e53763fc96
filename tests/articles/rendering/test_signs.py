"""The text of the warning signs, and the lists that other texts make from it."""

from dataclasses import replace
from time import process_time

import pytest

from siweb.articles.rendering import syntax
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.text.front_matter import BadText
from siweb.core.shared_texts import by_quote
from tests.support.rendering import AROUND, document, html, shipped

ENTRY = """{key}
:   level: {level}
:   group: {group}
:   for: {people}
:   short: {short}
:   source: [^a]
:   typed: one, two words
:   {wording}

"""
SOURCES = "[^a]: Someone. A title. *Journal*, 2020. [x](https://example.org). Read: abstract.\n"


def entry(key, level="emergency", group="nerves", people="everyone", short="", wording=""):
    return ENTRY.format(
        key=key,
        level=level,
        group=group,
        people=people,
        short=short or f"short {key}",
        wording=wording or f"Full {key}.",
    )


BODY = (
    entry("numb", wording="Numb *at once*.")
    + entry("bowel")
    + entry("breath", "emergency-999", "body")
    + entry("warm", "same-day", "body")
    + entry("fine", "normal", "body")
    + entry("sugar", "emergency-999", "diabetes", "people with diabetes")
    + SOURCES
)
SIGNS = document(BODY, "signs").signs
WITH_SIGNS = replace(AROUND, signs=by_quote(SIGNS))


def page(body):
    return html(body, around=WITH_SIGNS)


def problems(body, kind="signs", around=WITH_SIGNS):
    with pytest.raises(BadText) as refused:
        render(document(body, kind), around)
    return [str(problem) for problem in refused.value.problems]


def test_an_entry_is_read_into_a_sign():
    sign = SIGNS[0]
    assert (sign.key, sign.level, sign.group, sign.audience) == ("numb", "emergency", "nerves", "everyone")
    assert (sign.short, sign.wording, sign.written) == ("short numb", "Numb at once.", "Numb *at once*.")
    assert (sign.sources, sign.typed, sign.is_on_form) == (("a",), ("one", "two words"), False)
    on_form = document(BODY.replace(":   source", ":   form: yes\n:   source", 1), "signs").signs
    assert [sign.key for sign in on_form if sign.is_on_form] == ["numb"]


def test_the_page_has_each_sign_in_full_under_its_group_and_level():
    made = html(BODY, "signs")
    assert '<h2 id="nerves">Nerves</h2>\n<h3>Call 999 or go to A&amp;E</h3>' in made
    action = 'Call <a href="tel:999">999</a> or go to A&amp;E'
    assert f'<li id="numb"><strong>{action}:</strong> Numb <em>at once</em>.<sup class="ref">' in made
    assert "short numb" not in made
    assert "two words" not in made
    assert {"numb", "sugar", "nerves", "body", "diabetes"} <= document(BODY, "signs").anchors


def test_each_sign_is_a_section_for_the_search():
    found = {section.anchor: section for section in document(BODY, "signs").sections({}, {})}
    assert (found["numb"].heading, found["numb"].text) == ("Short numb", "Call 999 or go to A&E. Numb at once.")
    assert found["nerves"].level == 2


MISTAKES = {
    "level": (BODY.replace("level: emergency\n", "level: danger\n", 1), 'Sign "numb" has the unknown level "danger".'),
    "group": (BODY.replace("group: nerves", "group: nerve", 1), 'Sign "numb" has the unknown group "nerve".'),
    "missing": (BODY.replace(":   short: short numb\n", "", 1), 'Sign "numb" has no line "short:".'),
    "empty": (BODY.replace("short: short numb", "short:", 1), 'Sign "numb" has no line "short:".'),
    "wording": (BODY.replace(":   Numb *at once*.\n", "", 1), 'Sign "numb" needs its full wording once'),
    "key": (BODY.replace("numb\n", "Numb!\n", 1), '"Numb!" cannot be the key of a sign.'),
    "a group as key": (BODY.replace("numb\n", "nerves\n", 1), '"nerves" cannot be the key of a sign.'),
    "form": (BODY.replace(":   source", ":   form: no\n:   source", 1), 'Sign "numb": write "form: yes"'),
}


@pytest.mark.parametrize(("body", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(body, message):
    [problem] = problems(body)
    assert problem.startswith("line 1: ")
    assert message in problem


def test_a_key_that_is_there_twice_is_named_at_its_second_place():
    [problem] = problems(entry("numb") + entry("numb") + SOURCES)
    assert problem.startswith('line 10: "numb"')


def test_a_group_a_level_both_and_a_key_become_lists():
    assert page("[[signs:nerves]]") == "<ul>\n<li>short numb</li>\n<li>short bowel</li>\n</ul>\n"
    assert page("[[signs:same-day]]") == "<ul>\n<li>short warm</li>\n</ul>\n"
    assert page("[[signs:body:normal]]") == "<ul>\n<li>short fine</li>\n</ul>\n"
    assert page("[[signs:breath]]\n[[signs:numb]]\n[[signs:nerves]]").count("<li>") == 3


def test_a_sign_of_some_people_says_whose_it_is_in_a_mixed_list():
    assert "<li>people with diabetes:\n<ul>\n<li>short sugar</li>\n</ul>\n</li>" in page("[[signs:emergency-999]]")
    assert "<li>short sugar</li>" in page("[[signs:diabetes]]")


def test_a_page_writes_down_which_signs_it_shows():
    before = render(document("[[signs:nerves]]"), WITH_SIGNS)
    assert set(before.quotes) == {"sign:numb", "sign:bowel"}
    assert ("signs", "nerves") in before.uses
    typed = replace(AROUND, signs=by_quote(document(BODY.replace("two words", "more"), "signs").signs))
    assert render(document("[[signs:nerves]]"), typed).quotes == before.quotes
    for old, new in (("short numb", "other"), ("level: emergency\n", "level: same-day\n"), ("*at once*", "soon")):
        changed = replace(AROUND, signs=by_quote(document(BODY.replace(old, new, 1), "signs").signs))
        assert render(document("[[signs:nerves]]"), changed).quotes != before.quotes


@pytest.mark.parametrize(
    ("card", "quote"),
    [("emergency Call 999 if:", quote) for quote in ("fine", "body", "warm")]
    + [("urgent Call 111 if:", quote) for quote in ("fine", "numb", "breath")]
    + [("nonurgent See your GP if:", quote) for quote in ("numb", "warm")],
)
def test_no_card_shows_a_sign_of_another_level(card, quote):
    assert "which is not for this card" in problems(f"::: {card}\n[[signs:{quote}]]\n:::", "topic")[0]


def test_a_sign_that_needs_an_ambulance_is_in_no_card_that_also_sends_people_to_a_and_e():
    assert "says 999 only" in problems("::: emergency Call 999 or go to A&E if:\n[[signs:breath]]\n:::", "topic")[0]
    assert "short breath" in page("::: emergency Call 999 if:\n[[signs:breath]]\n:::")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[[signs:numbness]]", 'There are no signs "numbness".'),
        ("Look: [[signs:nerves]]", "makes a list. Put it into a paragraph of its own."),
        ("[[signs:nerves]]\n\n" * 81, "more than 80 lists of signs"),
    ],
)
def test_a_quote_that_makes_no_list_is_refused(body, message):
    assert message in problems(body, "topic")[0]


def test_the_text_of_the_signs_has_a_limit_of_its_own_and_no_other_text_has_it():
    many = "* " * (syntax.MOST_MARKS + 100)
    with pytest.raises(BadText, match="Keep it under 3,700"):
        document(many)
    document(many, "signs")
    with pytest.raises(BadText, match="Keep it under 10,000"):
        document("* " * (syntax.MOST_MARKS_IN_SIGNS + 100), "signs")


def test_our_signs_are_parsed_in_less_than_half_a_second():
    text = shipped()["warning-signs"].text
    taken = []
    for _ in range(3):
        began = process_time()
        Document(text)
        taken.append(process_time() - began)
    assert min(taken) < 0.5


def test_a_list_shows_the_sentence_that_tells_a_sign_from_another_level_once_but_a_short_list_does_not():
    contrast = "*After an injection, a numb patch is expected. <Between> the legs it never is.*"
    signs = document(
        "".join(
            entry(key, wording=f"Numb {key}. {contrast}").replace(":   source", ":   form: yes\n:   source")
            for key in "ab"
        )
        + SOURCES,
        "signs",
    ).signs
    around = replace(AROUND, signs=by_quote(signs))
    shown = html("[[signs:nerves]]", around=around)
    sentence = "<em>After an injection, a numb patch is expected. &lt;Between&gt; the legs it never is.</em>"
    assert f"<li>short a</li>\n<li>short b. {sentence}</li>" in shown
    assert "<em>" not in html("[[signs:nerves:form]]", around=around)


def test_a_wallet_card_is_on_the_page_and_in_no_section_for_the_search_or_the_contents():
    text = document("## On the page\n\nBefore.\n\n:::: wallet\n## Card\n\nSmall words.\n::::\n\nAfter.\n")
    sections = [(section.heading, section.text) for section in text.sections({}, {})]
    assert sections == [("", ""), ("On the page", "Before. After.")]
    assert "Small words" in html("## On the page\n\n:::: wallet\n## Card\n\nSmall words.\n::::\n")


def test_every_sign_with_an_opposite_on_the_other_side_has_the_sentence_that_tells_them_apart():
    signs = {sign.key: sign for sign in shipped()["warning-signs"].signs}
    for key in (
        "numb-buttock",
        "legs-weak-numb",
        "steroid-faint",
        "steroid-brief-faint",
        "drowsy",
        "swollen-face",
        "shivers",
    ):
        assert signs[key].contrast, key
    assert [key for key, sign in signs.items() if sign.level == "normal" and not sign.contrast] == []
