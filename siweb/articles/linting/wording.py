"""Percentages and shares told twice, claims that are only announced, words of links."""

import re

from siweb.articles.rendering import syntax

from .citations import CLAIM, NUMBER
from .messages import about, about_field, announced, blocks, body

_PERCENTAGE = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)

# The same share told twice: "5% (1 in 20)", "1 in 20, or 5%", "38 of 317 people (about 1 in 8)".
_SHARE = rf"(?:(\d{{1,3}}(?:\.\d{{1,4}})?) ?(?:%|per ?cent\b)|({NUMBER}) (?:in|of) (?:every )?({NUMBER}))"
_TWICE = re.compile(
    rf"\b{_SHARE}(?: [a-z]{{1,20}}){{0,3}}(,? or | ?\()(?:about |around |nearly )?{_SHARE}\)?", re.IGNORECASE
)
_AS_GOOD_AS_EQUAL = 0.15  # "7% or 1 in 14"

_SAYS_NOTHING = re.compile(
    r"(?:(?:click |press |tap )?here|this(?: page| link| site)?|link|(?:read |learn |find out )?more(?: information)?)\W*"
    r"|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)


def advice(document):
    """What could be said better."""
    yield from _announced(document)
    for token, words in blocks(document):
        if percentage := _PERCENTAGE.search(words):
            yield about(document, token.map, "percentage", percentage[0])
        for twice in _TWICE.finditer(words):
            if _disagree(twice):
                yield about(document, token.map, "disagree", twice[0])
    for token in body(document):
        if token.type == "inline":
            yield from _links(document, token)


def _announced(document):
    said = None
    for field, words in announced(document.text):
        for claim in CLAIM.finditer(words):
            said = said or "\n".join(words for _, words in blocks(document))
            if claim[0] not in said:
                yield about_field(field, "only-announced", claim[0])


def _disagree(twice):
    """Whether two shares that stand for one another differ. Two of one form joined by "or" are a range."""
    first, joint, second = twice.groups()[:3], twice[4], twice.groups()[4:]
    if "or" in joint and (first[0] is None) == (second[0] is None):
        return False
    one, other = _share(*first), _share(*second)
    return abs(one - other) > _AS_GOOD_AS_EQUAL * max(one, other)


def _share(per_cent, part, whole):
    if per_cent:
        return float(per_cent) / 100
    return int(part.replace(",", "")) / max(1, int(whole.replace(",", "")))


def _links(document, token):
    for words in _words_of_links(token):
        if _SAYS_NOTHING.fullmatch(words.strip()):
            yield about(document, token.map, "link-words", words)


def _words_of_links(token):
    start = None
    for index, child in enumerate(token.children):
        if child.type == "link_open":
            start = index + 1
        elif child.type == "link_close" and start is not None:
            yield syntax.plain(token.copy(children=token.children[start:index]))
