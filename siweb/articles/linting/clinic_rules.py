"""One fact, one place: what each clinic decides for itself stands in our rules, and is quoted."""

import re

from .citations import sourced_tokens
from .messages import about, about_field, announced, blocks, sentences

_HOURS = r"\d+(?: (?:to|or) \d+)? (?:minutes?|hours?|days?)\b"
_NEAR = r"[^.?!]{0,60}?"

# Key of the rule: how its answer looks when somebody has typed it into a text.
RULES = {
    "driving": rf"\bdriv(?:e|es|ing)\b{_NEAR}\b{_HOURS}|\b{_HOURS}{_NEAR}\bdriv(?:e|ing)\b",
    "keep-dry": rf"\b(?:dry|shower|bath|swim)\b{_NEAR}\b{_HOURS}",
    "fasting": rf"\b(?:eat|drink(?! alcohol)|food|fast)\b{_NEAR}\b{_HOURS}|\b{_HOURS}{_NEAR}\b(?:eat|food|fast)\b",
    "price": r"£ ?\d[\d,.]{0,9}",
    "time-to-leave": rf"\b(?:go home|leave the (?:clinic|hospital)|at the clinic|set aside|visit|appointment)\b{_NEAR}\b{_HOURS}",
    "escort": rf"\b(?:with you|after you|an adult|someone)\b{_NEAR}\b{_HOURS}",
    "repeat-limit": r"\b\d+ (?:injections )?(?:a|per|each|every|in a|in one) year\b|\b\d+ (?:weeks|months) (?:between|apart)\b",
    "numb-leg": rf"\b(?:numb|weak)\b{_NEAR}\b\d+ hours\b",
}
_TYPED = {key: re.compile(pattern, re.IGNORECASE) for key, pattern in RULES.items()}

# After sedation the same holds at every clinic.
_EVERYWHERE = re.compile(r"\bsedat", re.IGNORECASE)


def advice(document):
    """Answers of the clinic that were typed. What has a source is told of others."""
    if document.text.kind not in ("step", "topic"):
        return
    for field, words in announced(document.text):
        for typed, key in _typed(words):
            yield about_field(field, "our-rule", typed, rule=key)
    sourced = set(sourced_tokens(document))
    for token, words in blocks(document):
        if id(token) not in sourced:
            for typed, key in _typed(words):
                yield about(document, token.map, "our-rule", typed, rule=key)


def _typed(words):
    """(the words, the rule) of each answer in a text."""
    for sentence in sentences(words):
        if not _EVERYWHERE.search(sentence):
            for key, pattern in _TYPED.items():
                if typed := pattern.search(sentence):
                    yield typed[0], key
