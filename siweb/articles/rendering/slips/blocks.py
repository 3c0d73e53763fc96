"""Blocks that the parser has made, but hardly as they were meant: lists from numbers, headings from lines, text in lists."""

import re

from .slip import Slip, fix_lines

_FENCE_END = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
# What is no quotation: a number right behind the mark, or an amount.
_MORE_THAN = re.compile(
    r"[ \t]*>(?:[=\d£$€.,]|[ \t]+(?:[=£$€]|[\d.,]+ ?(?:mg|mcg|ml|g|kg|%|°|minutes?|hours?|days?|weeks?)))"
)
_SWALLOWED = {
    "footnote_open": (
        "This line becomes part of the source above it. Put it before the sources, or a blank line between them.",
        True,
    ),
    "dd_open": ("This line becomes part of the meaning above it. Put a blank line before it.", True),
    "list_item_open": (
        "This line becomes part of the point above it. Put a blank line before it, or indent it.",
        False,
    ),
    "blockquote_open": ("This line becomes part of the quotation above it. Put a blank line before it.", False),
}


def in_document(document):
    """The Slips in the blocks of a document."""
    stack, last = [], None
    for token in document.tokens:
        if token.nesting == -1:
            del stack[-1:]
        if check := _CHECKS.get(token.type):
            yield from check(document, token, stack, last)
        if token.nesting == 1:
            stack.append(token)
        last = token


def _inline(document, token, stack, last):
    container = next((t for t in reversed(stack) if t.type in _SWALLOWED), None)
    if container is None or not token.map or (last and last.type in ("td_open", "th_open")):
        return
    message, is_error = _SWALLOWED[container.type]
    lines = document.lines
    for number in range(token.map[0] + 1, token.map[1]):
        if lines[number - 1].endswith(("\\", "  ")):
            continue  # the author has ended the line, and goes on
        is_inside = (
            lines[number].lstrip().startswith(">")
            if container.type == "blockquote_open"
            else lines[number][:1].isspace()
        )
        if not is_inside:
            fix = fix_lines(lines, number, "\n{}".format) if is_error else ()
            yield Slip(number, message, lines[number].strip()[:60], fix, is_error)
            return


def _second_block(document, token, stack, last):
    """A paragraph, list … in a source, after its first paragraph."""
    if stack and stack[-1].type == "footnote_open" and token.map and last and last.type != "footnote_open":
        message = "This text becomes part of the source above it. Do not indent it, and put it before the sources."
        fix = fix_lines(document.lines, token.map[0], str.lstrip)
        yield Slip(token.map[0], message, document.lines[token.map[0]].strip()[:60], fix, True)


def _list_in_source(document, token, stack, last):
    """A list as the first block of a source, or one behind it."""
    if last and last.type == "footnote_open":
        line = document.lines[token.map[0]].strip()
        yield Slip(token.map[0], "A list begins in this source. Write the source as plain words.", line[:60])
    yield from _second_block(document, token, stack, last)


def _heading(document, token, stack, last):
    yield from _empty_section(document, token, stack, last)
    if token.markup == "-":
        message = "The line of dashes makes this a heading. Begin it with ## if it is one, or put a blank line before the dashes."
        yield Slip(token.map[0], message, document.lines[token.map[0]].strip())


def _empty_section(document, token, stack, last):
    """A heading with another of its level right behind it, or before the sources, which have their own heading."""
    if last and last.type == "heading_close" and (token.type == "footnote_block_open" or token.tag == last.tag):
        first = next(
            t for t in reversed(document.tokens[: document.tokens.index(last)]) if t.type == "heading_open"
        ).map[0]
        message = "Nothing is below this heading. Write its text, or take it out. The sources have a heading already."
        yield Slip(first, message, document.lines[first].strip()[:60])


def _rule(document, token, stack, last):
    if any(t.type == "container_card_open" for t in stack) and token.markup.startswith("_"):
        return
    yield Slip(
        token.map[0],
        "This becomes a line across the page. Begin a section with ## and its heading.",
        document.lines[token.map[0]].strip(),
    )


def _code_block(document, token, stack, last):
    first, end = token.map
    fix = fix_lines(document.lines, first, lambda old: re.sub(r"^[ \t]+", "", old, flags=re.MULTILINE), end - first)
    message = "Text that is indented by four blanks becomes computer code. Take the blanks out."
    yield Slip(first, message, token.content.strip()[:60], fix if not stack else (), True)


def _fence(document, token, stack, last):
    first, end = token.map
    closing = _FENCE_END.fullmatch(document.lines[end - 1]) if end - first > 1 else None
    if not closing or not closing[1].startswith(token.markup):
        yield Slip(
            first,
            f"Nothing closes this {token.markup}, and all that follows becomes computer code. Take it out.",
            token.markup,
            is_error=True,
        )
    elif not re.fullmatch(r"[a-z0-9+-]{0,12}", token.info.strip()):
        yield Slip(
            first,
            "The words behind these marks are not shown. Write them on a line of their own.",
            token.info.strip(),
            is_error=True,
        )
    else:
        yield Slip(first, f"The text between {token.markup} becomes computer code. Take these lines out.", token.markup)


def _quotation(document, token, stack, last):
    line = document.lines[token.map[0]]
    if all(re.fullmatch(r"[ \t>]*", inside) for inside in document.lines[slice(*token.map)]):
        yield Slip(
            token.map[0], "The > is not shown: it makes an empty quotation. Take it out.", line.strip(), is_error=True
        )
    if re.match(r"[ \t]*>[ \t]*[=\d£$€.,]", line):
        fix = fix_lines(document.lines, token.map[0], lambda old: old.replace(">", "\\>", 1))
        yield Slip(
            token.map[0],
            "The > is not shown: it makes a quotation. Write “more than”.",
            line.strip(),
            fix,
            bool(_MORE_THAN.match(line)),
        )


def _definition_list(document, token, stack, last):
    if document.text.kind not in ("glossary", "rules", "signs"):
        message = "The colon at the beginning of the next line makes this a word and its meaning. If it is none, join the lines."
        yield Slip(token.map[0], message, document.lines[token.map[0]].strip())


def _meaning(document, token, stack, last):
    line = document.lines[token.map[0]]
    if re.match(r"[ \t>]*~", line):
        fix = fix_lines(document.lines, token.map[0], lambda old: re.sub(r"~[ \t]*(?=\d)", "about ", old, count=1))
        yield Slip(token.map[0], "The ~ is not shown: it makes this a meaning. Write “about”.", line.strip(), fix, True)


_CHECKS = {
    "inline": _inline,
    "heading_open": _heading,
    "footnote_block_open": _empty_section,
    "hr": _rule,
    "code_block": _code_block,
    "fence": _fence,
    "blockquote_open": _quotation,
    "dl_open": _definition_list,
    "dd_open": _meaning,
    "paragraph_open": _second_block,
    **dict.fromkeys(("bullet_list_open", "ordered_list_open"), _list_in_source),
}
