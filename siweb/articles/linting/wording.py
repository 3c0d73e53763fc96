"""Words that promise or sell, medicines that may not be advertised, shares told twice, words of links."""

import re

from siweb.articles.rendering import syntax

from .citations import CLAIM, NUMBER
from .messages import about, about_field, announced, blocks, body

# Words that promise or sell. "Not a cure", "no guarantee", "is it safe?" and "the safe side" are honest uses.
_PROMISE = re.compile(
    r"(?<!not a )(?<!no )\bcur(?:e|es|ed)\b|\bbest\b|(?<!not )(?<!yourself )\bsafe(?:st|ly)?\b(?! side)(?![^.?!]{0,80}\?)"
    r"|(?<!no )(?<!not )(?<!cannot )\bguarantee\w{0,9}|\bpainless\w{0,9}|\bmost accurate\b|\bincredibl\w{1,9}"
    r"|\bmiracle\w{0,9}|\bstudies show\b|\bmagic\b|\brisk-?free\b"
    r"|\bclinically proven\b|\bworld-?class\b|\bstate[- ]of[- ]the[- ]art\b|\bcutting-edge\b",
    re.IGNORECASE,
)
# Prescription-only medicines may not be advertised: never where a text announces itself. Those that an injection may hold
# stand in no keyword either; people look for the tablets that they take.
_INJECTED = (
    r"triamcinolone|methylprednisolone|hydrocortisone|prednisolone|dexamethasone|betamethasone|kenalog|adcortyl|depo-?medrone"
    r"|cortisone|lidocaine|lignocaine|xylocaine|(?:levo)?bupivacaine|marcain|ropivacaine|mepivacaine|prilocaine"
)
_TAKEN = (
    r"gabapentin|pregabalin|amitriptyline|duloxetine|tramadol|morphine|oxycodone|fentanyl|diazepam|midazolam|propofol|naproxen"
    r"|diclofenac|celecoxib|etoricoxib|meloxicam|warfarin|apixaban|rivaroxaban|edoxaban|dabigatran|clopidogrel|heparin"
    r"|methotrexate|adalimumab|etanercept|infliximab|secukinumab|botulinum|botox|paxlovid|ritonavir|cobicistat"
)
_MEDICINE = re.compile(rf"\b(?:{_INJECTED}|{_TAKEN})\b", re.IGNORECASE)
_INJECTED_MEDICINE = re.compile(rf"\b(?:{_INJECTED})\b", re.IGNORECASE)
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
        yield from _promises(document, token, words)
        if percentage := _PERCENTAGE.search(words):
            yield about(document, token.map, "percentage", percentage[0])
        for twice in _TWICE.finditer(words):
            if _disagree(twice):
                yield about(document, token.map, "disagree", twice[0])
    for token in body(document):
        if token.type == "inline":
            yield from _links(document, token)


def _announced(document):
    text = document.text
    looked_for = (("keywords", keyword) for keyword in text.keywords)
    for pattern, said in ((_MEDICINE, announced(text)), (_INJECTED_MEDICINE, looked_for)):
        for field, words in said:
            if medicine := pattern.search(words):
                yield about_field(field, "medicine", medicine[0])
    said = None
    for field, words in announced(text):
        for promise in dict.fromkeys(_PROMISE.findall(words)):
            yield about_field(field, "promise", promise)
        for claim in CLAIM.finditer(words):
            said = said or "\n".join(words for _, words in blocks(document))
            if claim[0] not in said:
                yield about_field(field, "only-announced", claim[0])


def _promises(document, token, words):
    for promise in dict.fromkeys(_PROMISE.findall(words)):
        yield about(document, token.map, "promise", promise)


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
