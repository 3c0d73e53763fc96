"""Links from an article's words to their entries in the glossary."""

import re

from django.utils.html import escape

from . import syntax


def terms_by_name(terms):
    """{name in small letters: Term}, as texts look them up."""
    return {term.name.lower(): term for term in terms if term.name}


class GlossaryLinks:
    """Links the first use of each glossary term in one article, and reports to `quote` what its entry says now."""

    def __init__(self, context, quote):
        names = sorted(context.terms, key=len, reverse=True)
        self._terms, self._rules, self._quote = context.terms, context.rules, quote
        self._pattern = (
            re.compile(rf"\b({'|'.join(map(re.escape, names))})(?:s|es)?\b", re.IGNORECASE) if names else None
        )
        self._linked = set()

    def _track(self, term):
        """Report an entry, and each rule that it shows: they change one by one."""
        self._quote(f"term:{term.name}", term.digest)
        for key in syntax.rules_in("\n".join(term.written)):
            if rule := self._rules.get(key):
                self._quote(f"rule:{key}", rule.digest)

    def link(self, token):
        """Return the tokens that replace a text token: the same words, with each term's first use in the article linked."""
        pieces, done = [], 0
        for match in self._pattern.finditer(token.content) if self._pattern else ():
            name = match[1].lower()
            if name in self._linked or name not in self._terms:  # a look-alike such as the long s, which matches "s"
                continue
            term = self._terms[name]
            self._linked.add(name)
            self._track(term)
            entry = f"{term.page}#{term.anchor}"
            pieces += [syntax.inline_text(token.content[done : match.start()])]
            pieces += [syntax.inline_html(f'<a class="term" href="{escape(entry)}">{escape(match[0])}</a>')]
            done = match.end()
        return [*pieces, syntax.inline_text(token.content[done:])] if pieces else [token]
