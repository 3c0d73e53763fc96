"""A parsed text: its tokens, and what the page, the search and other texts may use of it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from . import dialect
from .files import Text


@dataclass(frozen=True)
class Rule:
    """One of the clinic's own rules: an answer that begins "Ask us" has not been given yet."""

    key: str
    question: str
    answer: str
    answer_html: str = ""

    @property
    def answered(self):
        return not self.answer.startswith("Ask us")


@dataclass(frozen=True)
class Term:
    """A glossary entry: `also` is shown, `typed` (misspellings, lay phrases) only feeds the search."""

    name: str
    definition: str
    also: tuple = ()
    typed: tuple = ()

    @property
    def anchor(self):
        return dialect.slugify(self.name)


@dataclass(frozen=True)
class Section:
    anchor: str
    heading: str
    level: int
    text: str


class Document:
    """A text parsed once: its tokens, and what other texts may use of it (anchors, rules, terms)."""

    def __init__(self, text: Text):
        self.text = text
        self.env = {}
        self.tokens = dialect.tokens_of(text.body, self.env)

    @cached_property
    def headings(self):
        """{index of the heading's token: (level, anchor, words)}; a second "Risks" gets the anchor risks-2."""
        found, taken = {}, Counter(["sources"])
        for index, token in enumerate(self.tokens):
            if token.type == "heading_open":
                words = dialect.plain(self.tokens[index + 1]).strip()
                anchor = _free(dialect.slugify(words), taken)
                found[index] = (int(token.tag[1]), anchor, words)
        return found

    @cached_property
    def anchors(self):
        entries = {term.anchor for term in self.terms} | set(self.rules)
        return {anchor for _, anchor, _ in self.headings.values()} | entries | {"sources"}

    @cached_property
    def rules(self):
        if self.text.kind != "rules":
            return {}
        rules = {}
        for key, said in dialect.definitions(self.tokens):
            question, answer = ([dialect.plain(token) for token in said] + ["", ""])[:2]
            html = dialect.parser().renderer.render(said[1:2], dialect.parser().options, self.env)
            rules[dialect.plain(key)] = Rule(dialect.plain(key), question, answer, html)
        return rules

    @cached_property
    def terms(self):
        if self.text.kind != "glossary":
            return ()
        return tuple(
            _term(dialect.plain(name), [dialect.plain(token) for token in said]) for name, said in self._entries
        )

    @cached_property
    def _entries(self):
        return dialect.definitions(self.tokens)

    def sections(self, rules, facts):
        """The text cut at its headings, in plain words; the first has no heading. Sources are left out.

        Each rule and each glossary entry is a section of its own. `rules` and `facts` say what stands for the quotes.
        """

        def quoted(token):
            key = token.meta["key"]
            if token.meta["kind"] == "rule":
                return rules[key].answer if key in rules else ""
            return facts.get(key) or ""

        anchor, heading, level, said = "", "", 1, []
        in_entries, has_entries = False, self.text.kind in ("rules", "glossary")
        for index, token in enumerate(self.tokens):
            if token.type == "footnote_block_open":
                break
            if has_entries and token.type in ("dl_open", "dl_close"):
                in_entries = token.type == "dl_open"
            elif in_entries:
                continue
            elif index in self.headings:
                yield Section(anchor, heading, level, " ".join(said))
                level, anchor, heading = self.headings[index]
                said = []
            elif token.type == "container_card_open":
                said.append(dialect.card_of(token)[1])
            elif token.type == "inline" and self.tokens[index - 1].type != "heading_open":
                said.append(dialect.plain(token, quoted))
        yield Section(anchor, heading, level, " ".join(filter(None, said)))
        for rule in self.rules.values():
            yield Section(rule.key, rule.question, 2, rule.answer)
        for term in self.terms:
            yield Section(term.anchor, term.name, 3, term.definition)


def _free(anchor, taken):
    """The anchor, or the anchor with the next number: `taken` counts how often each was asked for."""
    taken[anchor] += 1
    return anchor if taken[anchor] == 1 else _free(f"{anchor}-{taken[anchor]}", taken)


def _term(name, said):
    also = next((line.removeprefix("Also:") for line in said if line.startswith("Also:")), "")
    typed = next((line.removeprefix("Typed:") for line in said if line.startswith("Typed:")), "")
    return Term(name, said[0] if said else "", _words(also), _words(typed))


def _words(listed):
    return tuple(word.strip() for word in listed.split(",") if word.strip())
