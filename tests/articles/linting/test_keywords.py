"""A keyword names what the text says, in its own words or by a declared synonym of them."""

import pytest

from siweb.articles.linting.report import advice
from siweb.articles.rendering.document import Document, Rule, Term
from siweb.articles.rendering.glossary_links import terms_by_name
from siweb.articles.rendering.renderer import Surroundings
from siweb.articles.text.front_matter import Text
from siweb.core.shared_texts import Sign, by_quote

SIGN = Sign(
    "pee-cannot", "emergency", "nerves", "everyone", "you cannot pee", "You cannot pee.", typed=("waterworks stuck",)
)
CONTEXT = Surroundings(
    rules={"driving": Rule("driving", "When may I drive?", "Stay off the road.")},
    terms=terms_by_name([Term("Buttock", "You sit on it.", also=("bottom",), typed=("backside",))]),
    signs=by_quote([SIGN]),
)
BODY = "Your buttock may be sore, or you catch an infection. Tell us about blood thinners. It may not help.\n"


def unanswered(*keywords, body=BODY, context=CONTEXT):
    text = Text("After it", "What to do.", "topic", takeaways=("One.", "Two.", "Three."), keywords=keywords, body=body)
    return [found.words for found in advice(Document(text), context=context) if found.key == "keyword"]


@pytest.mark.parametrize(
    "keyword",
    [
        "sore buttocks",
        "after it",
        "what to do",
        "backside",
        "sore backside",
        "warfarin",
        "have a cold",
        "it didn't work",
        "is it",
    ],
)
def test_a_keyword_that_the_text_answers_is_fine(keyword):
    assert unanswered(keyword) == []


@pytest.mark.parametrize(
    "keyword", ["parking", "sore knee", "morphine", "drive", "waterworks stuck", "buttok", "road", "kettle"]
)
def test_a_keyword_that_names_something_else_is_named(keyword):
    assert unanswered(keyword) == [keyword]


def test_what_a_text_quotes_is_part_of_it():
    assert unanswered("road", body=f"{BODY}\n[[rule:driving]]\n") == []
    assert unanswered("waterworks stuck", "cannot pee", body=f"{BODY}\n[[signs:nerves]]\n") == []


def test_every_unanswered_keyword_is_named_with_its_field():
    text = Text("After it", "What to do.", "topic", keywords=("sore", "kettle", "teapot"), body=BODY)
    found = [problem for problem in advice(Document(text), context=CONTEXT) if problem.key == "keyword"]
    assert [(problem.field, problem.words) for problem in found] == [("keywords", "kettle"), ("keywords", "teapot")]


def test_without_what_may_be_quoted_keywords_are_not_checked():
    assert unanswered("kettle", context=None) == []


def test_a_long_keyword_is_checked_in_no_time():
    assert len(unanswered(" ".join(["kettle"] * 2000))) == 1
