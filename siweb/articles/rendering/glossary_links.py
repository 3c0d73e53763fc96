"""Links from an article's words to their entries in the glossary."""

import re

from django.utils.html import escape

from . import syntax


class GlossaryLinks:
    """Links the first use of each glossary term in one article."""

    def __init__(self, context):
        names = sorted((term.name for term in context.terms if term.name), key=len, reverse=True)
        self._entries = {term.name.lower(): f"{term.page}#{term.anchor}" for term in context.terms if term.anchor}
        self._pattern = (
            re.compile(rf"\b({'|'.join(map(re.escape, names))})(?:s|es)?\b", re.IGNORECASE) if names else None
        )
        self._linked = set()

    def link(self, token):
        """Return the tokens that replace a text token: the same words, with each term's first use in the article linked."""
        pieces, done = [], 0
        for match in self._pattern.finditer(token.content) if self._pattern else ():
            name = match[1].lower()
            entry = self._entries.get(name)  # none for a look-alike such as the long s, which matches "s"
            if name in self._linked or not entry:
                continue
            self._linked.add(name)
            pieces += [syntax.inline_text(token.content[done : match.start()])]
            pieces += [syntax.inline_html(f'<a class="term" href="{escape(entry)}">{escape(match[0])}</a>')]
            done = match.end()
        return [*pieces, syntax.inline_text(token.content[done:])] if pieces else [token]
