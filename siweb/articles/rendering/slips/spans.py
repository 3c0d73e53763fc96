"""Marks that the parser has understood, but hardly as they were meant: stars between numbers, code, odd links."""

import re

from . import targets
from .slip import Slip

# What a program writes for a text that has Markdown in it already.
_ESCAPED_MARKDOWN = re.compile(
    r"\\\[\\?\[(?:rule|clinic|signs):|\\\[[^\[\]\n]{1,80}\\\]\\?\(|\\\*\\\*(?=\S)[^*\n]{0,200}\S\\\*\\\*|^\\#{2,6} |"
    r"^(?:\\#){2,6} ",
    re.MULTILINE,
)
_CLEAR_ESCAPES = set("*_[]<>|`~^=#-+.):!{}&\\")


def in_words(words, line):
    """The Slips in the emphasis, code, links, escapes and entities of an inline token."""
    for span in words.spans:
        at = line + words.line_at(span.start)
        if span.token.type == "link_open":
            yield from _link(words, span, at)
        else:
            yield from _emphasis(words, span, at)
    for start, token in words.codes:
        glued = words.shown[start - 1 : start].isalnum() or words.shown[start + 1 : start + 2].isalnum()
        message = "Backticks show words as computer code. Use quotation marks or an apostrophe."
        yield Slip(line + words.line_at(start), message, token.content, is_error=glued)
    for written in dict.fromkeys(words.entities):
        yield Slip(line, f"{written} is a code from HTML. Type the character itself.", written)
    if words.escapes and (found := _ESCAPED_MARKDOWN.search(words.written)):
        message = "Backslashes make these marks show as they are. Take the backslashes out."
        yield Slip(line + words.written.count("\n", 0, found.start()), message, found[0].replace("\\", "")[:60])
    for written in dict.fromkeys(words.escapes):
        if written[-1] not in _CLEAR_ESCAPES:
            yield Slip(line, f"The backslash in {written} is not shown. Take it out.", written, is_error=True)
    if words.escapes and (found := re.search(r"\\\\|(?<=[A-Za-z:]\\)[\w.-]+", words.written)):
        yield Slip(line, "A backslash is not shown as it is written here. Write the path in another way.", found[0])


def _emphasis(words, span, at):
    shown, start, end = words.shown, span.start, span.end
    inside = shown[start:end]
    before, after = shown[start - 1 : start], shown[end : end + 1]
    if _between_numbers(shown, start, end, span.token.markup):
        message = (
            "Stars next to a number are not shown, and the numbers run together. Write × or “times”, or put "
            "a blank outside the stars."
        )
        yield Slip(at, message, inside, is_error=True)
    elif span.token.markup == "*" and _is_times(shown, start, end):
        message = "A star next to a number is not shown: the words become italic. Write × or “times” if that is meant."
        yield Slip(at, message, inside)
    elif before.isalnum() or after.isalnum() and len(inside) > 1:  # **F**ace is meant: one letter at the beginning
        yield Slip(at, "Bold or italic begins or ends inside a word. Put the stars around the whole word.", inside)
    elif span.token.markup == "__" or "_" in span.token.markup and re.fullmatch(r"[a-z0-9]+", inside):
        yield Slip(
            at, "Underscores are not shown: the words become bold or italic. Write **bold** or *italic*.", inside
        )
    elif any(
        s.token.type == span.token.type and s is not span and start <= s.start and s.end <= end for s in words.spans
    ):
        yield Slip(at, "Some stars are not paired: bold is **words**, italic is *words*. Check the stars.", inside)
    elif inside.count("(") != inside.count(")") or inside.count("“") != inside.count("”"):
        yield Slip(
            at, "Bold or italic begins and ends on two sides of a bracket or quotation mark. Check the stars.", inside
        )
    elif re.search(r"[.?!]\s+\S", inside) and span.token.markup in ("*", "_") and _is_note(shown, start, end):
        yield Slip(at, "Two stars that may be notes make the words between them italic. Check the stars.", inside)


def _is_note(shown, start, end):
    """Whether a star before a word and another behind one are far apart: "*after a meal. Price*"."""
    return start == 0 and shown[end : end + 1] not in ("", "\n") and shown[end - 1 : end] not in ".?!"


def _between_numbers(shown, start, end, markup):
    before, first, last, after = shown[start - 1 : start], shown[start], shown[end - 1], shown[end : end + 1]
    glued = before.isalnum() and (before.isdigit() or first.isdigit())
    glued = glued or after.isalnum() and (last.isdigit() or after.isdigit())
    if glued or len(markup) > 1:
        return glued
    left, right = shown[:start].rstrip()[-1:], shown[end:].lstrip()[:1]
    return all(sign.isdigit() for sign in (left, first, last, right))  # 2 *3 and 4* 5


def _is_times(shown, start, end):
    """Whether one of the two stars is between numbers: "2 *3 a day, or 4* daily"."""
    left, right = shown[:start].rstrip()[-1:], shown[end:].lstrip()[:1]
    inside = shown[start:end]
    is_first = left.isdigit() and (inside[0].isdigit() or re.match(r"[x×=] ", inside))
    return bool(is_first or right.isdigit() and inside[-1].isdigit())


def _link(words, span, at):
    href, inside = span.token.attrGet("href") or "", words.shown[span.start : span.end]
    if title := span.token.attrGet("title"):
        message = "The words in quotation marks behind the address of a link are not shown. Write them in the text."
        yield Slip(at, message, title, is_error=True)
    yield from targets.in_link(inside, href, at)
