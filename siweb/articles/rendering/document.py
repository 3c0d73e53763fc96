"""A parsed text: its tokens, and what the page, the search and other texts may use of it."""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from siweb.articles.text.front_matter import BadText, Text
from siweb.core.shared_texts import ACTIONS, Sign

from . import sign_entries, slips, syntax

# Ids that the page around the text uses, and those of its sources: no heading may have them.
PAGE_ANCHORS = {"checked", "contents", "help", "main", "print", "q", "related", "sources"}
_SOURCE_ANCHOR = re.compile(r"source-\d+|ref-\d+-\d+")


def _sha256(*texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@dataclass(frozen=True)
class Rule:
    """One of the clinic's own rules: an answer that begins "Ask us" has not been given yet."""

    key: str
    question: str
    answer: str
    written: str = ""  # the answer's Markdown
    page: str = ""  # the path of the page that defines it

    @property
    def answered(self):
        """Whether the clinic has answered, whatever marks, blanks or invisible characters are around "Ask us"."""
        shown = "".join(letter for letter in self.answer.casefold() if unicodedata.category(letter) != "Cf")
        words = re.findall(r"\w+", shown)
        return bool(words) and words[:2] != ["ask", "us"] and words[:3] != ["please", "ask", "us"]

    @property
    def digest(self):
        return _sha256(self.question, self.written)

    @property
    def question_digest(self):
        """The digest of what a page shows that only leads to the answer."""
        return _sha256(self.question)


@dataclass(frozen=True)
class Term:
    """A glossary entry: `also` is shown, `typed` (misspellings, lay phrases) only feeds the search."""

    name: str
    definition: str
    also: tuple = ()
    typed: tuple = ()
    page: str = ""  # the path of the page that defines it
    written: tuple = ()  # the Markdown of every line of the entry that readers see

    @property
    def anchor(self):
        return syntax.slugify(self.name)

    @property
    def digest(self):
        """The digest of all that a reader sees of the entry, also of where its links lead."""
        is_plain = self.written[:1] == (self.definition,) and all(map(self._is_plain_also, self.written[1:]))
        return _sha256(self.name, self.definition, *self.also, *(() if is_plain else self.written))

    def _is_plain_also(self, line):
        return line.startswith("Also:") and _words(line.removeprefix("Also:")) == self.also


@dataclass(frozen=True)
class Section:
    anchor: str
    heading: str
    level: int
    text: str


@dataclass(frozen=True)
class Offer:
    """What one text offers to the others: what they may quote of it and point at. Small enough to be remembered."""

    kind: str
    anchors: frozenset
    rules: dict
    terms: tuple
    figures: frozenset  # names of what it shows, for the person who wants to change one of these
    signs: tuple[Sign, ...] = ()
    roles: tuple = ()

    @property
    def parts(self):
        """{quote: digest} of everything that others may quote of it, such as "rule:driving"."""
        rules = {f"rule:{key}": rule.digest for key, rule in self.rules.items()}
        signs = {f"sign:{sign.key}": sign.digest for sign in self.signs}
        return rules | signs | {f"term:{term.name}": term.digest for term in self.terms}


class Document:
    """A text parsed once: its tokens, and what other texts may use of it (anchors, rules, terms).

    A text that would hold up the parser has no tokens, and says why in `problems`: render() then refuses it.
    """

    def __init__(self, text: Text):
        self.text = text
        self.env = {}
        try:
            self.tokens, self.problems = syntax.tokens_of(text, self.env), ()
        except BadText as bad:
            self.tokens, self.problems = [], tuple(bad.problems)
        self.lines = text.body.split("\n")  # a token's map counts them from 0

    @cached_property
    def slips(self):
        """What readers would see differently from how the author wrote or meant it."""
        return slips.found_in(self)

    @cached_property
    def headings(self):
        """{index of the heading's token: (level, anchor, words)}; a second "Risks" gets the anchor risks-2."""
        found, taken = {}, Counter(PAGE_ANCHORS | self._entries)
        for index, token in enumerate(self.tokens):
            if token.type == "heading_open":
                words = syntax.plain(self.tokens[index + 1]).strip()
                anchor = _free(syntax.slugify(words), taken)
                found[index] = (int(token.tag[1]), anchor, words)
        return found

    @cached_property
    def anchors(self):
        sources = {"sources"} if any(token.type == "footnote_block_open" for token in self.tokens) else set()
        return {anchor for _, anchor, _ in self.headings.values()} | self._entries | sources

    @property
    def offer(self):
        anchors, text = frozenset(self.anchors), self.text
        return Offer(text.kind, anchors, self.rules, self.terms, self.figures, self.signs, text.role)

    @property
    def figures(self):
        """The names of the drawings and pictures that the text shows."""
        inside = (child for token in self.tokens for child in token.children or [])
        return frozenset(child.attrGet("src") for child in inside if child.type == "image")

    @property
    def _entries(self):
        return {term.anchor for term in self.terms} | set(self.rules) | sign_entries.anchors(self.signs)

    @cached_property
    def rules(self):
        if self.text.kind != "rules":
            return {}
        rules = {}
        for key, said in syntax.definitions(self.tokens):
            question, answer = ([syntax.plain(token) for token in said] + ["", ""])[:2]
            written = said[1].content if len(said) > 1 else ""
            rules[syntax.plain(key)] = Rule(syntax.plain(key), question, answer, written)
        return rules

    @cached_property
    def terms(self):
        if self.text.kind != "glossary":
            return ()
        entries = syntax.definitions(self.tokens)
        return tuple(_term(syntax.plain(name), said) for name, said in entries)

    @cached_property
    def signs(self):
        """The warning signs that the text defines; an entry with a mistake is left out, and render() names it."""
        return sign_entries.signs_in(self.tokens) if self.text.kind == "signs" else ()

    def sections(self, rules, facts, signs=None):
        """The text cut at its headings, in plain words; the first has no heading. Sources and wallet cards are left out.

        Each rule, sign and glossary entry is a section of its own. `rules`, `facts` and `signs` are what the quotes show.
        """
        anchor, heading, level, said = "", "", 1, []
        for index, token in self._running_text():
            if index in self.headings:
                yield Section(anchor, heading, level, " ".join(filter(None, said)))
                level, anchor, heading = self.headings[index]
                said = []
            elif index - 1 not in self.headings:
                said.append(_words_in(token, rules, facts, signs))
        yield Section(anchor, heading, level, " ".join(filter(None, said)))
        for group, anchor, heading in sign_entries.groups_of(self.signs):
            yield Section(anchor, heading, 2, "")
            for sign in (sign for sign in self.signs if sign.group == group):
                words = f"{ACTIONS[sign.level]}. {syntax.with_rules(sign.wording, rules, facts)}"
                yield Section(sign.key, syntax.capital(sign.line), 3, words)
        for rule in self.rules.values():
            yield Section(rule.key, syntax.filled(rule.question, facts), 2, syntax.filled(rule.answer, facts))
        for term in self.terms:
            yield Section(term.anchor, term.name, 3, syntax.filled(term.definition, facts))

    def _running_text(self):
        """The tokens with their index, up to the sources, without entries and wallet cards."""
        has_entries = self.text.kind in ("rules", "glossary", "signs")
        in_entries = in_wallet = False
        for index, token in enumerate(self.tokens):
            if token.type == "footnote_block_open":
                return
            if token.type in ("dl_open", "dl_close"):
                in_entries = has_entries and token.type == "dl_open"
            elif token.type in ("container_card_open", "container_card_close"):  # a wallet card holds no other box
                in_wallet = token.type == "container_card_open" and syntax.card_of(token)[0] == "wallet"
            if not in_entries and not in_wallet:
                yield index, token


def _words_in(token, rules, facts, signs):
    if token.type == "container_card_open":
        return syntax.card_of(token)[1]
    return syntax.plain(token, lambda quote: syntax.said(quote, rules, facts, signs))


def _free(anchor, taken):
    """The anchor, or the anchor with the next number: `taken` counts how often each was asked for."""
    taken[anchor] += 1
    if taken[anchor] == 1 and not _SOURCE_ANCHOR.fullmatch(anchor):
        return anchor
    return _free(f"{anchor}-{taken[anchor]}", taken)


def _term(name, lines):
    said = [syntax.plain(token) for token in lines]
    written = tuple(token.content for token in lines if not syntax.plain(token).startswith("Typed:"))
    also = next((line.removeprefix("Also:") for line in said if line.startswith("Also:")), "")
    typed = next((line.removeprefix("Typed:") for line in said if line.startswith("Typed:")), "")
    return Term(name, said[0] if said else "", _words(also), _words(typed), written=written)


def _words(listed):
    return tuple(word.strip() for word in listed.split(",") if word.strip())
