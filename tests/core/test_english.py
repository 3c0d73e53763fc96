"""Plain, standard English: words and phrases that read as if translated are in no template, text, docstring or document."""

import ast
import re

import pytest
from django.conf import settings

# Never used. Ordinary words that only some uses make odd are in PHRASES.
WORDS = re.compile(
    r"\b(mend(s|ed|ing)?|anew|owe[ds]?|owing|tombstones?|whoever|whomever|betimes|henceforth|thither)\b", re.I
)
PHRASES = [
    r"\bis not yours to\b",
    r"\bpast (its|their) time\b",
    r"\bby the clock\b",
    r"\btold side by side\b",
    r"\b(once more|yet once)\b",
    r"\bplease judge\b",
    r"\bfinds nobody\b",
    r"\bnot alike\b",
    r"\bwhat waits for you\b",
    r"\bgive it away\b",
    r"\bthrow mine away\b",
    r"\bis linked by itself\b",
    r"\breceipt of the night\b",
    r"\bstands still\b",
]
SKIPPED = ("english-words.txt", ".tsv")  # lists of words that people type


def texts():
    """Yield (name, text) of everything that a user, an administrator or an engineer reads."""
    root = settings.BASE_DIR
    for path in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("templates/**/*.*")]):
        yield str(path.relative_to(root)), path.read_text(encoding="utf-8")
    for path in sorted(root.glob("static/js/**/*.js")):
        yield str(path.relative_to(root)), path.read_text(encoding="utf-8")
    for path in sorted([*root.glob("siweb/**/*.py"), root / "manage.py"]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
        for node in strings:
            yield f"{path.relative_to(root)}, line {node.lineno}", node.value


def faults(text):
    found = [match[0] for match in WORDS.finditer(text)]
    return found + [match[0] for phrase in PHRASES for match in re.finditer(phrase, text, re.IGNORECASE)]


def test_no_text_has_a_word_that_reads_as_translated():
    found = [(name, faults(text)) for name, text in texts() if faults(text)]
    assert found == [], found


def test_everything_that_people_read_is_looked_through():
    names = {name.partition(",")[0] for name, _ in texts()}
    for name in ("README.md", "docs/testing.md", "templates/base.html", "manage.py", "siweb/website/errors.py"):
        assert name in names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 must be mended.", ["mended"]),
        ("Whoever opens it first", ["Whoever"]),
        ("This is not yours to do.", ["is not yours to"]),
        ("Erased, past its time", ["past its time"]),
        ("We recommend that you amend it.", []),
        ("It stands for a fact.", []),
        ("Take a break. Look again. It goes on.", []),
    ],
)
def test_what_counts(text, found):
    assert faults(text) == found
