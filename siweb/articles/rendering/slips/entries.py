"""Entries of the glossary that are not written as entries: readers would see them, but no text explains its words by them."""

import re
from itertools import pairwise

from .slip import Slip, fix_lines

_LABEL = re.compile(r"(also|typed)\s*[:;.,=–-](?=\s)", re.IGNORECASE)
_PROSE = re.compile(r"([A-Z][\w’'() /-]{1,40}?)(?:: | [-–—] )(?=[A-Za-z]+ )")


def in_document(document):
    """The Slips in a document of kind glossary."""
    inside = 0
    for before, token in pairwise(document.tokens if document.text.kind == "glossary" else ()):
        inside += {"dd_open": 1, "dd_close": -1}.get(token.type, 0)
        if token.type != "inline" or not token.map:
            continue
        if inside and (label := _LABEL.match(token.content)) and label[0] not in ("Also:", "Typed:"):
            yield _label(document, token, label)
        elif before.type == "paragraph_open" and before.level == 0 and _PROSE.match(token.content):
            yield _prose(document, token)


def _label(document, token, label):
    right = f"{label[1].capitalize()}:"
    message = f"“{label[0]}” is shown as a meaning. Write “{right}”, with a capital letter and a colon."
    fix = fix_lines(document.lines, token.map[0], lambda old: old.replace(label[0], right, 1))
    return Slip(token.map[0], message, label[0], fix, is_error=True)


def _prose(document, token):
    first, end = token.map
    message = (
        "This looks like a word and its meaning, but is a paragraph. Write the meaning on its own line, after “:   ”."
    )
    fix = (
        fix_lines(document.lines, first, lambda old: _PROSE.sub("\\1\n:   ", old, count=1)) if end - first == 1 else ()
    )
    return Slip(first, message, token.content[:60], fix)
