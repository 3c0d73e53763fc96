"""Quotes, sources and links that touch a word or a number, and are read as a part of it."""

import re

from .slip import Slip

_NUMBERS = "The quote touches a number, and both are read as one. Put a blank between them."
_QUOTE = "The quote touches a word, and both are read as one. Put a blank between them."
_NO_LINK = "A quote cannot be a link: what is in brackets behind it is shown. Take it out, or put a blank before it."
_SOURCE_NUMBER = (
    "The number of the source is read as part of the number before it. Put the source behind the full stop."
)
_SOURCE = "A source mark is followed by a letter or a digit. Put it behind the word, and a blank behind it."
_SHOWN = "What is in brackets behind this link is shown. Take it out, or put a blank before it."
_LINK = "The link touches a word, and both are read as one. Put a blank between them."


def in_inline(inline):
    """The Slips of an inline token."""
    children, line = inline.children or [], inline.map[0]
    for index, token in enumerate(children):
        line += token.type in ("softbreak", "hardbreak")
        if token.type in ("quote", "footnote_ref", "link_open", "link_close"):
            before, after = _end_of(children, index), _start_of(children, index)
            if found := _message(token.type, before, after):
                words = token.content or (before[-20:] + after[:20]).strip()
                yield Slip(
                    line, found, words, is_error=before[-1:].isdigit() and after[:1].isdigit() or found == _NUMBERS
                )


def _message(kind, before, after):
    last, first = before[-1:], after[:1]
    if kind == "quote":
        if last.isdigit() or first.isdigit():
            return _NUMBERS
        return _QUOTE if last.isalpha() or first.isalpha() else _NO_LINK if first == "(" else ""
    if kind == "footnote_ref":
        return _SOURCE if first.isalnum() else _SOURCE_NUMBER if last.isdigit() else ""
    if kind == "link_open":
        return _LINK if last.isalnum() else ""
    if first == "(":
        return _SHOWN
    return _LINK if re.match(r"\d|[^\W\d_]{3}", after) else ""  # "[joint](anatomy)s" is one word


def _end_of(children, index):
    return children[index - 1].content if index and children[index - 1].type == "text" else ""


def _start_of(children, index):
    following = children[index + 1 : index + 2]
    return following[0].content if following and following[0].type == "text" else ""
