"""Two texts side by side: which words went, which came, and what is left out because it is the same."""

import pytest

from siweb.articles.comparing import compare


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
        [("[-Cats sleep.-]", ""), ("", "{+Dogs bark loudly at night+}")],
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
        ("", "{+A new beginning.+}"),
        ("", "{+Another.+}"),
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


def test_two_long_and_wholly_different_texts_are_compared_at_once():
    old, new = ("\n".join(f"{word} {number} " * 30 for number in range(500)) for word in ("pain", "rest"))
    assert len(compare(old, new)) == 1000
