"""What must appear beside a list of warning signs: how to travel, who needs more, and where 111 is not the number.

The page "when to get help" has a layout of its own, with headings between its cards, and is checked in
test_safety_messages.py.
"""

import re

import pytest

from siweb.articles.rendering import syntax
from tests.articles.content.test_safety_messages import cards, signs_in
from tests.articles.content.test_signs_in_prose import ARTICLES, links_to_the_table
from tests.support.rendering import shipped

OTHERS = [slug for slug in ARTICLES if slug != "when-to-get-help"]

# Heading of an emergency card: what the card says about the way there.
WAYS = {
    r"call 999 or go to A&E": "Do not drive yourself.",
    r"call 999 (?:if|for)": "Do not travel by car.",
}
AT_THE_CLINIC = "If you are still at the clinic, tell staff at once."
NORTHERN_IRELAND = "In Northern Ireland"


def without_the_way(found):
    """The headings of the emergency cards that do not say how to travel, or whom to tell at the clinic."""
    return [
        card.heading
        for card in found
        for heading, way in WAYS.items()
        if card.kind == "emergency" and re.search(heading, card.heading, re.IGNORECASE)
        if way not in card.beside or AT_THE_CLINIC not in card.beside
    ]


def shown(slug):
    """The keys of the signs that an article quotes or links, with the groups of the links."""
    document = shipped()[slug]
    quoted = {sign.key for token in document.tokens for sign in signs_in(token)}
    return quoted | {anchor for anchor, _ in links_to_the_table(document)}


@pytest.mark.parametrize("slug", OTHERS)
def test_every_emergency_card_says_how_to_travel_and_whom_to_tell_at_the_clinic(slug):
    assert without_the_way(cards(slug)) == []


@pytest.mark.parametrize("slug", ARTICLES)
def test_back_pain_after_cancer_is_never_shown_without_the_cancer_emergencies(slug):
    assert "cancer-back-pain" not in shown(slug) or {"cancer-unsteady", "cancer-legs", "cancer-band"} <= shown(slug)


@pytest.mark.parametrize("slug", ARTICLES)
def test_cancer_treatment_and_a_weak_immune_system_are_beside_every_fever(slug):
    found = shown(slug)
    if found & {"fever", "infection"}:
        assert found & {"cancer-treatment", "chemo-temp-high"}
        assert found & {"immune", "immune-infection"}


@pytest.mark.parametrize("slug", OTHERS)
def test_a_page_with_a_card_that_says_111_names_northern_ireland(slug):
    urgent = [card for card in cards(slug) if card.kind == "urgent" and "fever" in " ".join(card.points)]
    words = " ".join(syntax.plain(token) for token in shipped()[slug].tokens if token.type == "inline")
    assert not urgent or NORTHERN_IRELAND in words


def test_a_card_without_them_is_found():
    [card, *_] = [card for card in cards("aftercare") if not without_the_way([card]) and card.kind == "emergency"]
    assert without_the_way([type(card)(card.kind, card.heading, card.points, "Call 999.")]) == [card.heading]
