"""Two texts side by side: nothing of either is left out, words are told apart, and no text takes long."""

import random
import time

import pytest
from django.conf import settings

from siweb.articles.forms import ArticleForm
from siweb.articles.text.diff import PARTS, compare, compare_parts
from siweb.articles.text.front_matter import FRONT_MATTER, Text, parse
from siweb.articles.text.sequence_matcher import Matcher
from tests.conftest import article_file


def said(rows):
    """The rows in a short form: [-gone-], {+new+}, and the number of lines left out."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}

    def line(pieces):
        return "".join(marks[piece.kind].format(piece.words) for piece in pieces)

    return [row.left_out or (line(row.before), line(row.after)) for row in rows]


def test_the_same_text_has_no_rows():
    assert compare("One.\n\nTwo.\n", "One.\n\nTwo.\n") == []


CHANGES = {
    "a word": ("It may hurt a bit.", "It can hurt a bit.", [("It [-may-] hurt a bit.", "It {+can+} hurt a bit.")]),
    "a new paragraph": ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", [("One.", "One."), ("", "{+New.+}"), ("Two.", "Two.")]),
    "a paragraph that went": ("One.\n\nOld words.", "One.", [("One.", "One."), ("[-Old words.-]", "")]),
    "all": (
        "Cats sleep.",
        "Dogs bark loudly at night",
        [("[-Cats sleep.-]", "{+Dogs bark loudly at night+}")],
    ),
    "marks": ("a **b** c", "a b c", [("a [-**-]b[-**-] c", "a b c")]),
    "an accent": ("cafe ok", "café ok", [("[-cafe-] ok", "{+café+} ok")]),
    "from nothing": ("", "New.", [("", "{+New.+}")]),
}


@pytest.mark.parametrize(("old", "new", "rows"), CHANGES.values(), ids=CHANGES)
def test_what_changed_is_shown_by_words(old, new, rows):
    assert said(compare(old, new)) == rows


def test_a_changed_paragraph_stands_beside_what_it_became_though_others_came_before_it():
    old = "The needle goes into the joint on the sore side."
    new = f"A new beginning.\n\nAnother.\n\n{old.replace('sore', 'painful')}"
    assert said(compare(old, new)) == [
        ("", "{+A new beginning.\nAnother.+}"),
        (
            "The needle goes into the joint on the [-sore-] side.",
            "The needle goes into the joint on the {+painful+} side.",
        ),
    ]


def test_what_is_the_same_far_from_a_change_is_left_out():
    lines = [f"Line {number}." for number in range(20)]
    changed = lines[:10] + ["New."] + lines[10:]
    assert said(compare("\n".join(lines), "\n".join(changed))) == [
        8,
        ("Line 8.", "Line 8."),
        ("Line 9.", "Line 9."),
        ("", "{+New.+}"),
        ("Line 10.", "Line 10."),
        ("Line 11.", "Line 11."),
        8,
    ]


def side(rows, which):
    """What a reader sees of one text: its words, and those that are marked."""
    pieces = [piece for row in rows for piece in getattr(row, which)]
    return " ".join(piece.words for piece in pieces), [piece.words for piece in pieces if piece.kind != "same"]


def test_a_change_of_empty_lines_alone_is_shown():
    assert side(compare("One.\nTwo.", "One.\n\nTwo."), "after")[1] == ["(empty line)"]
    assert side(compare("One.\n\nTwo.", "One.\nTwo."), "before")[1] == ["(empty line)"]


@pytest.mark.parametrize("seed", range(30))
def test_no_word_of_either_text_is_lost_or_invented(seed):
    chance = random.Random(seed)
    old, new = ([chance.choice("abcdefgh") * chance.randint(1, 3) for _ in range(40)] for _ in range(2))
    blocks = Matcher(old, new).get_matching_blocks()
    assert all(old[at : at + length] == new[other : other + length] for at, other, length in blocks)
    rows = compare("\n".join(old), "\n".join(new))
    left_out = sum(row.left_out for row in rows)
    for which, lines in (("before", old), ("after", new)):
        assert len(side(rows, which)[0].split()) + left_out == len(lines)


def test_the_parts_of_a_text_are_named_as_the_editor_names_them():
    assert set(PARTS) == {*FRONT_MATTER, "body"}
    fields = ArticleForm.base_fields
    assert {key: fields[key].label or key.capitalize() for key in PARTS} == PARTS


def test_only_parts_that_differ_are_compared():
    old, new = parse(article_file(order="3")), parse(article_file(order="4", keywords="[one, two]"))
    assert [name for name, _ in compare_parts(old, new)] == ["Order", "Words that people search with"]
    assert compare_parts(old, old) == []
    assert isinstance(old, Text)


# --- No text takes long --------------------------------------------------------------------------------------

CHANCE = random.Random(1)
SHIPPED = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((settings.CONTENT_DIR / "articles").glob("*.md"))
)[:100_000]
HOSTILE = {
    "two kinds of lines": ["\n".join(CHANCE.choice("ab") for _ in range(50_000)) for _ in range(2)],
    "two kinds of words in one line": [" ".join(CHANCE.choice("ab") for _ in range(50_000)) for _ in range(2)],
    "nothing in common": ["a " * 50_000, "b " * 50_000],
    "every line swapped": ["\n".join(map(str, numbers)) for numbers in (range(18_000), range(17_999, -1, -1))],
    "many long lines": [
        "\n".join(" ".join(CHANCE.choice("ab") for _ in range(990)) for _ in range(50)) for _ in range(2)
    ],
    "a real text with one word changed throughout": [SHIPPED, SHIPPED.replace("the ", "this ")],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_of_100_kilobytes_are_compared_quickly(name):
    started = time.process_time()
    assert compare(*HOSTILE[name])
    assert time.process_time() - started < 4  # it takes less than 0.6 s; difflib took minutes


def test_a_word_changed_throughout_leaves_every_line_beside_its_own():
    rows = compare(SHIPPED, SHIPPED.replace("injection", "jab"))
    apart = [row for row in rows if not row.left_out and not row.is_same and not (row.before and row.after)]
    assert len(apart) <= 2
