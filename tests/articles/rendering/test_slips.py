"""Slips of ordinary authors: what a page would lose, change or show as a mark is reported, and shipped articles have none."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.linting import report
from siweb.articles.rendering import slips
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.text.front_matter import BadText, Text
from tests.support.rendering import AROUND, document, html, shipped, shipped_surroundings
from tests.support.silent import lost_signs
from tests.support.timing import holds_in_turns

LINES = (Path(__file__).parent / "cases" / "slips.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [(outcome, *map(json.loads, texts)) for outcome, *texts in (line.split("\t") for line in LINES[1:])]
FIXED = [(row[1], row[2]) for row in ROWS if len(row) == 3]


def found(body, kind="topic"):
    """(errors, advice) as an editor would get them, all of them Problems."""
    try:
        text = document(f"{body}\n", kind)
        render(text, AROUND)
        errors = []
    except BadText as bad:
        errors = bad.problems
    return errors, [point for point in report.advice(text) if point.key == "as-written"]


def outcome_of(body):
    errors, advice = found(body)
    return "error" if errors else "advice" if advice else "shown"


def first_fix(body):
    """The first Problem with a fix, or None."""
    errors, advice = found(body)
    return next((problem for problem in [*errors, *advice] if problem.fix), None)


def fixed(body):
    """The body after the first fix that is offered."""
    problem = first_fix(body)
    old, new = problem.fix
    lines = body.split("\n")
    count = old.count("\n") + 1
    assert "\n".join(lines[problem.line - 1 : problem.line - 1 + count]) == old
    return "\n".join([*lines[: problem.line - 1], new, *lines[problem.line - 1 + count :]])


@pytest.mark.parametrize("outcome", ["error", "advice", "shown"])
def test_a_slip_is_reported_or_shows_as_it_is_written(outcome):
    rows = [body for expected, body, *_ in ROWS if expected == outcome]
    assert len(rows) > 100
    assert [body for body in rows if outcome_of(body) != outcome] == []


def test_one_press_makes_of_it_what_was_meant():
    assert len(FIXED) > 80
    assert [(body, fixed(body)) for body, right in FIXED if fixed(body) != right] == []


def test_what_was_fixed_is_not_reported_again():
    for body, right in FIXED:
        errors, advice = found(right)
        problem = first_fix(body)
        assert (problem.line, problem.message) not in [(other.line, other.message) for other in [*errors, *advice]], (
            body
        )


def test_pressing_on_comes_to_an_end():
    for body, _ in FIXED:
        presses = 0
        while first_fix(body):
            body, presses = fixed(body), presses + 1
            assert presses < 9, body


@pytest.mark.parametrize("slug", sorted(shipped()))
def test_no_article_that_we_ship_has_a_slip(slug):
    assert shipped()[slug].slips == ()


def test_every_slip_says_how_to_fix_it_and_where():
    for _, body, *_ in ROWS:
        for slip in document(f"{body}\n").slips:
            assert slip.message.endswith("."), slip
            assert 0 <= slip.line <= body.count("\n"), slip


IN_THE_GLOSSARY = {
    "entries without a blank line": ("A\n:   x\nB\n:   y", 2, "A\n:   x\n\nB\n:   y"),
    "a meaning without its blank line": ("A\n:   x\nand more", 2, "A\n:   x\n\nand more"),
    "other names with a small letter": ("A\n:   x\n:   also: b", 2, "A\n:   x\n:   Also: b"),
    "other names with a semicolon": ("A\n:   x\n:   Also; b", 2, "A\n:   x\n:   Also: b"),
    "typed words with a blank": ("A\n:   x\n:   Typed : b", 2, "A\n:   x\n:   Typed: b"),
    "a word with a colon": ("A:\n:   x", 0, "A\n:   x"),
    "other names with semicolons between them": ("A\n:   x\n:   Also: b; c", 2, "A\n:   x\n:   Also: b, c"),
    "typed words with a dash": ("A\n:   x\n:   typed - b", 2, "A\n:   x\n:   Typed: b"),
}


@pytest.mark.parametrize(("body", "line", "right"), IN_THE_GLOSSARY.values(), ids=IN_THE_GLOSSARY)
def test_lines_of_the_glossary_that_readers_would_see_otherwise_are_errors(body, line, right):
    errors, _ = found(body, "glossary")
    assert line + 1 in [problem.line for problem in errors]
    [slip] = [slip for slip in document(f"{body}\n", "glossary").slips if slip.line == line and slip.fix]
    lines = body.split("\n")
    assert "\n".join([*lines[:line], slip.fix[1], *lines[line + 1 :]]) == right


PROSE = {
    "a colon": ("Buttock: The part you sit on.", "Buttock\n:   The part you sit on."),
    "a dash": ("Buttock - the part you sit on.", "Buttock\n:   the part you sit on."),
    "a long dash": ("SI joint – a joint.", "SI joint\n:   a joint."),
    "an equals sign": ("SI joint = a joint here.", "SI joint\n:   a joint here."),
    "a line of its own": ("Buttock\nThe part you sit on.", "Buttock\n:   The part you sit on."),
    "a line that is indented": ("Buttock\n    the part you sit on.", "Buttock\n:   the part you sit on."),
    "a point of a list": ("- Buttock: the part you sit on.", None),
    "two lines": ("Buttock: a part.\nSteroid: a medicine.", None),
}


@pytest.mark.parametrize(("body", "right"), PROSE.values(), ids=PROSE)
def test_a_word_and_its_meaning_in_one_paragraph_of_the_glossary_are_reported(body, right):
    slip = next(slip for slip in document(f"{body}\n", "glossary").slips if "looks like a word" in slip.message)
    assert slip.fix == ((body, right) if right else ())


def test_the_same_words_are_prose_elsewhere():
    ordinary = (
        "Here is what words mean.\n\nButtock\n:   A part: you sit on it.\n:   Also called the bum.\n:   Also: bum\n"
    )
    assert document(ordinary, "glossary").slips == ()
    assert document("Here are words that you may hear\nand what they mean.\n", "glossary").slips == ()
    assert document("- See [about](about): it says who we are.\n", "glossary").slips == ()
    assert document("Buttock: The part you sit on.\n").slips == ()


def test_what_is_lost_is_an_error_also_where_it_is_in_a_box_or_a_list():
    for body in (
        "::: do\n- take 2*5 or 3*5\n:::",
        "> take 2*5 or 3*5",
        "|a|\n|-|\n|take 2*5 or 3*5|",
        "## take 2*5 or 3*5",
    ):
        assert found(body)[0], body


FIELDS = [
    ("title", "The **best"),
    ("title", "Â£5"),
    ("summary", "- Rest"),
    ("summary", "See [[clinic:phone]]."),
    ("takeaways", ("Rest.", "<!-- ask -->")),
    ("takeaways", ("Take no more than 1", "000 mg a day.")),
    ("takeaways", ("Rest", "walk and sleep.")),
    ("keywords", ("1", "000 people")),
    ("author", "[NAME]"),
]


@pytest.mark.parametrize(("field", "value"), FIELDS)
def test_fields_without_markdown_are_looked_at_too(field, value):
    text = Text(**({"title": "A", "summary": "B", "kind": "topic", "body": "C\n"} | {field: value}))
    assert {slip.field for slip in Document(text).slips} == {field}


def test_keywords_may_be_numbers():
    assert Document(Text("A", "B", "topic", keywords=("day 1", "111", "999", "home"), body="C\n")).slips == ()


@pytest.mark.parametrize("mark", ["[[clinic:phone]]", "[rules](our-rules)", "**no**", "<b>no</b>", "&nbsp;"])
def test_nobody_is_told_to_write_markdown_where_it_has_no_meaning(mark):
    for slip in Document(Text("A", f"Say {mark} now.", "topic", body="C\n")).slips:
        assert "Marks have no meaning here" in slip.message


def test_the_passage_is_named_where_it_is():
    slip = document("One.\n\nTwo\nthree **four.\n").slips[0]
    assert (slip.line, slip.words) == (3, "**")


PIECES = [
    "rest",
    "500",
    "mg",
    "2",
    "no",
    "Take",
    "(x)",
    "day,",
    "end.",
    "“a”",
    "é",
    "NHS",
    "The",
    "a",
    "5",
    "≥",
    "£",
    "%",
]
MARKS = [
    "*",
    "**",
    "_",
    "__",
    "~",
    "^",
    "-",
    "- ",
    "+ ",
    "=",
    "#",
    "## ",
    ">",
    "> ",
    "|",
    "[",
    "]",
    "<",
    "`",
    "\\",
    "&",
    "!",
]
MARKS += [
    ":",
    ": ",
    "\n",
    "\n\n",
    "1. ",
    "2. ",
    "3) ",
    "    ",
    "\t",
    "==",
    "---",
    "***",
    "\u00a0",
    "•",
    "–",
    "&lt;",
    "<br>",
]
MARKS += [
    "```",
    "~~~",
    "\n: ",
    "\n    ",
    "![",
    "](",
    "[x]",
    "|-|\n",
    "\n===\n",
    "\n---\n",
    "[a]: b\n",
    "<!--",
    "\n\n- ",
    "\n1. ",
]
BODIES = st.lists(st.sampled_from(PIECES + MARKS) | st.sampled_from([" ", "\n"]), min_size=1, max_size=14).map("".join)


def silent(body, check):
    """The signs that a page loses or changes although `check` reports nothing."""
    try:
        text = document(body)
        if check(text):
            return {}
        return lost_signs(body, html(body))
    except BadText:
        return {}


@pytest.mark.slow
@settings(deadline=None, database=None, max_examples=600, derandomize=True)
@given(BODIES)
def test_nothing_is_lost_or_changed_in_silence(body):
    assert silent(f"{body}\n", lambda text: text.slips) == {}


@pytest.mark.parametrize(
    "body", ["2*500 mg and 3*250 mg", "+ 44 1632", ">5 mg", "a\n---\nb", "[a]: b", "1. a\n3. b", "`a`", "&lt;5"]
)
def test_the_count_sees_what_the_checks_see(body, monkeypatch):
    assert document(f"{body}\n").slips
    monkeypatch.setattr(slips, "found_in", lambda text: ())
    assert silent(f"{body}\n", lambda text: text.slips) != {}


def cost(act, texts):
    start = time.process_time()
    for text in texts:
        act(text)
    return time.process_time() - start


@pytest.mark.slow
def test_the_search_for_slips_costs_less_than_the_rendering():
    texts = [text.text for text in shipped().values()]
    documents = [Document(text) for text in texts]

    def bound(parsing, whole, parsed_and_searched, searching):
        return searching <= 0.5 * parsing + 0.5 * max(whole - parsed_and_searched, parsing)

    assert holds_in_turns(
        bound,
        lambda: cost(Document, texts),
        lambda: cost(lambda text: render(Document(text), shipped_surroundings()), texts),
        lambda: cost(lambda text: Document(text).slips, texts),
        lambda: cost(slips.found_in, documents),
        patience=(2, 4, 8),
    )
