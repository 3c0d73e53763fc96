"""What the parser has not understood or would drop: readers would see its marks, or miss its words."""

import re

from markdown_it.rules_block.table import escapedSplit

from siweb.articles.text.front_matter import Problem

from . import syntax

_LEFT_OVER = (
    ("[[", "A quote is not understood. Write [[rule:key]] or [[clinic:key]], the key in small letters."),
    ("[^", "A source mark is not understood. Write [^name], a short name without blanks."),
    ("][", "A reference is not understood. Write [words](slug)."),
    ("](", "A link is not understood. Write [words](slug): no blanks in the address, and only words in the brackets."),
)
_UNLISTED = re.compile(r"\[\^([^\]\s]{1,60})\]")


def problems(document):
    """A Problem for each, in no order."""
    for line, message in (*_in_tokens(document), *_in_lines(document.lines)):
        yield Problem(document.text.body_line + line, message)


def _in_lines(lines):
    listed = set()
    for number, line in enumerate(lines):
        if source := re.match(r" {0,3}\[\^([^\]\s]+)\]:", line):
            if source[1] in listed:
                yield number, f'Source "{source[1]}" is listed twice. Keep one.'
            listed.add(source[1])


def _in_tokens(document):
    columns = 0
    for token in document.tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline":
            yield from ((line, message) for message in _in_words(token))
        elif token.type == "container_card_open" and re.search(r"[][*`_]", syntax.card_of(token)[1]):
            yield line, "The heading of a box is plain words. Take the marks out."
        elif token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and (cells := _cells_in(document.lines[line])) != columns:
            yield line, f"A row has {cells} cells, its table {columns}. Make them as many."


def _in_words(inline):
    if re.search(r"^[ \t]*:::", inline.content, re.MULTILINE):
        yield "A line of ::: belongs to no box. Take it out, or begin the box with ::: and its kind."
    for child in inline.children:
        words = child.content if child.type == "text" else ""
        if child.type == "image":
            words = f"{syntax.plain(child)} {child.attrGet('title') or ''}"
        for name in _UNLISTED.findall(words):
            yield f'Source "{name}" is not listed. Add a line at the end: [^{name}]: Author. Title. *Journal*, year.'
        for mark, message in _LEFT_OVER:
            if mark in _UNLISTED.sub("", words):
                yield message


def _cells_in(line):
    """How many cells a row is written with."""
    cells = escapedSplit(line.strip(" \t>"))
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")
