"""What each clinic decides for itself is quoted from our rules, never typed again."""

import pytest

from siweb.articles.linting.clinic_rules import RULES
from tests.support.advised import SOURCE, advised, keys

TYPED = [
    ("driving", "Do not drive for 24 hours."),
    ("driving", "For 2 days, do not drive."),
    ("keep-dry", "Keep the place dry for 24 hours."),
    ("keep-dry", "Take no bath for 2 days."),
    ("fasting", "Do not eat for 6 hours."),
    ("fasting", "Stop 6 hours before and take no food."),
    ("price", "It costs £450."),
    ("price", "From £ 1,200 a side."),
    ("time-to-leave", "You can go home after 30 minutes."),
    ("time-to-leave", "Set aside 2 hours."),
    ("escort", "Have someone stay for 24 hours."),
    ("repeat-limit", "You may have 3 a year."),
    ("repeat-limit", "Leave 3 months between them."),
    ("numb-leg", "Call if a leg is numb after 6 hours."),
]
LEFT_ALONE = [
    "[[rule:driving]]",
    "Is a leg still numb after [[rule:numb-leg]]?",
    "Do not drive while any part of you is numb.",
    "Tell the DVLA if you cannot drive after 3 months.",
    "After sedation, do not drive for 24 hours.",
    "Do not drink alcohol for 24 hours.",
    "Eat as you like.",
    "Ask what it costs.",
    "Check your sugar for 7 days.",
    "The skin is dry. Wait 6 hours.",
    "Someone helps you to stand.",
    f"One clinic says: no driving for 24 hours.[^s]{SOURCE}",
    f"::: differs\n- One clinic: dry for 2 days[^s]\n- Others: dry for 24 hours\n:::{SOURCE}",
]


@pytest.mark.parametrize(("rule", "words"), TYPED)
def test_an_answer_of_the_clinic_that_was_typed_is_named_with_its_rule(rule, words):
    [found] = advised(words)
    assert found.key == "our-rule"
    assert f"[[rule:{rule}]]" in found.message


def test_each_rule_that_can_be_named_is_in_this_table():
    assert {rule for rule, _ in TYPED} == RULES.keys()


@pytest.mark.parametrize("words", LEFT_ALONE)
def test_what_holds_everywhere_or_is_told_of_others_is_left_alone(words):
    assert "our-rule" not in keys(words)


@pytest.mark.parametrize("place", ["title", "summary", "takeaways"])
def test_no_text_announces_an_answer_of_the_clinic(place):
    words = "Keep it dry for 24 hours."
    [found] = advised(**{place: ("a", "b", words) if place == "takeaways" else words})
    assert (found.key, found.field, found.words) == ("our-rule", place, "dry for 24 hours")


@pytest.mark.parametrize(("kind", "advise"), [("step", True), ("topic", True), ("page", False), ("rules", False)])
def test_our_rules_themselves_and_pages_about_the_site_are_left_alone(kind, advise):
    assert keys("Do not drive for 24 hours.", kind=kind) == ({"our-rule"} if advise else set())
