"""Whether what comes out is what was written and meant: marks that readers would see, and signs that they would not.

The parser accepts any text, so a slip draws no complaint from it: "2*500 mg and 3*250 mg" loses its stars, a comment is
shown. Each module here looks for one kind: `marks` and `starts` in the text that is shown, `spans`, `lists` and `blocks` in
what the parser has understood, `parts` in tables, boxes and sources, `lost` for what is shown nowhere, `hidden` for
characters that nobody sees, `joints` for what touches a word, `entries` in the glossary. `fixes` offers the right line
where it is certain.
"""

import re
from itertools import pairwise

from siweb.articles.rendering import syntax

from . import blocks, entries, fixes, hidden, joints, lists, lost, marks, parts, spans, starts
from .slip import Slip
from .words import words_of

_FIELDS = ("title", "summary", "takeaways", "author")


def found_in(document):
    """The Slips of a document, in the order of its lines, each message once for each line."""
    found = {}
    for slip in _all(document):
        found.setdefault((slip.field, slip.line, slip.message), slip)
    slips = sorted(found.values(), key=lambda slip: (slip.field == "body", slip.field, slip.line))
    return tuple(fixes.with_fixes(slips, document, lambda line: _messages_about(line, document.env)))


def _all(document):
    yield from hidden.in_lines(document.lines)
    yield from lost.in_lines(document)
    yield from parts.in_document(document)
    yield from blocks.in_document(document)
    yield from lists.in_document(document)
    yield from entries.in_document(document)
    yield from _in_tokens(document)
    for field in _FIELDS:
        yield from _in_field(field, getattr(document.text, field))
    for field in ("takeaways", "keywords"):
        yield from _cut_by_commas(field, getattr(document.text, field))


def _messages_about(line, env):
    """The messages about one line as if it were all of a body; `env` knows the sources."""
    refs = dict.fromkeys(env.get("footnotes", {}).get("refs", {}), -1)
    tokens = syntax.parser().parse(line, {"footnotes": {"refs": refs}})
    parsed = zip(tokens, [None, *tokens], strict=False)
    found = {
        slip.message
        for token, before in parsed
        if token.map and token.type == "inline"
        for slip in in_inline(token, before and before.type)
    }
    return found | {slip.message for slip in hidden.in_lines(line.split("\n"))}


def _in_tokens(document):
    before, in_sources = None, False
    for token in document.tokens:
        in_sources = in_sources or token.type == "footnote_block_open"
        if token.type == "inline" and token.map:
            yield from in_inline(token, before, in_sources)
        elif token.type == "container_card_open":
            for words, message, is_error in _in_plain(syntax.card_of(token)[1]):
                yield Slip(token.map[0], message, words, is_error=is_error)
        before = token.type


def in_inline(inline, before="", in_source=False):
    """The Slips in one inline token; `before` is the type of the token before it."""
    words, line, in_cell = words_of(inline), inline.map[0], before in ("td_open", "th_open")
    beginnings = list(starts.in_words(words, line, before == "heading_open", in_cell, in_source))
    yield from beginnings
    yield from marks.in_words(
        words, line, in_cell, in_source, {slip.line for slip in beginnings if slip.message != starts.JOINED}
    )
    yield from joints.in_inline(inline)
    odd = list(spans.in_words(words, line))
    yield from odd or lost.in_inline(inline, words)
    for image in inline.children:
        if image.type == "image":
            for said in (syntax.plain(image), image.attrGet("title") or ""):
                if re.match(r"\S+$", said) and "[" not in said and not marks.PLACEHOLDER.search(said):
                    continue  # the name of a file, which structure.py reports
                for passage, message, is_error in _in_plain(said):
                    yield Slip(line, message, passage, is_error=is_error)


def _in_field(field, value):
    for text in value if isinstance(value, tuple) else (value,):
        for words, message, is_error in _in_plain(text):
            yield Slip(0, message, words, is_error=is_error, field=field)
        for words, message, is_error in hidden.in_text(text):
            yield Slip(0, message, words, is_error=is_error, field=field)


def _cut_by_commas(field, values):
    """The parts of a value that had a comma in a list between square brackets: "1,000 mg" is 1 and 000 mg there."""
    for before, value in pairwise(values):
        is_number = re.search(r"(?<!\d)\d{1,3}$", before) and re.match(r"000\b|\d{3} [a-z]", value)
        is_cut = field == "takeaways" and value[:1].islower() and before[:1].isupper()
        if is_number or is_cut:
            message = (
                "A comma between square brackets ends a value, and this one looks cut. Give each a line, after a dash."
            )
            yield Slip(0, message, value[:60], field=field)


def _in_plain(text):
    yield from marks.in_text(text)
    if message := starts.in_text(text):
        yield text[:40], message, False
