"""Our Markdown: CommonMark without raw HTML, with tables, definition lists, sources and care cards.

This file turns a body into tokens and knows what can be written; markdown.py turns tokens into a page.
"""

import re
import unicodedata
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from .files import BadText, Problem

# Kind of card: the words that only a screen reader hears before the heading, and the heading where none is written.
CARDS = {
    "emergency": ("Emergency advice: ", ""),
    "urgent": ("Urgent advice: ", ""),
    "nonurgent": ("Non-urgent advice: ", ""),
    "important": ("Important: ", "Important"),
    "do": ("", "Do"),
    "dont": ("", "Do not"),
    "differs": ("", "Where clinics differ"),
}

MOST_LINES = 1_200
MOST_BRACKETS = 2_000

_QUOTE = re.compile(r"\[\[(rule|clinic):([a-z0-9_-]{1,40})\]\]")


@cache
def parser():
    """The one parser: bodies come only through here."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    md.use(deflist_plugin).use(footnote_plugin, inline=False)
    md.use(container_plugin, name="card", validate=lambda written, *_: bool(written.strip()))
    md.inline.ruler.before("link", "quote", _quote)
    return md


def tokens_of(body, env):
    """The tokens of a body. Raises BadText for one that no article needs and that would hold up the server.

    The parser is linear, but thousands of the smallest blocks or of open brackets cost it ten times as much as an article
    of the same length.
    """
    for found, most, what in (
        (body.count("\n"), MOST_LINES, "lines"),
        (body.count("["), MOST_BRACKETS, "square brackets"),
    ):
        if found > most:
            raise BadText([Problem(1, f"The text has {found:,} {what}. Keep it under {most:,}: split it in two.")])
    return parser().parse(body, env)


def _quote(state, silent):
    """[[rule:driving]] and [[clinic:phone]] become one token that the page fills in."""
    match = _QUOTE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("quote", "", 0)
        token.meta = {"kind": match[1], "key": match[2]}
        token.content = match[0]
    state.pos = match.end()
    return True


def card_of(token):
    """The kind and the heading that stand after the three colons."""
    kind, _, heading = token.info.strip().partition(" ")
    return kind, heading.strip()


def slugify(heading):
    """The anchor of a heading: "Driving and work" is driving-and-work."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain)).strip("-") or "section"


def plain(inline, quoted=lambda token: token.content):
    """The words of an inline token, without marks; `quoted` says what a quote stands for."""
    said = []
    for token in inline.children or []:
        if token.type in ("text", "code_inline"):
            said.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            said.append(" ")
        elif token.type == "quote":
            said.append(quoted(token))
        elif token.type == "image":
            said.append(plain(token))
    return "".join(said)


def definitions(tokens):
    """The entries of the definition lists: [(term, [definition, …])], all inline tokens."""
    entries, place = [], ""
    for token in tokens:
        if token.type in ("dt_open", "dd_open"):
            place = token.type
        elif token.type == "inline" and place == "dt_open":
            entries.append((token, []))
            place = ""
        elif token.type == "inline" and place == "dd_open":
            entries[-1][1].append(token)
        elif token.type == "dd_close":
            place = ""
    return entries


def raw(html):
    """A token that the renderer writes out as it is: only for markup made here, with its texts escaped."""
    return Token("html_block", "", 0, content=html)
