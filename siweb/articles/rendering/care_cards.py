"""Boxes of a page: care cards, sheets to print, and the clinic's own rules."""

import re

from django.utils.html import escape

from . import syntax

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

MOST_UNANSWERED = 5  # rules that a page tells in full although the clinic has not answered them


class Boxes:
    """The part of a rendering that writes boxes. A rendering has `around`, `document`, `level`, `quotes` and `_quote`."""

    def __init__(self):
        super().__init__()
        self.open_cards, self.unanswered, self.card_heading = [], set(), ""

    def _container_card_open(self, tokens, index, out):
        token = tokens[index]
        kind, heading = syntax.card_of(token)
        if kind in syntax.SHEETS:
            return self._sheet_open(tokens, index, out)
        spoken, default = CARDS.get(kind, ("", ""))
        heading = heading or default
        if kind not in CARDS:
            self._wrong(token, f'"::: {kind}" is not known. Write one of: {", ".join(CARDS)}.')
        elif not heading:
            self._wrong(token, f'The heading is missing. Write it on the same line, such as "::: {kind} Call 999 if:".')
        if self.open_cards and self.open_cards != ["sheet"]:
            self._wrong(token, "A box begins inside another box. Close the first with a line of ::: before it.")
        self._must_be_closed(token)
        tag = f"h{min(self.level + 1, 6)}"
        css = "differs" if kind == "differs" else f"card {escape(kind)}"
        hidden = f'<span class="hidden">{spoken}</span>' if spoken and heading != "Important" else ""
        out.append(syntax.raw(f'<div class="{css}"><{tag}>{hidden}{escape(heading)}</{tag}><div>\n'))
        self.open_cards.append(kind)
        self.card_heading = heading
        return index + 1

    def _container_card_close(self, tokens, index, out):
        out.append(syntax.raw("</section>\n" if self.open_cards.pop() in syntax.SHEETS else "</div></div>\n"))
        return index + 1

    def _sheet_open(self, tokens, index, out):
        """A part of the text that also prints alone: it has a heading of its own, and may hold boxes."""
        token = tokens[index]
        kind, words = syntax.card_of(token)
        if words:
            self._wrong(token, f'Words stand after ":::: {kind}". Write them as a heading, ## and its words, below it.')
        if tokens[index + 1].type != "heading_open":
            self._wrong(token, f"This {kind} has no heading. Begin it with ## and its words.")
        if token.level:
            self._wrong(token, f"This {kind} is in a list, a quote or a box. Take it out of it.")
        self._must_be_closed(token)
        out.append(syntax.raw(f'<section class="{kind}">\n'))
        self.open_cards.append(kind)
        return index + 1

    def _must_be_closed(self, token):
        lines, end = self.document.lines, token.map[1]
        if end >= len(lines) or not re.fullmatch(rf"[>\s]*:{{{len(token.markup)},}}\s*", lines[end]):
            what = "box" if syntax.card_of(token)[0] not in syntax.SHEETS else "sheet"
            self._wrong(token, f"This {what} is not closed. Put a line with {token.markup} after its last line.")

    def _rule_box(self, inline, key):
        rule = self._rule(inline, key)
        if not rule:
            return []
        question = escape(syntax.filled(rule.question, self.around.facts))
        if self._one_too_many(rule):
            return [
                syntax.raw(f'<div class="rule open"><p><strong>{question}</strong> {self._ask_us(rule)}</p></div>\n')
            ]
        self._quote(f"rule:{key}", rule.digest)
        answer = syntax.inline(rule.written)
        answer.map = inline.map
        return [
            syntax.raw(f'<div class="rule{"" if rule.answered else " open"}"><p><strong>{question}</strong></p>\n<p>'),
            self._inline(answer, terms=False),
            syntax.raw(f'</p>\n<p><a href="{self._entry_of(rule)}">Our rules</a></p></div>\n'),
        ]

    def _one_too_many(self, rule):
        """Whether the page tells enough of what the clinic has not answered: the rest is one press away."""
        if rule.answered or rule.key in self.unanswered:
            return False
        if len(self.unanswered) == MOST_UNANSWERED:
            return True
        self.unanswered.add(rule.key)
        return False

    def _ask_us(self, rule):
        key = f"rule:{rule.key}"
        self._quote(key, self.quotes.get(key, rule.question_digest))
        return f'Ask us, and keep to <a href="{self._entry_of(rule)}">what our rules say until then</a>.'

    def _entry_of(self, rule):
        return escape(f"{rule.page}#{rule.key}")

    def _rule(self, token, key):
        rule = self.around.rules.get(key)
        if not rule:
            self._missing(
                token,
                f'There is no rule "{key}". Known: {", ".join(sorted(self.around.rules))}.',
            )
        return rule
