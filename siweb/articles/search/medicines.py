"""Recognise the names of medicines in a search: data/medicines.tsv, brand and generic, and near misspellings. No Django here."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from siweb.articles.text.english_words import is_english

from .analysis import STOP_WORDS, WORDS
from .close_words import CloseWords
from .sounds import sound

DATA = Path(__file__).parent / "data"
UNKNOWN = "unknown"  # the group of a word that only looks like a medicine
TELL_US = frozenset({"tell-us", UNKNOWN})  # the groups whose answer is "Tell us every medicine you take"
MAX_WORDS = 4  # in a name

# Endings that names of substances share by international convention (WHO, common stems).
_ENDINGS = re.compile(
    r"\w{3,}(mab|nib|sartan|olol|statin|azole|cillin|mycin|floxacin|cycline|gliptin|gliflozin|glutide|xaban|gatran|grel"
    r"|avir|evir|ovir|tidine|setron|triptan|oxetine|azepam|dronate|solone|caine|profen|coxib|fenac|oxicam|codone|dipine"
    r"|thiazide|parin|platin|taxel|rubicin|formin|glitazone|limus|tercept|kinra|gabalin|iptyline)"
)


@dataclass(frozen=True)
class Mention:
    """A medicine in a query: its words, the groups that it may be in, and whether the name is a class of medicines."""

    start: int
    end: int
    groups: frozenset
    is_class: bool = False


def find_medicines(words, is_known=lambda word: False, distance=lambda word: 9):
    """Return the mentions of medicines in the words of a query.

    A word that no list has is matched to a near name, unless `is_known(word)` (the articles have it) or
    `distance(word)`, the edits to the nearest word of the articles, is less than those to the name.
    """
    mentions, start, names = [], 0, _names()
    while start < len(words):
        mention = names.exact(words, start) or names.near(words, start, is_known, distance)
        if mention:
            mentions.append(mention)
        start = mention.end if mention else start + 1
    return mentions


def is_listed(word, groups):
    """Check whether a word is the listed name of a medicine in one of the groups."""
    mention = _names().exact([word], 0)
    return mention is not None and not groups.isdisjoint(mention.groups)


def groups():
    """Return {group: {"words": what the articles call it, "leads_to": roles of pages with a section, the best first}}."""
    return yaml.safe_load((DATA / "medicine_groups.yaml").read_text(encoding="utf-8"))


@cache
def _names():
    return _Names()


class _Names:
    def __init__(self):
        self.groups, self.classes, singles = defaultdict(set), set(), set()
        for line in (DATA / "medicines.tsv").read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name, group, _, kind, _ = line.split("\t")
            words = tuple(WORDS.analyze(name))
            self.groups[words].add(group)
            if kind == "class":
                self.classes.add(words)
            elif len(words) == 1 or kind != "misspelling":
                singles.add("".join(words))
        self._by_joined = {"".join(words): found for words, found in self.groups.items()}
        self._close = CloseWords({name for name in singles if name.isalpha()}, _edits)
        self._by_sound = defaultdict(set)
        for name in singles:
            self._by_sound[sound(name)].add(name)

    def exact(self, words, start):
        """Return the longest listed name that starts here; also written as one word."""
        for end in range(min(len(words), start + MAX_WORDS), start, -1):
            name = tuple(words[start:end])
            found = self.groups.get(name) or self._by_joined.get("".join(name) if len("".join(name)) > 5 else "")
            if found:
                return Mention(start, end, frozenset(found), name in self.classes)
        return None

    def near(self, words, start, is_known, distance):
        """Return the name that a word misspells; if names of several groups are as near, or it only looks like one: unknown."""
        word = words[start]
        if len(word) < 5 or not word.isalpha() or word in STOP_WORDS or is_known(word) or is_english(word):
            return None
        edits, near = self._close.nearest(word)
        if edits != 1 and (alike := self._by_sound.get(sound(word))):
            edits, near = 1, alike
        if near and edits <= distance(word):
            found = frozenset.intersection(*(frozenset(self._by_joined[name]) for name in near))
            return Mention(start, start + 1, found or frozenset({UNKNOWN}))
        if _ENDINGS.fullmatch(word) and distance(word) > 1:
            return Mention(start, start + 1, frozenset({UNKNOWN}))
        return None


def _edits(word):
    """Return how many slips to allow for in a name; a short name becomes any word."""
    return (len(word) >= 5) + (len(word) >= 8)
