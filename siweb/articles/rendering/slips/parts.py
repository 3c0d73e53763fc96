"""Boxes, tables and sources that are not complete: their marks would be shown, or their words lost."""

import re

from markdown_it.rules_block.table import escapedSplit

from siweb.articles.rendering import syntax

from .slip import Slip, fix_lines


def in_document(document):
    """The Slips of a document's boxes, tables and sources."""
    yield from _sources_listed_twice(document.lines)
    columns = 0
    for token in document.tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline" and (end := re.search(r"^[ \t]*:::", token.content, re.MULTILINE)):
            message = "A line of ::: belongs to no box. Take it out, or begin the box with ::: and its kind."
            yield Slip(line + token.content.count("\n", 0, end.end()), message, ":::", is_error=True)
        elif token.type == "container_card_open" and re.search(r"[][*`_]", syntax.card_of(token)[1]):
            fix = fix_lines(document.lines, line, lambda old: re.sub(r"[*`_]+", "", old))
            yield Slip(line, "The heading of a box is plain words. Take the marks out.", "", fix, True)
        elif token.type == "table_open":
            yield from _swallowed(document.lines, *token.map)
        elif token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and (cells := _cells_in(document.lines[line])) != columns:
            message = f"A row has {cells} cells, its table {columns}. Make them as many."
            yield Slip(line, message, document.lines[line].strip(), is_error=True)


def _sources_listed_twice(lines):
    listed = set()
    for number, line in enumerate(lines):
        if source := re.match(r" {0,3}\[\^([^\]\s]+)\]:", line):
            if source[1] in listed:
                yield Slip(number, f'Source "{source[1]}" is listed twice. Keep one.', source[0].strip(), is_error=True)
            listed.add(source[1])


def _swallowed(lines, first, end):
    """Lines right behind a table, which the parser makes rows."""
    for number in range(first + 2, end):
        if "|" in lines[first] and "|" not in lines[number]:
            message = "This line becomes a row of the table above it. Put a blank line before it."
            yield Slip(number, message, lines[number].strip(), fix_lines(lines, number, "\n{}".format), True)


def _cells_in(line):
    """How many cells a row is written with."""
    cells = escapedSplit(line.strip(" \t>"))
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")
