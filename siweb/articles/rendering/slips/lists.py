"""Lists: numbers that would change, lists that fall apart, and lines that are hardly meant as points."""

import re
from itertools import pairwise

from .slip import Slip, fix_lines

_MONTHS = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_MARK = re.compile(r"([ \t>]*)([-+*]|\d{1,9}[.)])")


def in_document(document):
    """The Slips in the lists of a document."""
    for kind, items, follows in _lists(document.tokens):
        yield from _bullets(document, items) if kind == "bullet_list_open" else _numbers(document, items)
        yield from _indents(document, items)
        yield from _empty(document, items)
        if kind == "ordered_list_open" and any(item.attrGet("class") == "tick" for item in items):
            message = "A box to tick takes the place of the number. Begin the points with - [ ] instead."
            yield Slip(items[0].map[0], message, _line(document, items[0]).strip()[:60])
        if follows:
            message = (
                "The list falls into two here. Begin its points with the same mark, and indent what belongs to a point."
            )
            yield Slip(items[0].map[0], message, _line(document, items[0]).strip()[:60])
    yield from _fallen_out(document)
    yield from _sources_in_lists(document)
    for token in document.tokens:
        if token.type == "list_item_open" and token.attrGet("class") == "tick" and not _is_in_box(document, token):
            yield Slip(token.map[0], "A box to tick is for sheets only. Take the [ ] out.", "[ ]")


def _fallen_out(document):
    """Paragraphs behind a list that are indented, but not enough to belong to its last point."""
    for last, token in pairwise(document.tokens):
        is_behind = last.type in ("bullet_list_close", "ordered_list_close") and token.type == "paragraph_open"
        if is_behind and token.level == 0 and document.lines[token.map[0]][:1] == " ":
            message = (
                "This line is indented, but not enough to belong to the point above it. Indent it by as much as "
                "the words of the point."
            )
            yield Slip(token.map[0], message, document.lines[token.map[0]].strip()[:60])


def _sources_in_lists(document):
    """Sources that are listed in a point or a quotation, which stays there empty."""
    for last, token in pairwise(document.tokens):
        if (last.type, token.type) in (("list_item_open", "list_item_close"), ("blockquote_open", "blockquote_close")):
            line = document.lines[last.map[0]]
            if "[^" in line:
                message = "The source goes to the end of the page, and the mark before it stays. Take the mark out."
                fix = fix_lines(document.lines, last.map[0], lambda old: old[old.index("[^") :])
                yield Slip(last.map[0], message, line.strip()[:60], fix, is_error=True)


def _lists(tokens):
    """(type, its items, whether it follows another list at once) of every list."""
    open_lists, last = [], None
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            follows = (
                last is not None
                and last.type in ("bullet_list_close", "ordered_list_close")
                and last.level == token.level
            )
            open_lists.append((token.type, [], follows))
        elif token.type == "list_item_open":
            open_lists[-1][1].append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            yield open_lists.pop()
        last = token


def _line(document, item):
    return document.lines[item.map[0]]


def _bullets(document, items):
    first, mark = items[0], items[0].markup
    words = [_after_mark(document, item) for item in items]
    for item in items:
        if _is_doubled(_line(document, item), item):
            yield Slip(
                item.map[0],
                "Two marks make a list in a list. Begin a point with one.",
                _line(document, item).strip()[:60],
            )
    old = _line(document, first)
    if mark == "+":
        is_number = any(re.match(r"\d|or [-–−]|/", word) for word in words)
        message = (
            "The + is not shown: it makes this a point of a list. Begin points with a dash, and a number with \\+."
        )
        change = (lambda line: line.replace("+", "\\+", 1)) if is_number else (lambda line: line.replace("+", "-", 1))
        for item in items if is_number else items[:1]:
            yield Slip(
                item.map[0],
                message,
                _line(document, item).strip()[:60],
                fix_lines(document.lines, item.map[0], change),
                is_number,
            )
    elif len(items) == 1 and mark == "*":
        message = "The star is not shown: it makes this a point of a list. If it is a note, write it in words."
        yield Slip(first.map[0], message, old.strip()[:60])
    elif mark == "-":
        for item, word in zip(items, words, strict=True):
            if len(items) == 1 and _is_amount(document.lines, item.map[0], word):
                message = "The dash is not shown: it makes this a point of a list. Write “minus” if it is a minus sign."
                yield Slip(item.map[0], message, _line(document, item).strip()[:60])


def _is_amount(lines, number, words):
    """Whether the words of a point are "5 °C", or go on with a sentence: "The score fell by" and then "- 2 points"."""
    goes_on = (
        number and lines[number - 1].strip() and not lines[number - 1].rstrip().endswith((":", ":**", ".", "?", "!"))
    )
    return bool(re.match(r"[\d.,]+ ?(?:°|degrees|%|[a-z]{1,2}\b)", words) or goes_on and re.match(r"[£$€]?\d", words))


def _empty(document, items):
    for item in items:
        line = _line(document, item)
        following = document.lines[item.map[0] + 1 : item.map[1]]
        if re.fullmatch(r"[\s>]*(?:[-+*]|\d+[.)])\s*", line) and not any(map(str.strip, following)):
            message = f"The {line.strip()} is not shown as it is written: it makes an empty point. Take it out."
            yield Slip(item.map[0], message, line.strip(), is_error=True)


def _is_doubled(line, item):
    return bool(re.match(r"[\s>]*[-+*]\s+[-+*]\s", line)) and line.strip().startswith(item.markup)


def _after_mark(document, item):
    """The words of a point, without its own mark and those of the lists around it on the same line."""
    return re.sub(r"^[\s>]*(?:(?:[-+*]|\d{1,9}[.)])\s+)*", "", _line(document, item))


def _numbers(document, items):
    shown = int(items[0].info or 1)
    written = [int(item.info or 1) for item in items]
    expected = list(range(shown, shown + len(items)))
    if written != expected:
        same = len(set(written)) == 1
        change = _renumber(items, expected)
        number, wrong = next((i, w) for i, w in enumerate(written) if w != expected[i])
        message = f"This point is shown with the number {expected[number]}, not {wrong}. Number the points one by one."
        fix = fix_lines(document.lines, items[number].map[0], lambda line: change(line, number)) if same else ()
        yield Slip(items[number].map[0], message, _line(document, items[number]).strip()[:60], fix, not same)
    line = _line(document, items[0])
    if shown != 1:
        message = (
            f"This line becomes a list that begins with {shown}. If it is no list, put a backslash before "
            f"the dot; if it goes on with one, indent what is between."
        )
        yield Slip(
            items[0].map[0],
            message,
            line.strip()[:60],
            fix_lines(document.lines, items[0].map[0], _escape_dot) if len(items) == 1 else (),
        )
    elif len(items) == 1:
        message = "A list of one point is hardly meant. If the line only begins with a number, put a backslash before the dot."
        yield Slip(items[0].map[0], message, line.strip()[:60], fix_lines(document.lines, items[0].map[0], _escape_dot))
    if items[0].markup == ")":
        message = "The bracket is shown as a dot. Write 1. instead."
        for item in items:
            yield Slip(
                item.map[0], message, _line(document, item).strip()[:60], fix_lines(document.lines, item.map[0], _dot)
            )


def _renumber(items, expected):
    return lambda line, number: re.sub(r"\d+(?=[.)])", str(expected[number]), line, count=1)


def _escape_dot(line):
    """The line as no list, where its number is a year or a day."""
    return re.sub(rf"^(\s*(?:\d{{3,}}|\d{{1,2}}(?=. {_MONTHS})))(?=[.)])", r"\1\\", line)


def _dot(line):
    return re.sub(r"(\d)\)", r"\1.", line, count=1)


def _indents(document, items):
    """Points of one list that are indented differently: some may be meant as points of points."""
    columns = [(_column(_line(document, item)), item) for item in items]
    least = columns[0][0]
    for column, item in columns[1:]:
        if column != least and abs(column - least) <= 3:
            message = (
                "This point is indented, but not enough to belong to the point above it. Indent it by two "
                "blanks more, or not at all."
            )
            yield Slip(item.map[0], message, _line(document, item).strip()[:60])
            return


def _column(line):
    return len(_MARK.match(line)[1].expandtabs(4)) if _MARK.match(line) else 0


def _is_in_box(document, item):
    return any(
        token.type == "container_card_open" and token.map[0] < item.map[0] <= token.map[1] for token in document.tokens
    )
