"""Faults put into the product on purpose, one for each of its rules: every one must turn a named test red.

`python -m tests.mutations` shows that the tests still notice. Pieces of source and tests are found by searching, never by
a path, so that modules may be moved and renamed.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

PRODUCT = ("siweb", "static/js", "templates")
SUFFIXES = (".py", ".js", ".html", ".txt")


@dataclass(frozen=True)
class Mutation:
    rule: str  # what holds in the product, and does not with the replacement
    snippet: str  # a piece of source that occurs once in the product
    replacement: str
    test: str  # the name of the test function that has to fail
    only: str = ""  # which of its parameters, as pytest's -k takes them


def places_of(snippet, root):
    """The files of the product that hold a piece of source, each as often as it does."""
    return [path for path, text in _product(root).items() for _ in range(text.count(snippet))]


def files_of(test, root):
    """The files of tests that define a test function of this name."""
    return [path for path, text in _tests(root).items() if f"\ndef {test}(" in text]


@cache
def _product(root):
    """{path: its text}, read once: every mutation looks for its own piece in all of them."""
    paths = (path for folder in PRODUCT for path in (Path(root) / folder).rglob("*") if path.suffix in SUFFIXES)
    return {path: path.read_text(encoding="utf-8") for path in paths}


@cache
def _tests(root):
    return {path: path.read_text(encoding="utf-8") for path in (Path(root) / "tests").rglob("test_*.py")}
