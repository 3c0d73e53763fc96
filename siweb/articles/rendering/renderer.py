"""The only door from Markdown to HTML: page, preview, search and export all come through render()."""

import re
from dataclasses import dataclass, field

from django.utils.html import escape

from siweb.articles.text.front_matter import BadText, Problem

from . import syntax, tables
from .care_cards import Boxes
from .definition_lists import Entries
from .dependencies import noting
from .glossary_links import GlossaryLinks
from .sanitizer import clean
from .sign_lists import SignLists
from .slips.slip import fix_lines

SIZES = "(min-width: 44rem) 38rem, 92vw"  # how wide the column of words is
WORDS_A_MINUTE = 200  # below the usual 238: pain, age and small screens slow a reader


@dataclass(frozen=True)
class Figure:
    src: str
    width: int
    height: int
    digest: str = ""  # of what it shows
    srcset: str = ""  # its other sizes, for a photograph


@dataclass(frozen=True)
class Surroundings:
    """What a text may point at or quote. Tests and previews may make their own."""

    addresses: dict = field(default_factory=dict)  # slug (old ones too) -> path
    anchors: dict = field(default_factory=dict)  # slug -> set of anchors
    rules: dict = field(default_factory=dict)  # key -> Rule
    terms: dict = field(default_factory=dict)  # name in small letters -> Term of the glossary
    facts: dict = field(default_factory=dict)  # key -> text, "" when the clinic has not given it
    phone_link: str = ""
    figures: dict = field(default_factory=dict)  # name -> Figure
    signs: dict = field(default_factory=dict)  # what [[signs:…]] may name -> its Signs (shared_texts.by_quote)
    is_page: callable = lambda path: False  # a path of the site that is no article
    unpublished: frozenset = frozenset()  # slugs of drafts that readers have never seen, where links to them are errors


@dataclass(frozen=True)
class Page:
    """A text as readers get it."""

    html: str
    sections: tuple
    links: tuple  # slugs that the text points at, in order
    quotes: dict  # {"rule:driving": digest of what it says now}: the rules, signs, figures and terms that it shows
    uses: tuple = ()  # of its surroundings: (kind, key) of everything that was looked up

    @property
    def words(self):
        return sum(len(f"{s.heading} {s.text}".split()) for s in self.sections)

    @property
    def minutes(self):
        return minutes_for(self.words)


def minutes_for(words):
    """How many minutes it takes to read so many words, at least one."""
    return max(1, -(-words // WORDS_A_MINUTE))


def render(document, surroundings):
    """The Page of a document. Raises BadText with everything that cannot be rendered rightly, each with its line."""
    page, problems = render_with_problems(document, surroundings)
    if problems:
        raise BadText(problems)
    return page


def render_with_problems(document, surroundings):
    """(the Page of a document, what is wrong with it): for a text that readers have seen since before a rule was made."""
    surroundings, uses = noting(surroundings)
    rendering = _Rendering(document, surroundings)
    html = rendering.html()
    page = Page(
        clean(html),
        tuple(document.sections(surroundings.rules, surroundings.facts, surroundings.signs)),
        tuple(dict.fromkeys(rendering.links)),
        rendering.quotes,
        tuple(sorted(uses)),
    )
    problems = {*document.text.problems, *document.problems, *rendering.problems}
    return page, sorted(problems, key=lambda problem: (problem.line, problem.message))


@dataclass(frozen=True)
class Block:
    """A paragraph, list, table, box … of a page, ready to be written as HTML."""

    heading: str  # of the section that it is in
    tokens: tuple
    quotes: frozenset  # what it shows of other texts, such as "rule:driving"


def passages(document, surroundings, quote):
    """[(heading of the section, HTML)] of the blocks of a page that show a quote, such as "rule:driving"."""
    rendering = _Rendering(document, surroundings)
    found = [block for block in rendering.blocks() if quote in block.quotes]
    return [(block.heading, clean(rendering.html_of(block.tokens))) for block in found]


def _is_of_sheet(token):
    return token.type.startswith("container_card") and syntax.card_of(token)[0] in syntax.SHEETS


def problem_of(document, slip, key=""):
    """A Slip as a Problem, with the line of the file or of the editor's box; `key` is for advice."""
    line = document.text.body_line + slip.line if slip.field == "body" else 1
    return Problem(line, slip.message, slip.field, slip.words, key, slip.fix)


_NO_SCHEME = re.compile(
    r"(?:http://|//)?((?:[\w-]+\.)+(?!(?:md|html?|pdf|docx?|svg|png|jpe?g)$)[a-z]{2,}(?:[:/?]\S*)?)"
)


class _Rendering(Boxes, Entries, SignLists):
    """One pass over a document's tokens."""

    def __init__(self, document, surroundings):
        super().__init__()
        self.document, self.around = document, surroundings
        self.problems = [problem_of(document, slip) for slip in document.slips if slip.is_error]
        self.links, self.quotes = [], {}
        self.quoted = []  # keys of `quotes`, each time that one is shown
        self.level = 1  # of the last heading: cards take the next one
        has_links = document.text.kind not in ("glossary", "rules", "signs")
        self.terms = GlossaryLinks(surroundings, self._quote) if has_links else None

    def html(self):
        return self.html_of([token for block in self.blocks() for token in block.tokens])

    def html_of(self, tokens):
        md = syntax.parser()
        return md.renderer.render(tokens, md.options, self.document.env)

    def blocks(self):
        """The Blocks of the text, in order. A sheet is not one block: those in it are."""
        around = self.around
        tokens = list(tables.ready(self.document.tokens, lambda quote: syntax.said(quote, around.rules, around.facts)))
        index, heading = 0, ""
        while index < len(tokens):
            start, depth, out, quoted = index, 0, [], len(self.quoted)
            while index == start or depth > 0 and index < len(tokens):
                before, index = index, self._step(tokens, index, out)
                depth += sum(token.nesting for token in tokens[before:index] if not _is_of_sheet(token))
            if tokens[start].type == "heading_open":
                heading = self.document.headings[start][2]
            yield Block(heading, tuple(out), frozenset(self.quoted[quoted:]))

    def _quote(self, key, digest):
        """Record that the page shows a part of another text, and the digest of what it says now."""
        self.quotes[key] = digest
        self.quoted.append(key)

    def _step(self, tokens, index, out):
        """Write the token at `index` (or a figure, a rule's box … that begins there); the index after it."""
        token = tokens[index]
        if token.type == "inline":
            out.append(self._inline(token))
        elif special := getattr(self, f"_{token.type}", None):
            return special(tokens, index, out)
        else:
            out.append(token)
        return index + 1

    def _wrong(self, token, message, fix=(), is_dangling=False):
        line = self.document.text.body_line + (token.map[0] if token.map else 0)
        self.problems.append(Problem(line, message, fix=fix, is_dangling=is_dangling))

    def _missing(self, token, message, fix=()):
        """As _wrong(): the text points at what is not there."""
        self._wrong(token, message, fix, is_dangling=True)

    # --- blocks ---------------------------------------------------------------------------------------

    def _heading_open(self, tokens, index, out):
        self.level, anchor, words = self.document.headings[index]
        if self.level == 1:
            self._wrong(
                tokens[index],
                "There is a heading with one # in the body. The title is that heading: begin sections with ##.",
                self._smaller_heading(tokens[index]),
            )
        if tokens[index].level != len(self.open_cards) or not set(self.open_cards) <= set(syntax.SHEETS):
            self._wrong(tokens[index], "There is a heading in a list, a quote or a box. Take it out of it.")
        if not words:
            self._wrong(tokens[index], "A heading is empty. Write its words after the ##.")
        heading = tokens[index].copy()
        heading.attrs = {"id": anchor}
        out += [heading, self._inline(tokens[index + 1], terms=False), tokens[index + 2]]
        return index + 3

    def _smaller_heading(self, token):
        """The fix that makes a heading one of a section."""
        first, end = token.map
        words = self.document.lines[first].lstrip("# \t").rstrip("# \t")
        is_plain = words and token.level == 0 and end - first <= 2
        if re.match(r"(?:\d|of )", words) and (words[0] == "o" or first and self.document.lines[first - 1].strip()):
            return fix_lines(self.document.lines, first, lambda old: old.replace("#", "\\#", 1))  # "# 12 on the list"
        return fix_lines(self.document.lines, first, lambda _: f"## {words}", end - first) if is_plain else ()

    def _paragraph_open(self, tokens, index, out):
        inline = tokens[index + 1]
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            return self._figure(tokens, index, out)
        if len(children) == 1 and children[0].type == "quote" and children[0].meta["kind"] == "rule":
            out += self._rule_box(inline, children[0].meta["key"])
            return index + 3
        if self._is_sign_list(inline):
            self._sign_list(inline, out)
            return index + 3
        out.append(tokens[index])
        return index + 1

    def _figure(self, tokens, index, out):
        """A picture alone in its paragraph, with the ordered list right after it as its key."""
        inline = tokens[index + 1]
        image = inline.children[0]
        name, alt, caption = image.attrGet("src"), syntax.plain(image).strip(), image.attrGet("title") or ""
        figure = self.around.figures.get(name)
        if not figure:
            self._missing(
                inline,
                f'There is no figure "{name}". Use the name of a drawing or of a picture, such as ![…](pelvis "Caption.").',
            )
            figure = Figure("", 0, 0)
        self._quote(f"figure:{name}", figure.digest)
        if not alt and not name.startswith(syntax.SAID_BEFORE):
            self._wrong(inline, "The picture has no alternative text. Say between the square brackets what it shows.")
        sizes = f' srcset="{escape(figure.srcset)}" sizes="{SIZES}" loading="lazy"' if figure.srcset else ""
        out.append(
            syntax.raw(
                f'<figure><img src="{escape(figure.src)}"{sizes} alt="{escape(alt)}"'
                f' width="{figure.width}" height="{figure.height}">'
                f"<figcaption>{f'<p>{escape(caption)}</p>' if caption else ''}\n"
            )
        )
        index += 3
        if index < len(tokens) and tokens[index].type == "ordered_list_open":
            depth = tokens[index].level
            while True:
                closing = tokens[index].type == "ordered_list_close" and tokens[index].level == depth
                index = self._step(tokens, index, out)
                if closing:
                    break
        out.append(syntax.raw("</figcaption></figure>\n"))
        return index

    # --- sources --------------------------------------------------------------------------------------------

    def _footnote_block_open(self, tokens, index, out):
        self.terms = None
        out.append(syntax.raw('<section class="sources"><h2 id="sources">Sources</h2><ol>\n'))
        return index + 1

    def _footnote_block_close(self, tokens, index, out):
        out.append(syntax.raw("</ol></section>\n"))
        return index + 1

    def _footnote_open(self, tokens, index, out):
        out.append(syntax.raw(f'<li id="source-{tokens[index].meta["id"] + 1}">'))
        return index + 1

    def _footnote_close(self, tokens, index, out):
        out.append(syntax.raw("</li>\n"))
        return index + 1

    def _footnote_anchor(self, tokens, index, out):
        meta = tokens[index].meta
        if meta["subId"] == 0:
            number = meta["id"] + 1
            out.append(
                syntax.raw(
                    f' <a class="back" href="#ref-{number}-1" aria-label="Back to source {number} in the text">↑</a>'
                )
            )
        return index + 1

    # --- inside a line -----------------------------------------------------------------------------------------

    def _inline(self, inline, terms=True):
        """A copy of an inline token with its links, quotes, source marks and terms made ready."""
        ready, depth = inline.copy(), 0
        ready.children = []
        linkable = terms and self.terms and "emergency" not in self.open_cards
        for token in inline.children or []:
            depth += token.nesting if token.type.startswith("link") else 0
            if token.type == "link_open":
                token = token.copy()
                token.attrs = {"href": self._address(inline, token.attrGet("href"))}
            elif token.type == "image":
                self._wrong(inline, "A picture stands inside a line. Put it into a paragraph of its own.")
                continue
            elif token.type == "quote":
                token = self._quoted(inline, token)
            elif token.type == "footnote_ref":
                token = self._source_mark(token)
            elif token.type == "text" and linkable and depth == 0:
                ready.children += self.terms.link(token)
                continue
            ready.children.append(token)
        return ready

    def _quoted(self, inline, token):
        key = token.meta["key"]
        if token.meta["kind"] == "rule":
            rule = self._rule(inline, key)
            if not rule:
                return token
            if self._one_too_many(rule):
                return syntax.inline_html(syntax.fitted(self._ask_us(rule), token.meta.get("sign")))
            self._quote(f"rule:{key}", rule.digest)
            answer = syntax.said(token, self.around.rules, self.around.facts)
            if re.fullmatch(r"[0-9][0-9 ]{2,14}", answer):
                return syntax.inline_html(f'<a href="tel:{answer.replace(" ", "")}">{answer}</a>')
            return syntax.inline_html(escape(answer))
        if token.meta["kind"] == "signs":
            self._wrong(inline, f"[[signs:{key}]] makes a list. Put it into a paragraph of its own.")
            return token
        fact = self.around.facts.get(key)
        if fact is None:
            self._missing(
                inline, f'There is no fact "{key}" of the clinic. Known: {", ".join(sorted(self.around.facts))}.'
            )
            return token
        if key == "phone" and fact and self.around.phone_link:
            return syntax.inline_html(f'<a href="{escape(self.around.phone_link)}">{escape(fact)}</a>')
        return syntax.inline_html(escape(syntax.said(token, {}, self.around.facts)))

    def _source_mark(self, token):
        number, use = token.meta["id"] + 1, token.meta["subId"] + 1
        return syntax.inline_html(
            f'<sup class="ref"><a id="ref-{number}-{use}" href="#source-{number}" aria-label="Source {number}">{number}</a></sup>'
        )

    def _address(self, inline, href):
        """Where a link leads: a bare slug is an article, a path is a page of the site, else https, tel or mailto."""
        if re.match(r"(https|mailto|tel):", href):
            return href
        path, _, anchor = href.partition("#")
        if not path and anchor:
            self._check_anchor(inline, self.document.anchors, anchor, "this text")
            return href
        if path in self.around.addresses:
            self.links.append(path)
            if anchor:
                self._check_anchor(inline, self.around.anchors.get(path, ()), anchor, path)
            return self.around.addresses[path] + (f"#{anchor}" if anchor else "")
        if path in self.around.unpublished:
            self._missing(
                inline,
                f'The link leads to "{path}", which is not published yet. Publish that first, or take the link out.',
            )
        elif not (path.startswith("/") and self.around.is_page(path)):
            self._missing(
                inline,
                f'The link "{href}" leads nowhere. Write the slug of an article, a path such as /clinics/, or one with https.',
                self._right_address(inline, href),
            )
        return href

    def _right_address(self, inline, href):
        """The fix for an address without its scheme, or with that of an article's page."""
        path, _, anchor = href.partition("#")
        slug = next((slug for slug, at in self.around.addresses.items() if at == path), None)
        if slug and path:
            right = f"{slug}#{anchor}" if anchor else slug
        elif match := _NO_SCHEME.fullmatch(href):
            right = f"https://{match[1]}"
        else:
            return ()
        lines = self.document.lines
        line = next((n for n in range(*inline.map) if f"]({href})" in lines[n]), None)
        return () if line is None else fix_lines(lines, line, lambda old: old.replace(f"]({href})", f"]({right})"))

    def _check_anchor(self, inline, anchors, anchor, where):
        if anchor not in anchors:
            self._missing(
                inline,
                f'There is no section "#{anchor}" in {where}. Write its heading in small letters, words joined by dashes, '
                "or the key of a sign or a rule.",
            )
