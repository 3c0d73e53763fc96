"""What a patient needs to choose stands in the articles that we ship: what judges of such information ask for, item by item."""

import re

import pytest

from siweb.articles.rendering import syntax
from tests.support.rendering import shipped

# What is asked for: the article, and words of the heading that answers it.
ASKED_FOR = {
    "how a treatment works": ("benefits-and-risks", "how it is meant to work"),
    "what it may bring": ("benefits-and-risks", "what it may do for you"),
    "what may go wrong": ("benefits-and-risks", "what may go wrong"),
    "what it means for everyday life": ("benefits-and-risks", "daily life"),
    "what happens without it": ("benefits-and-risks", "if you do nothing"),
    "that there are other choices": ("benefits-and-risks", "other choices"),
    "what is not known": ("benefits-and-risks", "how sure"),
    "help to decide with somebody": ("benefits-and-risks", "deciding together"),
    "where to learn more": ("benefits-and-risks", "where to find more"),
    "doing nothing as a choice": ("your-options", "doing nothing"),
    "how the choices compare": ("your-options", "choosing between them"),
    "who may have it paid for": ("cost-and-referral", "with the NHS"),
    "what to do when it did not help": ("it-did-not-help", "never helped"),
}


@pytest.mark.parametrize(("slug", "words"), ASKED_FOR.values(), ids=ASKED_FOR)
def test_what_a_choice_needs_has_a_heading_of_its_own(slug, words):
    headings = [heading for _, _, heading in shipped()[slug].headings.values()]
    assert any(re.search(words, heading, re.IGNORECASE) for heading in headings)


def questions(document):
    """The words in bold with which the points of each section begin: {section: [words]}."""
    found, section = {}, ""
    for index, token in enumerate(document.tokens):
        if index in document.headings:
            section = document.headings[index][2]
        elif token.type == "inline" and token.children[1:2] and token.children[1].type == "strong_open":
            found.setdefault(section, []).append(syntax.plain(token).partition(":")[0])
    return found


def test_every_option_answers_the_same_questions():
    options = questions(shipped()["your-options"])
    assert len(options) == 8
    assert len({tuple(asked) for asked in options.values()}) == 1


@pytest.mark.parametrize("slug", ["benefits-and-risks", "your-options", "types-of-injection", "it-did-not-help"])
def test_what_tells_of_the_injection_says_how_sure_it_is_and_names_its_sources(slug):
    document = shipped()[slug]
    assert re.search(r"not known|nobody knows|unsure|not very|does not prove|thin", document.text.body, re.IGNORECASE)
    assert "sources" in document.anchors
