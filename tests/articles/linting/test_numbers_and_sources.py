"""Numbers that claim something have a source beside them; a share that is told twice is the same twice."""

import pytest

from tests.support.advised import SOURCE, advised, keys

CLAIMS = [
    *("1 in 20", "1 in every 20", "1,000 in every 30,000", "43 of 45", "3 out of the 40", "12 of these 13"),
    *("40 mg", "40mg", "0.5 ml", "2.5 millilitres", "80 micrograms", "6 mSv"),
    *("lasts 3 months", "lasts for about 6 weeks", "can last up to 7 days", "takes 2 to 4 weeks"),
    *("pain for up to 3 days", "soreness may go on for 2 days", "relief comes within 6 hours", "starts in 2 to 7 days"),
    *("effect is full after 2 to 4 weeks", "numbness has gone after about 6 hours"),
    *("fades within 4 to 6 hours", "is gone after 2 days", "wears off in 6 hours", "settles in 1 or 2 weeks"),
]
NO_CLAIMS = [
    *("page 1 of 2", "step 2 of 3", "a 5 minute walk", "wait 6 hours", "in the last 14 days", "take 2 tablets"),
    *("call us if the pain goes on for 3 days", "wait until the soreness has gone for 2 days", "the last 14 days"),
    *("check for infection for 7 days", "score your pain within 30 minutes", "sore for up to a few days"),
    *("keep it dry for 24 hours", "1 in the morning", "a leg numb for 6 hours", "Has it lasted 3 months?"),
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_claims_something_needs_a_source(claim):
    [found] = advised(f"So: it {claim}, we hear.")
    assert (found.key, found.words) == ("no-source", claim)
    assert advised(f"So: it {claim}, we hear.[^s]{SOURCE}") == []


@pytest.mark.parametrize("words", NO_CLAIMS)
def test_what_claims_nothing_needs_none(words):
    assert "no-source" not in keys(words)


@pytest.mark.parametrize(("kind", "needs"), [("step", True), ("topic", True), ("page", False), ("rules", False)])
def test_how_long_things_last_here_is_the_clinics_own_to_say(kind, needs):
    assert keys("The link lasts 30 days.", kind=kind) == ({"no-source"} if needs else set())


def test_a_question_claims_nothing():
    assert advised("How do I know if it lasts 3 months?") == []


# Where a number stands, and whether a source stands by it.
SOURCED = {
    "its own mark": ("1 in 20 a.[^s]", True),
    "no mark": ("1 in 20 a.", False),
    "the paragraph before is marked": ("a[^s]\n\n1 in 20 b.", False),
    "its own mark in a list": ("- 1 in 20[^s]", True),
    "another item of the list is marked": ("- 1 in 20\n- a[^s]", True),
    "an item of a list in the list is marked": ("- 1 in 20\n  1. a[^s]", True),
    "the paragraph before the list is marked": ("Of them:[^s]\n\n- 1 in 20", True),
    "a paragraph further up is marked": ("Of them:[^s]\n\nAnd so:\n\n- 1 in 20", False),
    "the heading before the list is marked": ("## Of them[^s]\n\n- 1 in 20", False),
    "the paragraph after the list is marked": ("- 1 in 20\n\na[^s]", False),
    "the list before is marked": ("- a[^s]\n\n1. 1 in 20", False),
    "no item is marked": ("- 1 in 20\n- a", False),
    "a cell of the table is marked": ("|a|b|\n|-|-|\n|c[^s]|d|\n|e|1 in 20|", True),
    "the head of the table is marked": ("|a|b[^s]|\n|-|-|\n|c|1 in 20|", True),
    "the paragraph before the table is marked": ("Of them:[^s]\n\n|a|b|\n|-|-|\n|c|1 in 20|", True),
    "no cell is marked": ("|a|b|\n|-|-|\n|c|1 in 20|", False),
    "another item of the box is marked": ("::: differs\n- 1 in 20\n- a[^s]\n:::", True),
    "a paragraph of the box is marked": ("::: differs\na[^s]\n\n- 1 in 20\n:::", True),
    "the paragraph before the box is marked": ("a[^s]\n\n::: do\n- 1 in 20\n:::", True),
    "a paragraph of the box tells the number": ("::: do\n1 in 20.\n\n- a[^s]\n:::", False),
    "another paragraph of the sheet is marked": (":::: sheet\n## A\n\na[^s]\n\nb\n\n- 1 in 20\n::::", False),
    "another item of a list in the sheet is marked": (":::: sheet\n## A\n\n- 1 in 20\n- a[^s]\n::::", True),
    "the paragraph before the list in the sheet is marked": (":::: sheet\n## A\n\na[^s]\n\n- 1 in 20\n::::", True),
    "a box in the sheet is marked": (":::: sheet\n## A\n\n::: do\n- a[^s]\n:::\n\n## B\n\n1 in 20\n::::", False),
    "a list after the sheet": (":::: sheet\n## A\n\n- a[^s]\n::::\n\n## B\n\n- 1 in 20", False),
    "nothing in the box is marked": ("::: do\n- 1 in 20\n- a\n:::", False),
    "another meaning is marked": ("word\n:   1 in 20\n:   a[^s]", True),
}


@pytest.mark.parametrize(("body", "sourced"), SOURCED.values(), ids=SOURCED)
def test_a_number_in_a_list_or_a_table_may_share_a_source(body, sourced):
    found = [problem.words for problem in advised(f"{body}{SOURCE}") if problem.key == "no-source"]
    assert found == ["1 in 20"] * (not sourced)


AGREE = ["5% (1 in 20)", "1 in 20 (5%)", "8% or 1 in 12", "7%, or about 1 in 14", "38 of 317 people (about 1 in 8)"]
AGREE += ["1 in 10 or 1 in 20", "5% or 9%", "0.5% or 1 in 200", "5% of people, and 1 in 2", "2 of 1,000 (1 in 500)"]
DISAGREE = ["0.235% or 1 in 23,500", "5% (1 in 10)", "1 in 20, or 50%", "38 of 317 people (about 1 in 80)"]
DISAGREE += ["40% or 1 in 3", "5 percent or 1 in 50"]


@pytest.mark.parametrize("words", AGREE)
def test_a_share_told_twice_may_be_rounded(words):
    assert "disagree" not in keys(f"It was {words}.[^s]{SOURCE}")


@pytest.mark.parametrize("words", DISAGREE)
def test_a_share_told_twice_is_the_same_twice(words):
    found = [problem for problem in advised(f"It was {words}.[^s]{SOURCE}") if problem.key == "disagree"]
    assert [problem.words for problem in found] == [words]


def test_what_is_announced_stands_in_the_text():
    assert keys(f"1 in 20 feel it.[^s]{SOURCE}", summary="It happens to 1 in 20.") == set()
    assert keys(summary="It happens to 1 in 20.") == {"only-announced"}
    assert keys(takeaways=("a", "b", "1 in 20")) == {"only-announced"}
