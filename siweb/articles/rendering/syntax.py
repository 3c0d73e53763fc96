"""Our Markdown: CommonMark without raw HTML, with tables, definition lists, sources and care cards.

This file turns a body into tokens and knows what can be written; renderer.py turns tokens into a page.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from siweb.articles.text.front_matter import BadText, Problem

# Parts of an article that also print alone: a sheet fills one A4 page, a wallet card is as large as a bank card.
SHEETS = ("sheet", "wallet")

# How the names of drawings begin that show a number of people. The sentence before says it, so nobody has to hear it again.
SAID_BEFORE = "people-"

NOT_GIVEN = "(the clinic has not given this yet)"

MOST_MARKS = 3_700  # an article has up to 1,300
MOST_MARKS_IN_SIGNS = 10_000  # 139 signs with their sources have 6,700, which takes the parser about 60 ms
DEEPEST = 20

_QUOTE = re.compile(r"\[\[(rule|clinic|signs):([a-z0-9_:-]{1,60})\]\]")
_GOES_ON = re.compile(r"[”’\"')\]*_]{0,9}([.,;:!?…])")  # behind a quote: a sign that ends or divides the sentence
_ABBREVIATED = re.compile(r"\b\w\.\w\.$")
_MARK = re.compile(r"[][*_<>|`&!\\#\n]|(?:[-+:~]|\d[.)])(?=\s)")
_STOP = re.compile(r"[-$%+:=@^{}~]")  # the parser stops there too, and goes on: four are worth a mark
_DEARER = {"\n": 1, "[": 1, "<": 2, "![": 20}  # marks that cost more than one, by how much
_COLUMNS = re.compile(r"[>\s|:-]+")  # the second line of a table
_TICK = "[ ] "
_LONG_NAME = re.compile(r"\[\^[^\]\s]{61}")


@cache
def parser():
    """The one parser: bodies come only through here."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable("table")
    md.use(deflist_plugin).use(footnote_plugin, inline=False)
    md.use(container_plugin, name="card", validate=lambda written, *_: bool(written.strip()))
    md.inline.ruler.before("link", "quote", _quote)
    md.core.ruler.before("text_join", "specials", _note_specials)
    md.core.ruler.push("ticks", _mark_ticks)
    return md


def tokens_of(text, env):
    """The tokens of a text. Raises BadText for one that no article needs and that would hold up the server.

    The parser takes ten times as long over marks as over words. It is linear, except that it looks for the end of a source's
    name, of a picture's words and of a quotation as far as it can each time.
    """
    if long := _LONG_NAME.search(text.body):
        raise _refused(text, text.body.count("\n", 0, long.start()), "The name of a source is too long. Shorten it.")
    limit = MOST_MARKS_IN_SIGNS if text.kind == "signs" else MOST_MARKS
    if (marks := marks_in(text.body)) > limit:
        what = f"{marks:,} marks (lines, brackets, stars, cells of tables …)"
        raise _refused(text, 0, f"The text has {what}. Keep it under {limit:,}: split it in two.")
    tokens = parser().parse(text.body, env)
    if deep := next((token for token in tokens if token.level == DEEPEST - 1), None):  # deeper, words would be lost
        line = deep.map[0] if deep.map else 0
        raise _refused(text, line, "Lists or quotes stand too deep in one another. Make them flat.")
    return tokens


def _refused(text, line, message):
    return BadText([Problem(text.body_line + line, message)])


def marks_in(body):
    """How much a body makes the parser do, beside reading words."""
    marks = len(_MARK.findall(body)) + len(_STOP.findall(body)) // 4
    marks += sum(more * body.count(mark) for mark, more in _DEARER.items())
    for is_blank, run in groupby(body.split("\n"), lambda line: not line.strip()):
        marks += 0 if is_blank else 2 * _hidden_steps(list(run))
    return marks


def _hidden_steps(lines):
    """What lines without a blank one between them cost and do not show: cells and quotations that go on without marks."""
    steps = columns = 0
    for line in lines:
        if "-" in line and _COLUMNS.fullmatch(line):
            columns = max(columns, line.count("|") + 1)
        steps += columns  # a short row is filled up
    depths = {re.match(r"[>\s]*", line)[0].count(">") for line in lines}
    if len(depths) > 1 or depths == {0}:  # each quotation looks for its end among all lines
        steps += len(lines) * sum(">" in line for line in lines)
    return steps


def inline(written):
    """The inline token of one paragraph's Markdown."""
    return parser().parseInline(written, {})[0]


def _quote(state, silent):
    """[[rule:driving]], [[clinic:phone]] and [[signs:nerves]] become one token that the page fills in."""
    match = _QUOTE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("quote", "", 0)
        token.meta = {"kind": match[1], "key": match[2], "sign": _sign_behind(match)}
        token.content = match[0]
    state.pos = match.end()
    return True


def _sign_behind(quote):
    found = _GOES_ON.match(quote.string, quote.end())
    return found[1] if found else ""


def fitted(words, sign):
    """The words for a quote, without their full stop where the sign behind the quote takes its place: never "..", ".,"."""
    is_kept = not sign or words.endswith("..") or sign != "." and _ABBREVIATED.search(words)
    return words if is_kept else words.removesuffix(".")


def _note_specials(state):
    """Note where characters stand that were written with a backslash or as an HTML entity, before they become text.

    `specials` in a token's meta: [(offset in the text, what is shown, what is written, "escape" or "entity")], and the
    length of the text.
    """
    for token in state.tokens:
        children = token.children or ()
        if any(child.type == "text_special" for child in children):
            found, offset = [], 0
            for child in children:
                if child.type == "text_special":
                    found.append((offset, child.content, child.markup, child.info))
                offset += len(child.content) if child.type in ("text", "text_special") else 0
            token.meta["specials"] = (found, offset)


def _mark_ticks(state):
    """ "- [ ] words" becomes a point to tick: the box is the style's to draw, and no word of the text."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == "list_item_open" and inline.content.startswith(_TICK):
            item.attrs["class"] = "tick"
            inline.content = inline.content.removeprefix(_TICK)
            inline.children[0].content = inline.children[0].content.removeprefix(_TICK)


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


def fact(key, facts):
    """What stands for a fact of the clinic; nothing for one that does not exist."""
    return NOT_GIVEN if facts.get(key) == "" else facts.get(key, "")


def filled(words, facts):
    """Words with the clinic's facts in the places of their quotes."""
    return _QUOTE.sub(lambda match: fitted(fact(match[2], facts), _sign_behind(match)), words)


def with_rules(words, rules, facts):
    """Words with rules and facts of the clinic in the places of their quotes."""

    def answer(match):
        is_rule = match[1] == "rule" and match[2] in rules
        words = filled(rules[match[2]].answer, facts) if is_rule else fact(match[2], facts)
        return fitted(words, _sign_behind(match))

    return _QUOTE.sub(answer, words)


def rules_in(written):
    """The keys of the rules that a text in Markdown quotes."""
    return [key for kind, key in _QUOTE.findall(written) if kind == "rule"]


def said(quote, rules, facts, signs=None):
    """The words that stand for a quote."""
    kind, key = quote.meta["kind"], quote.meta["key"]
    if kind == "signs":
        return ". ".join(capital(sign.line) for sign in (signs or {}).get(key, ()))
    words = fact(key, facts) if kind == "clinic" else filled(rules[key].answer, facts) if key in rules else ""
    return fitted(words, quote.meta.get("sign"))


def capital(words):
    """The words with a capital letter at the beginning."""
    return words[:1].upper() + words[1:]


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


def inline_html(markup):
    """A token of markup inside a line, as raw() is between lines."""
    return Token("html_inline", "", 0, content=markup)


def inline_text(words):
    """A token of plain text inside a line."""
    return Token("text", "", 0, content=words)
