"""The definition lists of the glossary, the rules and the warning signs: other texts quote each entry, or link to it."""

import re

from django.utils.html import escape

from . import syntax
from .document import PAGE_ANCHORS

_LINES = {f"{kind}_{side}" for kind in ("dl", "dt", "dd", "paragraph") for side in ("open", "close")} | {"inline"}


class Entries:
    """The part of renderer.py's rendering that writes them."""

    def __init__(self):
        super().__init__()
        self.entries = set(PAGE_ANCHORS)

    def _dl_open(self, tokens, index, out):
        kind = self.document.text.kind
        if kind not in ("glossary", "rules", "signs"):
            out.append(tokens[index])
            return index + 1
        depth, end = tokens[index].level, index
        while not (tokens[end].type == "dl_close" and tokens[end].level == depth):
            end += 1
        for token in tokens[index + 1 : end]:
            if token.type not in _LINES or token.type == "dl_open":
                self._wrong(token, 'An entry has plain lines only, each after ":   ". Take the list, table or box out.')
        entries = syntax.definitions(tokens[index:end])
        if kind == "glossary":
            out.append(syntax.raw('<dl class="terms">'))
            for name, said in entries:
                self._glossary_entry(name, said, out)
            out.append(syntax.raw("</dl>\n"))
        elif kind == "signs":
            self._sign_entries(entries, out)
        else:
            for key, said in entries:
                self._rules_entry(key, said, out)
        return end + 1

    def _new(self, token, name, anchor):
        if anchor in self.entries:
            self._wrong(token, f'"{name}" stands twice, or is a word that the page needs. Keep one, or rename it.')
        self.entries.add(anchor)

    def _glossary_entry(self, name, said, out):
        words = syntax.plain(name)
        if not words.strip():
            self._wrong(name, "A word is missing here. Write it above its meaning.")
        if not said or syntax.plain(said[0]).startswith(("Also:", "Typed:")):
            self._wrong(name, f'"{words}" has no meaning. Write it on the next line after ":   ".')
        anchor = syntax.slugify(words)
        self._new(name, words, anchor)
        out.append(syntax.raw(f'<div><dt id="{anchor}">{escape(words)}</dt>'))
        for token in said:
            line = syntax.plain(token)
            if line.startswith("Typed:"):
                continue
            css = ' class="also"' if line.startswith("Also:") else ""
            out += [syntax.raw(f"<dd{css}>"), self._inline(token), syntax.raw("</dd>")]
        out.append(syntax.raw("</div>\n"))

    def _rules_entry(self, key, said, out):
        name = syntax.plain(key)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            self._wrong(key, f'"{name}" is not a key. Use small letters, digits and dashes, such as numb-leg.')
        if len(said) != 2:
            self._wrong(
                key, f'Rule "{name}" needs two lines after its key: the question, then the answer, each after ":   ".'
            )
            return
        self._new(key, name, name)
        for token in (child for line in said for child in line.children):
            if token.type == "footnote_ref" or token.type == "quote" and token.meta["kind"] == "rule":
                self._wrong(key, f'Rule "{name}" is quoted in other texts: take its source marks and [[rule:…]] out.')
        state = "" if self.document.rules[name].answered else " open"
        tag = f"h{min(self.level + 1, 6)}"
        out += [
            syntax.raw(f'<div class="rule{state}" id="{escape(name)}"><{tag}>'),
            self._inline(said[0]),
            syntax.raw(f"</{tag}>\n<p>"),
            self._inline(said[1]),
            syntax.raw("</p></div>\n"),
        ]
