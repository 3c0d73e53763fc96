"""Entries of the glossary that are not written as entries: readers would see them, but no text explains its words by them."""

import re
from itertools import pairwise

from .slip import Slip, fix_lines

_LABEL = re.compile(r"(also|typed)\s*[:;.,=–-](?=\s)", re.IGNORECASE)
_PROSE = re.compile(r"([A-Z][\w’'() /-]{1,40}?)(?:: | [-–—=] )(?=[A-Za-z]+ )")
_TWO_LINES = re.compile(r"([A-Z][\w’'() /-]{1,40})\n[ \t]*(?=(?:[A-Z]|(?:an?|the|when|where) )[^\n]+$)")

_LOOKS_LIKE_ONE = (
    "This looks like a word and its meaning, but is a paragraph. Write the meaning on its own line, after “:   ”."
)


def in_document(document):
    """The Slips in a document of kind glossary."""
    inside = 0
    for before, token in pairwise(document.tokens if document.text.kind == "glossary" else ()):
        inside += {"dd_open": 1, "dd_close": -1}.get(token.type, 0)
        if token.type != "inline" or not token.map:
            continue
        if inside and (label := _LABEL.match(token.content)) and label[0] not in ("Also:", "Typed:"):
            yield _label(document, token, label)
        elif inside and _LABEL.match(token.content) and ";" in token.content:
            message = "Commas divide these names. With a semicolon they are one name, which nobody looks for."
            fix = fix_lines(document.lines, token.map[0], lambda old: old.replace(";", ","))
            yield Slip(token.map[0], message, token.content[:60], fix, is_error=True)
        elif before.type == "dt_open" and token.content.endswith(":"):
            message = "The colon is shown as a part of the word. Take it out."
            fix = fix_lines(document.lines, token.map[0], lambda old: old.rstrip().rstrip(":"))
            yield Slip(token.map[0], message, token.content, fix, is_error=True)
        elif not inside and before.type == "paragraph_open" and before.level in (0, 2) and _PROSE.match(token.content):
            yield _prose(document, token, before.level == 0)
        elif before.type == "paragraph_open" and before.level == 0 and _TWO_LINES.match(token.content):
            yield _two_lines(document, token)


def _label(document, token, label):
    right = f"{label[1].capitalize()}:"
    message = f"“{label[0]}” is shown as a meaning. Write “{right}”, with a capital letter and a colon."
    fix = fix_lines(document.lines, token.map[0], lambda old: old.replace(label[0], right, 1))
    return Slip(token.map[0], message, label[0], fix, is_error=True)


def _prose(document, token, has_fix):
    first, end = token.map
    is_line = has_fix and end - first == 1
    fix = fix_lines(document.lines, first, lambda old: _PROSE.sub("\\1\n:   ", old, count=1)) if is_line else ()
    return Slip(first, _LOOKS_LIKE_ONE, token.content[:60], fix)


def _two_lines(document, token):
    """A word with its meaning on the next line, without the colon before it."""
    first = token.map[0]
    fix = fix_lines(document.lines, first, lambda old: re.sub(r"\n[ \t]*", "\n:   ", old), 2)
    return Slip(first, _LOOKS_LIKE_ONE, token.content[:60], fix)
