"""What an inline token shows, character by character, and what it would look like if it were written down again."""

from dataclasses import dataclass, field

ESCAPED = "\ue000"  # in place of a character after a backslash: the author wants to show it
BREAK = "\x0b"  # at the end of a line that the author wants to end there
OPAQUE = "\ue001"  # in place of a quote, a source mark or code


@dataclass
class Span:
    """Something around a part of the shown text: emphasis or a link."""

    token: object
    start: int
    end: int = -1


@dataclass
class Words:
    """`shown` has a placeholder for each escaped character, quote and piece of code; `written` is Markdown again."""

    shown: str = ""
    written: str = ""
    spans: list = field(default_factory=list)
    codes: list = field(default_factory=list)  # (offset in shown, token)
    entities: list = field(default_factory=list)  # markup such as &nbsp;
    escapes: list = field(default_factory=list)  # markup such as \*

    def line_at(self, offset):
        """How many lines of the token come before a character of `shown`."""
        return self.shown.count("\n", 0, offset)


def words_of(inline):
    """The Words of an inline token."""
    return _Reader(inline).read()


class _Reader:
    def __init__(self, inline):
        self.inline, self.shown, self.written, self.length, self.words = inline, [], [], 0, Words()
        specials = (inline.meta or {}).get("specials")
        self.specials, length = list(specials[0]) if specials else [], specials[1] if specials else 0
        children = inline.children or []
        # What the parser took off the front since (the box of a point to tick) shifts the places of the escapes.
        self.offset = length - sum(len(c.content) for c in children if c.type == "text") if specials else 0

    def read(self):
        open_spans = []
        for token in self.inline.children or []:
            if token.nesting == 1:
                open_spans.append(Span(token, self.length))
                self._add("", _opening(token))
            elif token.nesting == -1 and open_spans:
                span = open_spans.pop()
                span.end = self.length
                self.words.spans.append(span)
                self._add("", _closing(token, span.token))
            else:
                self._leaf(token)
        self.words.shown, self.words.written = "".join(self.shown), "".join(self.written)
        return self.words

    def _leaf(self, token):
        if token.type == "text":
            self._text(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            self._add("\n" if token.type == "softbreak" else f"{BREAK}\n", "\n")
        elif token.type == "code_inline":
            self.words.codes.append((self.length, token))
            self._add(OPAQUE, f"{token.markup}{token.content}{token.markup}")
        elif token.type == "quote":
            self._add(OPAQUE, token.content)
        elif token.type == "footnote_ref":
            self._add("", f"[^{token.meta['label']}]")
        elif token.type == "image":
            title = token.attrGet("title")
            caption = f' "{title}"' if title else ""
            self._add(OPAQUE, f"![{token.content}]({token.attrGet('src')}{caption})")

    def _text(self, content):
        done, end = 0, self.offset + len(content)
        while self.specials and self.specials[0][0] < end:
            at, shown, written, info = self.specials.pop(0)
            at -= self.offset
            self._add(content[done:at], content[done:at])
            done = at + len(shown)
            if info == "entity":
                self.words.entities.append(written)
                self._add(shown, written)
            elif len(shown) == 1:
                self.words.escapes.append(written)
                self._add(ESCAPED, written)
            else:  # the parser keeps the backslash: what follows it is no mark
                self._add(shown, written)
        self._add(content[done:], content[done:])
        self.offset = end

    def _add(self, shown, written):
        self.shown.append(shown)
        self.written.append(written)
        self.length += len(shown)


def _opening(token):
    if token.type == "link_open":
        return "<" if token.markup == "autolink" else "["
    return token.markup


def _closing(token, opening):
    if token.type == "link_close":
        return ">" if opening.markup == "autolink" else f"]({opening.attrGet('href')})"
    return token.markup
