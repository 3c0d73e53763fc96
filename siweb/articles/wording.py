"""Words that promise or sell, medicines that may not be advertised, numbers and their sources, words of links."""

import re

from . import dialect
from .advice import about, about_field, announced, blocks, body

# Words that promise or sell. "Not a cure", "no guarantee", "is it safe?" and "the safe side" are honest uses.
_PROMISE = re.compile(
    r"(?<!not a )(?<!no )\bcur(?:e|es|ed)\b|\bbest\b|(?<!not )\bsafe(?:st|ly)?\b(?! side)(?![^.?!]{0,80}\?)"
    r"|(?<!no )(?<!not )(?<!cannot )\bguarantee\w{0,9}|\bpainless\w{0,9}|\bmost accurate\b|\bincredibl\w{1,9}"
    r"|\bmiracle\w{0,9}|\bstudies show\b",
    re.IGNORECASE,
)
# Prescription-only medicines may not be advertised: never where a text announces itself.
_MEDICINE = re.compile(
    r"\b(?:triamcinolone|methylprednisolone|hydrocortisone|dexamethasone|betamethasone|lidocaine|lignocaine|bupivacaine"
    r"|ropivacaine|kenalog|depo-?medrone|adcortyl|cortisone)\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)

# What claims something and so needs a source: how many people, how much of a medicine, how long something lasts.
_NUMBER = r"\d[\d,]{0,11}"
_CLAIM = re.compile(
    rf"\b{_NUMBER} in (?:every )?\d+(?:,\d+)*"
    rf"|(?<!step )(?<!part )(?<!page )\b{_NUMBER} (?:out )?of (?:the |every |these )?\d+(?:,\d+)*"
    r"|\b\d[\d,.]{0,11} ?%|\b\d[\d,.]{0,9} ?(?:mg|milligrams?|mcg|micrograms?|ml|millilitres?|msv|millisieverts?)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:lasts|takes|fades|settles|wears off|(?:is|are) gone|(?:can|may|often|mostly|usually) (?:last|take))"
    r" (?:for )?(?:about |around |up to |over |only |at least |within |in |after )*"
    r"\d+(?: (?:to|or) \d+)? (?:minutes?|hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)

# The same share told twice: "5% (1 in 20)", "1 in 20, or 5%", "38 of 317 people (about 1 in 8)".
_SHARE = rf"(?:(\d{{1,3}}(?:\.\d{{1,4}})?) ?(?:%|per ?cent\b)|({_NUMBER}) (?:in|of) (?:every )?({_NUMBER}))"
_TWICE = re.compile(
    rf"\b{_SHARE}(?: [a-z]{{1,20}}){{0,3}}(,? or | ?\()(?:about |around |nearly )?{_SHARE}\)?", re.IGNORECASE
)
_AS_GOOD_AS_EQUAL = 0.15  # "7% or 1 in 14"

_IN_LISTS = ("list_item_", "dd_", "td_", "th_")

_SAYS_NOTHING = re.compile(
    r"(?:(?:click |press |tap )?here|this(?: page| link| site)?|link|(?:read |learn |find out )?more(?: information)?)\W*"
    r"|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)

_ENTRY = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")


def advice(document):
    """What could be said better."""
    yield from _announced(document)
    sourced = set(_sourced(document))
    for token, words in blocks(document):
        yield from _promises(document, token, words)
        if percentage := _PERCENTAGE.search(words):
            yield about(document, token.map, "percentage", percentage[0])
        if token.type == "inline" and id(token) not in sourced and (claim := _claim_in(document, words)):
            yield about(document, token.map, "no-source", claim)
        for twice in _TWICE.finditer(words):
            if _disagree(twice):
                yield about(document, token.map, "disagree", twice[0])
    for token in body(document):
        if token.type == "inline":
            yield from _links(document, token)
    yield from _unused_sources(document)


def _announced(document):
    text = document.text
    for field, words in (*announced(text), *(("keywords", keyword) for keyword in text.keywords)):
        if medicine := _MEDICINE.search(words):
            yield about_field(field, "medicine", medicine[0])
    said = None
    for field, words in announced(text):
        for promise in dict.fromkeys(_PROMISE.findall(words)):
            yield about_field(field, "promise", promise)
        for claim in _CLAIM.finditer(words):
            said = said or "\n".join(words for _, words in blocks(document))
            if claim[0] not in said:
                yield about_field(field, "only-announced", claim[0])


def _promises(document, token, words):
    for promise in dict.fromkeys(_PROMISE.findall(words)):
        yield about(document, token.map, "promise", promise)


def _claim_in(document, words):
    """The words that claim something; how long things last at a clinic is its own to say."""
    duration = document.text.kind in ("step", "topic") and not words.endswith("?") and _DURATION.search(words)
    claim = _CLAIM.search(words) or duration
    return claim[0] if claim else ""


def _sourced(document):
    """The ids of the inline tokens whose numbers have a source: a mark of their own, or, for a list item or a cell, one
    anywhere in its list, table or box, or in the paragraph right before that.
    """
    block, introduced = [], False
    for token in body(document):
        block.append(token)
        if token.level or token.nesting > 0:
            continue
        marked = [t for t in block if any(child.type == "footnote_ref" for child in t.children or [])]
        yield from map(id, marked)
        depth = 0
        for part in block if marked or introduced else ():
            depth += part.nesting if part.type.startswith(_IN_LISTS) else 0
            if depth:
                yield id(part)
        block, introduced = [], bool(marked) and block[0].type == "paragraph_open"


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
            yield dialect.plain(token.copy(children=token.children[start:index]))


def _unused_sources(document):
    entries = {entry[1]: number for number, line in enumerate(document.lines) if (entry := _ENTRY.match(line))}
    for label, number in document.env.get("footnotes", {}).get("refs", {}).items():
        if number == -1:
            line = entries.get(label[1:], 0)
            yield about(document, (line, line), "unused-source", label[1:])
