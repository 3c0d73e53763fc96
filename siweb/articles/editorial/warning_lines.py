"""What warns on a page: lines of cards, lists of signs, clinical rules, links to signs, and sentences with a number to call.

A machine cannot tell what other words mean. So what warns counts as kept only word for word, under its own heading, or under
one that is stricter and was there before.
"""

import re
from collections import Counter
from dataclasses import dataclass

from siweb.articles.linting.messages import sentences
from siweb.articles.models import OldAddress
from siweb.articles.rendering import syntax

from . import publishing

_STRICTER = {"": ("important", "urgent", "emergency"), "urgent": ("emergency",)}  # kind of card: those that warn more
_CARDS = ("emergency", "urgent", "important", "dont")  # of which every line warns
_CALLS = re.compile(r"\b(?:999|111|112|A&E)(?!\w)")


@dataclass(frozen=True)
class _Line:
    card: str  # the kind of its card, or "" outside one
    heading: str  # of its card
    words: str

    def is_kept_by(self, other, headings):
        """Whether another line of the new text warns at least as much; `headings` are those of cards that were there."""
        is_stricter = other.card in _STRICTER.get(self.card, ()) and (other.card, other.heading) in headings
        return self.words == other.words and is_stricter


def taken_out(before, after):
    """What warns in a document and is no more in another, in words."""
    old, new = Counter(_lines(before)), Counter(_lines(after))
    headings, added = {(line.card, line.heading) for line in old}, list((new - old).elements())
    gone = []
    for line in (old - new).elements():
        kept = next((other for other in added if line.is_kept_by(other, headings)), None)
        if kept:
            added.remove(kept)
        else:
            gone.append(line.words)
    return list(dict.fromkeys(gone))


def gives_advice(written):
    """Whether Markdown names a number to call or leads to a sign: then it is more than a fact of the clinic."""
    token = syntax.inline(written)
    return bool(_CALLS.search(syntax.plain(token)) or [*_references(token, _addresses_of_signs())])


def _lines(document):
    """A _Line for everything that warns in a document, in order: a quoted one for words, others by what they name."""
    text, signs = document.text, _addresses_of_signs()
    for words in (text.summary, *text.takeaways):
        if _CALLS.search(words):
            yield _Line("", "", f"“{words}”")
    card = heading = ""  # a card is inside no other: only a sheet may hold it
    for token in _outside_entries(document):
        if token.type == "container_card_open" and syntax.card_of(token)[0] not in syntax.SHEETS:
            card, heading = syntax.card_of(token)
            if card in _CARDS:
                yield _Line(card, heading, f"“{heading}”")
        elif token.type == "container_card_close":
            card = heading = ""
        elif token.type == "inline":
            yield from (_Line(card, heading, name) for name in _references(token, signs))
            words = " ".join(syntax.plain(token).split())
            if words and not _is_quotes(token):
                warning = [words] if card in _CARDS else filter(_CALLS.search, sentences(words))
                yield from (_Line(card, heading, f"“{line}”") for line in warning)


def _references(inline, signs):
    """What a line quotes of rules and lists of signs, its links to signs, and the numbers to call."""
    for child in inline.children or []:
        if child.type == "quote" and child.meta["kind"] != "clinic":
            yield child.content
        elif child.type == "link_open":
            href = child.attrGet("href")
            if href.startswith("tel:") or href.partition("#")[0] in signs:
                yield f"the link to {href}"


def _addresses_of_signs():
    """Every address, old ones too, of the live texts that define signs."""
    slugs = {slug for slug, offer in publishing.live_offers().items() if offer.kind == "signs"}
    return slugs | set(OldAddress.objects.filter(article__slug__in=slugs).values_list("slug", flat=True))


def _is_quotes(inline):
    return all(child.type in ("quote", "softbreak") for child in inline.children)


def _outside_entries(document):
    """The tokens of a document without the entries of rules and signs, which are compared one by one."""
    depth = 0
    for token in document.tokens:
        if document.text.kind in ("rules", "signs") and token.type in ("dl_open", "dl_close"):
            depth += token.nesting
        elif not depth:
            yield token
