"""Texts that several apps show and articles define: the warning signs.

Articles register a provider (ArticlesConfig.ready). The form, e-mails, the desk and the search ask here, so that none of
them imports articles and no list of signs is typed a second time.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import groupby

from .registry import Registry

# From the strictest to the mildest. A row that moves down the list has been lowered.
LEVELS = ("emergency-999", "emergency", "team", "eye", "same-day", "talk", "soon", "normal")
EMERGENCY_LEVELS = LEVELS[:2]
EVERYONE = "everyone"

# Level: what the reader does, as the heading above its signs.
ACTIONS = {
    "emergency-999": "Call 999",
    "emergency": "Call 999 or go to A&E",
    "team": "Call your team at once",
    "eye": "Get your eyes seen within 24 hours",
    "same-day": "Call 111 or your GP today",
    "talk": "Talk to someone now",
    "soon": "See your GP in the next days",
    "normal": "Expected",
}

# Group: its heading.
GROUPS = {
    "nerves": "Nerves",
    "body": "The whole body",
    "adrenal-risk": "If you are at risk of an adrenal crisis",
    "steroid": "If you take steroids, or had them recently",
    "eyes": "Eyes",
    "infection": "Infection",
    "cancer-treatment": "If you are having cancer treatment",
    "immune": "If your immune system is weak",
    "blood-thinners": "If you take a blood thinner",
    "diabetes": "If you have diabetes",
    "inflammatory": "If you have, or may have, inflammatory back pain",
    "cancer": "If you have or had cancer",
    "bones": "If you have thin bones or take steroid tablets",
    "mind": "Your mental health",
}

_CONTRAST = re.compile(r"\*([^*]+)\*$")


@dataclass(frozen=True)
class Sign:
    """One warning sign. Any one sign is enough."""

    key: str
    level: str  # of LEVELS
    group: str  # of GROUPS
    audience: str  # "everyone", or the people it concerns, such as "people with diabetes"
    short: str  # its text in lists and on cards
    wording: str  # its full text, as plain words
    written: str = ""  # the full text in Markdown
    sources: tuple = ()  # names of sources; ("clinic",) where no source has been read
    typed: tuple = ()  # what people type into a search
    is_on_form: bool = False  # whether the short lists of the form, the e-mails and the desk include it
    short_written: str = ""  # the short text in Markdown, where the clinic's facts and rules are not filled in

    @property
    def line(self):
        """The short text, with the people it concerns where that is not everyone."""
        return self.short if self.audience == EVERYONE else f"{self.audience}: {self.short}"

    @property
    def contrast(self):
        """The sentence that tells the sign from one of another level: the last one of its wording, in italics; or ""."""
        return match[1] if (match := _CONTRAST.search(self.written)) else ""

    @property
    def digest(self):
        """The digest of all that a reader sees of the sign itself: an approval covers this.

        The rules that its texts quote have digests of their own, and the clinic's facts are no part of an approval.
        """
        shown = (self.key, self.level, self.group, self.audience, self.short_written or self.short, self.written)
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def strictness(sign):
    """How soon a sign asks for help: higher is sooner; 0 for no sign."""
    return len(LEVELS) - LEVELS.index(sign.level) if sign else 0


def is_weaker(new, old):
    """Whether a sign may ask for less than it did: gone, lowered, for fewer people, off the form, or in other words.

    Also words that are put after the old ones can turn their meaning round: "… that lasts for a week".
    """
    if new is None or strictness(new) < strictness(old) or old.is_on_form and not new.is_on_form:
        return True
    if new.group != old.group or new.audience not in (old.audience, EVERYONE):
        return True
    is_as_it_was = (new.short_written, new.short, new.written) == (old.short_written, old.short, old.written)
    return not (is_as_it_was and set(old.typed) <= set(new.typed))


def plays_down(new, signs):
    """Whether a sign that is added says that something is expected, or is milder than one of these with the same words."""
    return new.level == "normal" or any(
        strictness(new) < strictness(old)
        and {_folded(new.short), _folded(new.wording)} & {_folded(old.short), _folded(old.wording)}
        for old in signs
    )


def _folded(words):
    return "".join(re.findall(r"\w+", words.casefold()))


def by_quote(signs):
    """{what [[signs:…]] may name: its Signs}: a group, a level, group:level, or the key of one sign.

    With ":form" at the end, only those that the short lists include.
    """
    found = {}
    for sign in signs:
        for name in (sign.group, sign.level, f"{sign.group}:{sign.level}"):
            found[name] = (*found.get(name, ()), sign)
            if sign.is_on_form:
                found[f"{name}:form"] = (*found.get(f"{name}:form", ()), sign)
        found[sign.key] = (sign,)
    return found


# --- The registry ---------------------------------------------------------------------------------------------------------
_registry = Registry(tuple)


def register_signs(provider):
    """Set the function that returns the published signs."""
    _registry.register(provider)


def forget():
    """Ask the provider again next time."""
    _registry.forget()


def signs():
    """The published warning signs, in the order of their text."""
    return tuple(_registry.current())


def one_line_each(signs):
    """The lines of a short list: one for each sign of everyone, and one for each group of people, with all its signs."""
    for (audience, _), of in groupby(signs, lambda sign: (sign.audience, sign.audience == EVERYONE and sign.key)):
        texts = dict.fromkeys(sign.short for sign in of)
        yield "; ".join(texts) if audience == EVERYONE else f"{audience}: {'; '.join(texts)}"
