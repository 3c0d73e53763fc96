"""The only door from Markdown to HTML: page, preview, search and export all come through render()."""

import re
from dataclasses import dataclass, field

import nh3
from django.utils.html import escape

from . import dialect, tables
from .files import BadText, Problem

WORDS_A_MINUTE = 200  # below the usual 238: pain, age and small screens slow a reader


@dataclass(frozen=True)
class Figure:
    src: str
    width: int
    height: int


@dataclass(frozen=True)
class Surroundings:
    """What a text may point at or quote. Tests and previews may make their own."""

    addresses: dict = field(default_factory=dict)  # slug (old ones too) -> path
    anchors: dict = field(default_factory=dict)  # slug -> set of anchors
    rules: dict = field(default_factory=dict)  # key -> Rule
    terms: tuple = ()
    facts: dict = field(default_factory=dict)  # key -> text, "" when the clinic has not given it
    phone_link: str = ""
    figures: dict = field(default_factory=dict)  # name -> Figure
    is_page: callable = lambda path: False  # a path of the site that is no article


@dataclass(frozen=True)
class Page:
    """A text as readers get it."""

    html: str
    sections: tuple
    links: tuple  # slugs that the text points at, in order

    @property
    def words(self):
        return sum(len(f"{s.heading} {s.text}".split()) for s in self.sections)

    @property
    def minutes(self):
        return max(1, -(-self.words // WORDS_A_MINUTE))


def render(document, surroundings):
    """The Page of a document. Raises BadText with everything that cannot be rendered rightly, each with its line."""
    rendering = _Rendering(document, surroundings)
    html = rendering.html()
    if rendering.problems:
        raise BadText(sorted(set(rendering.problems), key=lambda problem: problem.line))
    return Page(
        clean(html),
        tuple(document.sections(surroundings.rules, surroundings.facts)),
        tuple(dict.fromkeys(rendering.links)),
    )


_CLASSES = {
    "a": {"back", "term"},
    "dd": {"also"},
    "div": {"card", "differs", "rule", "open", *dialect.CARDS},
    "dl": {"terms"},
    "section": {"sources"},
    "span": {"hidden"},
    "sup": {"ref"},
}
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "table": {"role"},
    "tbody": {"role"},
    "td": {"data-label", "role"},
    "th": {"scope", "role"},
    "thead": {"role"},
    "tr": {"role"},
}
_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "hr", "blockquote", "pre", "div", "section"),
    *("a", "b", "br", "code", "em", "s", "span", "strong", "sup"),
    *("ol", "ul", "li", "dl", "dt", "dd", "figure", "figcaption", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def clean(html):
    """The last word on what leaves: anything that is not named above is dropped."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )


class _Rendering:
    """One pass over a document's tokens."""

    def __init__(self, document, surroundings):
        self.document, self.around = document, surroundings
        self.problems, self.links = [], []
        self.level = 1  # of the last heading: cards take the next one
        self.open_cards = []
        self.terms = self._term_pattern() if document.text.kind not in ("glossary", "rules") else None
        self.cited = set()

    def html(self):
        tokens, out, index = list(tables.ready(self.document.tokens)), [], 0
        self._check_sources()
        while index < len(tokens):
            index = self._step(tokens, index, out)
        md = dialect.parser()
        return md.renderer.render(out, md.options, self.document.env)

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

    def _wrong(self, token, message):
        line = self.document.text.body_line + (token.map[0] if token.map else 0)
        self.problems.append(Problem(line, message))

    # --- blocks ---------------------------------------------------------------------------------------

    def _heading_open(self, tokens, index, out):
        self.level, anchor, words = self.document.headings[index]
        if self.level == 1:
            self._wrong(
                tokens[index],
                "A heading with one # stands in the body. The title is that heading: begin sections with ##.",
            )
        if not words:
            self._wrong(tokens[index], "A heading is empty. Write its words after the ##.")
        heading = tokens[index].copy()
        heading.attrs = {"id": anchor}
        out += [heading, self._inline(tokens[index + 1], terms=False), tokens[index + 2]]
        return index + 3

    def _container_card_open(self, tokens, index, out):
        token = tokens[index]
        kind, heading = dialect.card_of(token)
        spoken, default = dialect.CARDS.get(kind, ("", ""))
        heading = heading or default
        if kind not in dialect.CARDS:
            self._wrong(token, f'"::: {kind}" is not known. Write one of: {", ".join(dialect.CARDS)}.')
        elif not heading:
            self._wrong(token, f'The heading is missing. Write it on the same line, such as "::: {kind} Call 999 if:".')
        if self.open_cards:
            self._wrong(token, "A box begins inside another box. Close the first with a line of ::: before it.")
        if not self._is_closed(token):
            self._wrong(token, "This box is not closed. Put a line with ::: after its last line.")
        tag = f"h{min(self.level + 1, 6)}"
        css = "differs" if kind == "differs" else f"card {escape(kind)}"
        hidden = f'<span class="hidden">{spoken}</span>' if spoken and heading != "Important" else ""
        out.append(dialect.raw(f'<div class="{css}"><{tag}>{hidden}{escape(heading)}</{tag}><div>\n'))
        self.open_cards.append(kind)
        return index + 1

    def _container_card_close(self, tokens, index, out):
        self.open_cards.pop()
        out.append(dialect.raw("</div></div>\n"))
        return index + 1

    def _is_closed(self, token):
        lines = self.document.text.body.split("\n")
        end = token.map[1]
        return end < len(lines) and re.fullmatch(r":{3,}\s*", lines[end].strip()) is not None

    def _paragraph_open(self, tokens, index, out):
        inline = tokens[index + 1]
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            return self._figure(tokens, index, out)
        if len(children) == 1 and children[0].type == "quote" and children[0].meta["kind"] == "rule":
            out.append(dialect.raw(self._rule_box(inline, children[0].meta["key"])))
            return index + 3
        out.append(tokens[index])
        return index + 1

    def _figure(self, tokens, index, out):
        """A picture alone in its paragraph, with the ordered list right after it as its key."""
        inline = tokens[index + 1]
        image = inline.children[0]
        name, alt, caption = image.attrGet("src"), dialect.plain(image).strip(), image.attrGet("title") or ""
        figure = self.around.figures.get(name)
        if not figure:
            self._wrong(
                inline, f'There is no figure "{name}". Use the name of a drawing, such as ![…](pelvis "Caption.").'
            )
            figure = Figure("", 0, 0)
        if not alt:
            self._wrong(inline, "The picture has no alternative text. Say between the square brackets what it shows.")
        out.append(
            dialect.raw(
                f'<figure><img src="{escape(figure.src)}" alt="{escape(alt)}" width="{figure.width}" height="{figure.height}">'
                f"<figcaption><p>{escape(caption)}</p>\n"
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
        out.append(dialect.raw("</figcaption></figure>\n"))
        return index

    def _rule_box(self, token, key):
        rule = self._rule(token, key)
        if not rule:
            return ""
        address = f"{self.around.addresses.get('our-rules', '')}#{rule.key}"
        return (
            f'<div class="rule{"" if rule.answered else " open"}"><p><strong>{escape(rule.question)}</strong></p>\n'
            f'<p>{rule.answer_html}</p>\n<p><a href="{escape(address)}">Our rules</a></p></div>\n'
        )

    def _rule(self, token, key):
        rule = self.around.rules.get(key)
        if not rule:
            self._wrong(
                token,
                f'There is no rule "{key}" in the "our rules" article. Known: {", ".join(sorted(self.around.rules))}.',
            )
        return rule

    # --- definition lists: plain, the glossary's, the rules' ---------------------------------------------------

    def _dl_open(self, tokens, index, out):
        if self.document.text.kind not in ("glossary", "rules"):
            out.append(tokens[index])
            return index + 1
        depth, end = tokens[index].level, index
        while not (tokens[end].type == "dl_close" and tokens[end].level == depth):
            end += 1
        entries = dialect.definitions(tokens[index:end])
        if self.document.text.kind == "glossary":
            out.append(dialect.raw('<dl class="terms">'))
            for name, said in entries:
                self._glossary_entry(name, said, out)
            out.append(dialect.raw("</dl>\n"))
        else:
            for key, said in entries:
                self._rules_entry(key, said, out)
        return end + 1

    def _glossary_entry(self, name, said, out):
        words = dialect.plain(name)
        if not said:
            self._wrong(name, f'"{words}" has no meaning. Write it on the next line after ":   ".')
        out.append(dialect.raw(f'<div><dt id="{dialect.slugify(words)}">{escape(words)}</dt>'))
        for token in said:
            line = dialect.plain(token)
            if line.startswith("Typed:"):
                continue
            css = ' class="also"' if line.startswith("Also:") else ""
            out += [dialect.raw(f"<dd{css}>"), self._inline(token), dialect.raw("</dd>")]
        out.append(dialect.raw("</div>\n"))

    def _rules_entry(self, key, said, out):
        name = dialect.plain(key)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            self._wrong(key, f'"{name}" is not a key. Use small letters, digits and dashes, such as numb-leg.')
        if len(said) != 2:
            self._wrong(
                key, f'Rule "{name}" needs two lines after its key: the question, then the answer, each after ":   ".'
            )
            return
        state = "" if self.document.rules[name].answered else " open"
        tag = f"h{min(self.level + 1, 6)}"
        out += [
            dialect.raw(f'<div class="rule{state}" id="{escape(name)}"><{tag}>'),
            self._inline(said[0]),
            dialect.raw(f"</{tag}>\n<p>"),
            self._inline(said[1]),
            dialect.raw("</p></div>\n"),
        ]

    # --- sources --------------------------------------------------------------------------------------------

    def _check_sources(self):
        for token in self.document.tokens:
            if token.type == "inline":
                for child in token.children or []:
                    if child.type == "text":
                        for name in re.findall(r"\[\^([^\]\s]{1,60})\]", child.content):
                            self._wrong(
                                token,
                                f'Source "{name}" is not listed. Add a line at the end: [^{name}]: Author. Title. Year.',
                            )

    def _footnote_block_open(self, tokens, index, out):
        self.terms = None
        out.append(dialect.raw('<section class="sources"><h2 id="sources">Sources</h2><ol>\n'))
        return index + 1

    def _footnote_block_close(self, tokens, index, out):
        out.append(dialect.raw("</ol></section>\n"))
        return index + 1

    def _footnote_open(self, tokens, index, out):
        out.append(dialect.raw(f'<li id="source-{tokens[index].meta["id"] + 1}">'))
        return index + 1

    def _footnote_close(self, tokens, index, out):
        out.append(dialect.raw("</li>\n"))
        return index + 1

    def _footnote_anchor(self, tokens, index, out):
        meta = tokens[index].meta
        if meta["subId"] == 0:
            number = meta["id"] + 1
            out.append(
                dialect.raw(
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
                ready.children += self._with_terms(token)
                continue
            ready.children.append(token)
        return ready

    def _quoted(self, inline, token):
        key = token.meta["key"]
        if token.meta["kind"] == "rule":
            rule = self._rule(inline, key)
            if not rule:
                return token
            number = re.fullmatch(r"\d[\d ]{2,14}", rule.answer)
            return _html(f'<a href="tel:{rule.answer}">{rule.answer}</a>' if number else escape(rule.answer))
        fact = self.around.facts.get(key)
        if fact is None:
            self._wrong(
                inline, f'There is no fact "{key}" of the clinic. Known: {", ".join(sorted(self.around.facts))}.'
            )
            return token
        if key == "phone" and fact and self.around.phone_link:
            return _html(f'<a href="{escape(self.around.phone_link)}">{escape(fact)}</a>')
        return _html(escape(fact or "(the clinic has not given this yet)"))

    def _source_mark(self, token):
        number, use = token.meta["id"] + 1, token.meta["subId"] + 1
        return _html(
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
        if not (path.startswith("/") and self.around.is_page(path)):
            self._wrong(
                inline,
                f'The link "{href}" leads nowhere. Write the slug of an article, a path such as /clinics/, or an address with https.',
            )
        return href

    def _check_anchor(self, inline, anchors, anchor, where):
        if anchor not in anchors:
            self._wrong(
                inline,
                f'There is no section "#{anchor}" in {where}. Write its heading in small letters, words joined by dashes.',
            )

    def _term_pattern(self):
        names = sorted((term.name for term in self.around.terms), key=len, reverse=True)
        self.term_anchors = {term.name.lower(): term.anchor for term in self.around.terms}
        return re.compile(rf"\b({'|'.join(map(re.escape, names))})(?:s|es)?\b", re.IGNORECASE) if names else None

    def _with_terms(self, token):
        """The text with the first use in the article of each glossary term linked."""
        pieces, done = [], 0
        for match in self.terms.finditer(token.content):
            name = match[1].lower()
            if name in self.cited:
                continue
            self.cited.add(name)
            address = f"{self.around.addresses.get('glossary', '')}#{self.term_anchors[name]}"
            pieces += [_text(token.content[done : match.start()])]
            pieces += [_html(f'<a class="term" href="{escape(address)}">{escape(match[0])}</a>')]
            done = match.end()
        return [*pieces, _text(token.content[done:])] if pieces else [token]


def _html(markup):
    token = dialect.raw(markup)
    token.type = "html_inline"
    return token


def _text(words):
    token = dialect.raw(words)
    token.type = "text"
    return token
