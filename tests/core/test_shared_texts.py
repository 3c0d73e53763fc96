"""The registry through which the form, e-mails, the desk and the search get the warning signs."""

import pytest

from siweb.core import shared_texts
from siweb.core.models import SiteVersion
from siweb.core.shared_texts import LEVELS, Sign, by_quote, one_line_each, strictness


def sign(key, level="emergency", group="nerves", audience="everyone"):
    return Sign(key, level, group, audience, f"short {key}", f"Full {key}.")


@pytest.fixture
def provided(db, monkeypatch):
    """What the provider returns, and how often it was asked."""
    held = [[sign("a")], 0]

    def provider():
        held[1] += 1
        return held[0]

    monkeypatch.setattr(shared_texts._registry, "provider", provider)
    return held


def test_the_signs_are_asked_for_again_only_when_the_site_has_changed(provided):
    assert [shared_texts.signs(), shared_texts.signs()] == [(sign("a"),)] * 2
    assert provided[1] == 1
    provided[0] = [sign("b")]
    assert shared_texts.signs() == (sign("a"),)
    SiteVersion.move()
    assert shared_texts.signs() == (sign("b"),)


def test_without_articles_there_are_no_signs(db):
    assert shared_texts.signs() == ()


def test_articles_provide_the_signs_that_readers_see(shipped):
    found = {sign.key: sign for sign in shared_texts.signs()}
    assert len(found) >= 139
    assert found["numb-saddle"].level == "emergency"


def test_signs_are_found_by_group_level_both_and_key():
    one, two = sign("a"), sign("b", "soon")
    found = by_quote([one, two])
    assert found["nerves"] == (one, two)
    assert found["soon"] == found["nerves:soon"] == found["b"] == (two,)


def test_a_sign_is_stricter_the_sooner_it_asks_for_help():
    order = [strictness(sign("a", level)) for level in LEVELS]
    assert order == sorted(order, reverse=True)
    assert strictness(None) == 0 < order[-1]


def test_a_short_list_has_a_line_for_each_sign_and_one_for_each_group_of_people():
    people = [sign(key, audience="people with diabetes") for key in "cd"]
    assert list(one_line_each([sign("a"), sign("b"), *people, people[0]])) == [
        "short a",
        "short b",
        "people with diabetes: short c; short d",
    ]
