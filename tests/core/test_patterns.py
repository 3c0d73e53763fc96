"""No regular expression can be made to try one text in more ways than it has signs.

A repeat of a repeat, such as `(?:[ \\t]+|>)*`, splits a row of n blanks in 2 to the power of n ways before it fails. Thirty
blanks at the start of a pasted line would hold up the server for minutes.
"""

import importlib
import pkgutil
import re
import sys
from re import _parser as parser

import pytest

import siweb

REPEATS = (parser.MAX_REPEAT, parser.MIN_REPEAT)
MANY = 10  # a repeat up to nine times costs at most nine times as much


def patterns():
    for module in pkgutil.walk_packages(siweb.__path__, "siweb."):
        if ".migrations" not in module.name and not module.name.endswith(("__main__", "gunicorn_config")):
            importlib.import_module(module.name)
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] == "siweb":
            for attribute, value in vars(module).items():
                for pattern in found_in(value):
                    yield f"{name}.{attribute}", pattern


def found_in(value):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for part in value:
            yield from found_in(part)
    elif isinstance(value, dict):
        yield from found_in([*value, *value.values()])


def repeats_a_repeat(pattern):
    """Whether a pattern repeats something that is, by itself, nothing but a repeat."""
    return _nested(parser.parse(pattern.pattern, pattern.flags))


def _nested(items):
    for kind, found in items:
        if kind in REPEATS:
            if found[1] >= MANY and any(map(_is_only_a_repeat, _alternatives(found[2]))) or _nested(found[2]):
                return True
        elif any(map(_nested, _inside(kind, found))):
            return True
    return False


def _inside(kind, found):
    if kind is parser.SUBPATTERN:
        return [found[3]]
    if kind is parser.BRANCH:
        return found[1]
    return [found[1]] if kind in (parser.ASSERT, parser.ASSERT_NOT) else []


def _alternatives(items):
    kind, found = items[0] if len(items) == 1 else (None, None)
    inner = _inside(kind, found) if kind in (parser.SUBPATTERN, parser.BRANCH) else None
    return [items] if inner is None else [each for one in inner for each in _alternatives(one)]


def _is_only_a_repeat(items):
    items = list(items)
    return any(
        kind in REPEATS and found[1] >= MANY and all(map(_may_be_empty, items[:at] + items[at + 1 :]))
        for at, (kind, found) in enumerate(items)
    )


def _may_be_empty(item):
    kind, found = item
    return kind in REPEATS and found[0] == 0 or kind in (parser.AT, parser.ASSERT, parser.ASSERT_NOT)


def test_no_pattern_repeats_a_repeat():
    found = dict(patterns())
    assert len(found) > 100
    assert [name for name, pattern in found.items() if repeats_a_repeat(pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "is_nested"),
    [
        (r"(?:[ \t]+|>)*", True),
        (r"(a+)+", True),
        (r"\d+(?:-*\d+)*", True),
        (r"(?:(?:x|a*)|b)*c", True),
        (r"\d+(?:-+\d+)*", False),
        (r"(?:[ \t]|>)*", False),
        (r"(?:a+,)*", False),
        (r"a+b+", False),
    ],
)
def test_a_repeat_of_a_repeat_is_known(pattern, is_nested):
    assert repeats_a_repeat(re.compile(pattern)) == is_nested
