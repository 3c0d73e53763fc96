"""What stands where: the order of headings, what a box may hold, what is said about a picture."""

import re

from siweb.articles.rendering import syntax

from .messages import about, body

LONGEST_ALTERNATIVE = 125  # characters
_FILE_NAME = re.compile(r"\.(avif|gif|jpe?g|png|svg|webp)$|^IMG_", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d+])(?<!18001 )\b(?:999|111)\b(?! ?\d)")  # 18001 111 is text relay
_URGENT = ("emergency", "urgent")
_JOINED = re.compile(r"\band\b|\bas well as\b|\btogether with\b", re.IGNORECASE)


def advice(document):
    """What could stand better."""
    yield from _headings(document)
    yield from _boxes(document)
    yield from _after_boxes(document)
    for token in body(document):
        if token.type == "inline":
            yield from _pictures(document, token)


def _headings(document):
    before = 1
    for index, (level, _, words) in document.headings.items():
        if level > before + 1:
            yield about(document, document.tokens[index].map, "skipped-level", words, level=level, before=before)
        before = level


def _after_boxes(document):
    tokens = list(body(document))
    for token, following in zip(tokens, tokens[1:], strict=False):
        begins = following.map and following.type not in ("heading_open", "container_card_open")  # what ends has no map
        if token.type == "container_card_close" and begins:
            yield about(document, following.map, "after-box")


def _boxes(document):
    kind, box, rings, in_item = "", None, False, False
    for token in body(document):
        if token.type == "container_card_open":
            (kind, _), box, rings = syntax.card_of(token), token, False
        elif token.type == "container_card_close":
            if kind == "emergency" and not rings:
                yield about(document, box.map, "no-phone")
            kind = ""
        elif token.type.startswith("list_item"):
            in_item = token.nesting == 1
        elif token.type == "inline":
            rings = rings or _rings(token)
            yield from _inside(document, token, kind, in_item)


def _rings(token):
    """Whether a line has something to press that makes a call: the clinic's facts and rules become links too."""
    return any(
        child.type == "quote" and child.meta["kind"] != "signs" or _address(child).startswith("tel:")
        for child in token.children
    )


def _address(child):
    return (child.attrGet("href") or "") if child.type == "link_open" else ""


def _inside(document, token, kind, in_item):
    words = syntax.plain(token)
    addresses = [_address(child) for child in token.children if child.type == "link_open"]
    if kind == "emergency" and not all(address.startswith("tel:") for address in addresses):
        yield about(document, token.map, "leads-away")
    if kind in _URGENT and in_item and (joined := _JOINED.search(words)):
        yield about(document, token.map, "joined-signs", joined[0])
    if kind in _URGENT and (number := _dead_number(token)):
        yield about(document, token.map, "dead-number", number)
    if kind == "dont" and words and not words.lower().startswith("do not"):
        yield about(document, token.map, "dont")


def _dead_number(token):
    """The number of the emergency services that is written in a line without a link."""
    depth = 0
    for child in token.children:
        depth += child.nesting if child.type.startswith("link_") else 0
        if child.type == "text" and not depth and (number := _NUMBER.search(child.content)):
            return number[0]
    return ""


def _pictures(document, token):
    for child in token.children:
        if child.type == "image":
            words = syntax.plain(child).strip()
            if not _is_alternative(words, child.attrGet("title") or "") and not _is_drawn_again(words, child):
                yield about(document, token.map, "alternative-text", words, most=LONGEST_ALTERNATIVE)


def _is_alternative(words, caption):
    return words and len(words) <= LONGEST_ALTERNATIVE and not _FILE_NAME.search(words) and not _same(words, caption)


def _same(words, caption):
    return words.rstrip(".").lower() == caption.strip().rstrip(".").lower()


def _is_drawn_again(words, image):
    """Whether a drawing of people only repeats the number that the text has said before it."""
    return not words and image.attrGet("src").startswith(syntax.SAID_BEFORE)
