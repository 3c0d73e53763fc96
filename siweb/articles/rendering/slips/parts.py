"""Boxes, tables and sources that are not complete: their marks would be shown, or their words lost."""

import re
from itertools import pairwise

from markdown_it.rules_block.table import escapedSplit

from siweb.articles.rendering import syntax

from . import starts
from .slip import Slip, fix_lines


def in_document(document):
    """The Slips of a document's boxes, tables and sources."""
    yield from _sources_listed_twice(document.lines)
    yield from _empty_sources(document)
    yield from _in_boxes(document.tokens)
    columns = 0
    for token in document.tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline" and (end := re.search(r"^[ \t]*:::", token.content, re.MULTILINE)):
            message = "A line of ::: belongs to no box. Take it out, or begin the box with ::: and its kind."
            yield Slip(line + token.content.count("\n", 0, end.end()), message, ":::", is_error=True)
        elif token.type == "container_card_open" and re.search(r"[][*`_]", syntax.card_of(token)[1]):
            fix = fix_lines(document.lines, line, lambda old: re.sub(r"[*`_]+", "", old))
            yield Slip(line, "The heading of a box is plain words. Take the marks out.", "", fix, True)
        elif token.type == "container_card_open" and _says_not(*syntax.card_of(token)):
            message = "This box tells people what to do, but its heading says not. Begin it with ::: dont."
            yield Slip(line, message, syntax.card_of(token)[1])
        elif token.type == "table_open":
            yield from _swallowed(document.lines, *token.map)
        elif token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and re.fullmatch(r"[\s>|:-]*---[\s|:-]*", document.lines[line]):
            message = "This line of dashes is a row of the table here, and shown. Take it out: a table has one, the second line."
            yield Slip(line, message, document.lines[line].strip(), is_error=True)
        elif token.type == "tr_open" and columns and (cells := _cells_in(document.lines[line])) != columns:
            message = f"A row has {cells} cells, its table {columns}. Make them as many."
            yield Slip(line, message, document.lines[line].strip(), is_error=True)


def _says_not(kind, heading):
    return kind == "do" and bool(re.match(r"(?i:do not|don['’]t|never)\b", heading))


def _in_boxes(tokens):
    """Boxes with nothing in them, lines of a box that would be joined, and gaps left in a sentence outside a sheet."""
    kinds, level = [], 0
    for last, token in pairwise(tokens):
        if last.type == "container_card_open":
            kinds.append(syntax.card_of(last)[0])
            level = last.level + 2  # of the paragraphs that are in no list of the box
        if token.type == "container_card_close" and kinds:
            if last.type == "container_card_open":
                yield Slip(last.map[0], "This box is empty. Write its text between its two lines.", kinds[-1])
            kinds.pop()
        elif token.type == "inline" and token.map:
            if kinds and kinds[-1] not in syntax.SHEETS and token.level == level and _are_points(token):
                yield Slip(token.map[0], starts.JOINED, token.content.split("\n")[0])
            if not set(kinds) & set(syntax.SHEETS) and (found := re.search(r"(?<=\w )_{3,}(?= \w)", token.content)):
                message = "This sentence has a gap, and gaps are for sheets only. Write what belongs there."
                yield Slip(token.map[0] + token.content.count("\n", 0, found.start()), message, found[0])


def _are_points(inline):
    """Whether a paragraph has short lines only, as a list without its dashes has; quotes of signs become a list."""
    lines = inline.content.split("\n")
    has_lines = any(child.type == "hardbreak" or "[[signs:" in child.content for child in inline.children)
    return len(lines) > 1 and not has_lines and all(len(line) <= starts.SHORT for line in lines)


def _sources_listed_twice(lines):
    listed = set()
    for number, line in enumerate(lines):
        if source := re.match(r" {0,3}\[\^([^\]\s]+)\]:", line):
            if source[1] in listed:
                yield Slip(number, f'Source "{source[1]}" is listed twice. Keep one.', source[0].strip(), is_error=True)
            listed.add(source[1])


def _empty_sources(document):
    """Sources of which nothing is written: only their numbers would be shown."""
    empty = {
        last.meta["label"]
        for last, token in pairwise(document.tokens)
        if (last.type, token.type) == ("footnote_open", "footnote_anchor")
    }
    for number, line in enumerate(document.lines if empty else ()):
        source = re.match(r"[ \t>*+-]{0,20}\[\^([^\]\s]+)\]:", line)
        if source and source[1] in empty:
            empty.remove(source[1])
            message = "This source is empty: readers would see its number only. Write it behind the colon."
            yield Slip(number, message, f"[^{source[1]}]:", _joined_source(document.lines, number), True)


def _joined_source(lines, number):
    """The fix that puts the words of the next line behind an empty source."""
    following = "".join(lines[number + 1 : number + 2])
    if not re.match(r"[^\W\d_]", following):
        return ()
    return fix_lines(lines, number, lambda old: f"{old.split(chr(10))[0].rstrip()} {following}", 2)


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
