"""What is written and shown nowhere: every line and every sign of a body has to become part of the page."""

import re

from markdown_it.common.normalize_url import normalizeLink

from .slip import Slip

_STRUCTURE = re.compile(
    r"(?:[ \t]|>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|[:~](?=[ \t])|\[\^[^\]\s]+\]:|#{1,6}(?=[ \t])|\[ \](?=[ \t]))*"
)
_ENTRY = re.compile(r" {0,3}\[\^[^\]\s]+\]:")
_DEFINITION = re.compile(rf"{_STRUCTURE.pattern}\[[^\]^][^\]]*\]:")
_MAY_BE_EMPTY = ("list_item_open", "footnote_open", "dd_open", "blockquote_open")
_BREAK = re.compile(r"(?<!\\)\\(?=\n)")
_TARGET = re.compile(r"\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?\s*\)")


def in_inline(inline, words):
    """The Slip of an inline token that is not what was written, or nothing."""
    if not (inline.meta or inline.children[1:]) and words.written == inline.content:
        return
    written = _squeezed(_BREAK.sub("", inline.content))
    again = _squeezed(words.written)
    if written == again or _with_targets(written) == _with_targets(again):
        return
    at = next((i for i, (one, other) in enumerate(zip(written, again, strict=False)) if one != other), len(again))
    passage = _passage(inline.content, at)
    line = inline.map[0] + inline.content.count("\n", 0, inline.content.find(passage)) if passage else inline.map[0]
    if "[" in passage or "](" in inline.content:
        yield Slip(line, "A link is written in another way than here. Write [words](address).", passage)
    else:
        yield Slip(line, f"“{passage}” is not shown as it is written. Write it in another way.", passage, is_error=True)


def in_lines(document):
    """The Slips of lines, or parts of lines, that no block has taken."""
    taken, lines = _taken(document), document.lines
    ignored = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if number in taken:
            ignored = False
        elif _ENTRY.match(line):
            ignored = True  # of a source that nothing cites, which is reported elsewhere
        elif _DEFINITION.match(line):
            message = (
                "This line is not shown: it gives an address to a mark in the text. Write [words](address) "
                "where the link is."
            )
            yield Slip(number, message, line.strip(), is_error=not _is_used(document, line))
        elif not ignored and document.tokens:
            yield Slip(number, "This line is not shown. Write it in another way.", line.strip(), is_error=True)
    for token in document.tokens:
        if token.type == "inline" and token.map:
            yield from _around(token, lines)


def _is_used(document, definition):
    address = definition.partition("]:")[2].split()
    hrefs = (c.attrGet("href") for t in document.tokens for c in t.children or () if c.type == "link_open")
    return bool(address) and normalizeLink(address[0].strip("<>")) in hrefs


def _taken(document):
    taken = set()
    for token in document.tokens:
        if not token.map:
            continue
        first, end = token.map
        if token.type in ("inline", "fence", "code_block", "hr", "table_open", "heading_open"):
            taken.update(range(first, max(end, first + 1)))
        elif token.type == "container_card_open":
            taken.update((first, end))
        elif token.type in _MAY_BE_EMPTY and _STRUCTURE.fullmatch(document.lines[first].rstrip()):
            taken.add(first)
    return taken


def _around(inline, lines):
    """What is before and behind the words of an inline token in its lines: marks of blocks, and nothing else."""
    contents = inline.content.split("\n")
    first = inline.map[0]
    if lines[first].strip() == contents[0] or "|" in lines[first] and len(contents) == 1:
        contents = contents[1:]
        first += 1
    for number, content in enumerate(contents, start=first):
        source, content = lines[number].rstrip(), content.strip()
        at = source.rfind(content) if content else len(source)
        behind = source[at + len(content) :]
        if at < 0 or not _STRUCTURE.fullmatch(source[:at]):
            continue  # tabs, which the parser makes blanks
        if behind.strip():
            yield Slip(number, f"The {behind.strip()} at the end is not shown. Take it out.", behind.strip())


def _squeezed(written):
    return "".join(written.split())


def _with_targets(squeezed):
    """The same with the addresses of links as the parser writes them."""
    return _TARGET.sub(lambda target: f"]({normalizeLink(target[1])})", squeezed)


def _passage(content, at):
    """The word of a text at the given place, blanks not counted."""
    seen = 0
    for word in re.finditer(r"\S+", content):
        seen += len(word[0])
        if seen > at:
            return word[0][:60]
    return content.split()[-1][:60] if content.split() else ""
