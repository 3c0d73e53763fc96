"""Recognise a search that names a warning sign: a listed phrase, or a part of the body close to a change of it.

The phrases are those of the published warning signs (`typed:`) and data/emergency.yaml. Only the matched signs are
returned; nothing is stored. No Django here.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from itertools import chain, islice, product
from pathlib import Path

import yaml

from siweb.articles.text.english_words import is_english
from siweb.core.shared_texts import LEVELS

from .analysis import join_negations, stem_words
from .close_words import CloseWords, edit_distance
from .sounds import consonants, sound
from .terms import Replacements

DATA = Path(__file__).parent / "data" / "emergency.yaml"
LANGUAGES = DATA.with_name("other_languages.yaml")
TOP = "emergency"  # found instead of a sign: the beginning of the emergency page
MAX_WORDS_BETWEEN = 4  # words between a part and its change (signs.md, section 3)
BLOCK_LEVELS = LEVELS[: LEVELS.index("soon")]  # whose signs show the block
FIRST_GROUP = 100  # a group that changes whom to ring outranks any number of words
MAX_READINGS = 6  # of a query with misspelt words
READ_AGAIN_UP_TO = 40  # words of a query
SOUNDS_ALIKE_FROM, MAX_EDITS_OF_SOUND = 8, 3  # letters of a word, and slips, to go by its consonants alone
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")


def typed_phrases(signs):
    """Return ((key of a sign, its typed phrases), …) for the Signs that show the block."""
    return tuple((sign.key, sign.typed) for sign in signs if sign.level in BLOCK_LEVELS)


@lru_cache(maxsize=2)  # for the index that answers, and for the next one
def sign_finder(typed):
    """Return the SignFinder for typed phrases, as typed_phrases() returns them."""
    return SignFinder(_data(), typed, _data(LANGUAGES))


def passage_of(sign):
    """Return the anchor of the emergency page's section that holds a sign; "" for its beginning."""
    return next((anchor for anchor, signs in _data()["passages"].items() if sign in signs), "")


def tokenize(text):
    """Return the words of a text: lower case, without accents and apostrophes, "can t" as "cant", "2+" as "2 plus"."""
    plain = re.sub(r"(?<=\d)\+", " plus", re.sub("['’‘`´]", "", text.lower())).replace("ł", "l")
    decomposed = unicodedata.normalize("NFKD", plain)
    words = _TOKEN.findall("".join(letter for letter in decomposed if not unicodedata.combining(letter)))
    return tuple(join_negations(words))


def is_other_script(text):
    """Check whether most letters of a text are of another script than English has."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    return bool(letters) and latin * 2 < len(letters)


def _edits(word):
    """Return how many slips to allow for: short words become any word."""
    return (len(word) >= 4) + (len(word) >= 9) if word.isalpha() else 0


def _is_slip(typed, word, edits):
    """Check whether a word may be meant: it begins alike, and of 4 letters only one is left out or added, or two swapped."""
    if typed[0] != word[0] and sound(typed)[0] != sound(word)[0]:
        return False
    if min(len(typed), len(word)) == 4:
        return len(typed) != len(word) or sorted(typed) == sorted(word)
    return edits < 2 or typed[-1] == word[-1]


@cache
def _data(path=DATA):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C it takes 0.05 s, else 0.7 s
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  both are safe loaders


class SignFinder:
    """Finds the warning signs that a query may name. `words` are all that its phrases are made of."""

    def __init__(self, data, typed, languages):
        self._same = _same(data)
        self._first = frozenset(data["first"])
        self._leads_to = {name: _leads_to(part, data["any"]) for name, part in data["parts"].items()}
        self._parts = self._phrases({name: part["words"] for name, part in data["parts"].items()})
        self._changes = self._phrases(data["changes"])
        self._alone = self._phrases(data["alone"], dict(typed))
        self._vague = self._phrases(data["vague"])
        self._foreign = self._phrases(*languages.values())
        self._never = self._phrases({"": data["never"]})
        self._exactly = {self.read(phrase): sign for sign, phrases in data["exactly"].items() for phrase in phrases}
        lists = (self._parts, self._changes, self._alone, self._vague, self._same)
        named = frozenset().union(*(phrases.words for phrases in lists))
        self.words = named | self._never.words | self._foreign.words
        self._close = CloseWords(named, _edits)
        longest_first = sorted(named, key=lambda word: (-len(word), word))  # the shortest of each stays
        self._by_stem = {stem_words([word])[0]: word for word in longest_first}
        self._by_sound = {consonants(word): word for word in longest_first if len(word) >= SOUNDS_ALIKE_FROM}

    def find(self, query):
        """Return the keys of the signs, the likeliest first, TOP for another script; none for an ordinary query."""
        if is_other_script(query):
            return [TOP]
        return next(filter(None, map(self._signs, self._readings(query))), [])

    def _signs(self, words):
        """Return the keys of the signs that words may name, the likeliest first."""
        masked = {i for start, end, _ in self._never.spans(words) for i in range(start, end)}
        worth = defaultdict(int, {self._exactly[words]: len(words)} if words in self._exactly else {})
        # A vague phrase is worth nothing beside a sign that was named.
        for phrases, counts in ((self._alone, True), (self._vague, False), (self._foreign, False)):
            for start, end, sign in phrases.spans(words):
                if not masked.issuperset(range(start, end)):
                    worth[sign] = max(worth[sign], (end - start) * counts)
        changes = [each for each in self._changes.spans(words) if masked.isdisjoint(range(each[0], each[1]))]
        for start, end, part in self._parts.spans(words) if changes else ():
            for first, last, change in changes:
                between = max(first - end, start - last)
                sign = self._leads_to[part].get(change)
                if sign and 0 <= between <= MAX_WORDS_BETWEEN:
                    length = end - start + last - first - between / 10
                    worth[sign] = max(worth[sign], length + FIRST_GROUP * (part in self._first))
        return sorted(worth, key=worth.get, reverse=True)

    def is_foreign(self, query):
        """Check whether a query is in another script, or names a danger in another language."""
        return is_other_script(query) or any(True for _ in self._foreign.spans(next(self._readings(query))))

    def _readings(self, query):
        """Yield the words of a query, the likeliest first: a misspelt word may have several that are as near."""
        words = tokenize(query)
        count = MAX_READINGS if len(words) <= READ_AGAIN_UP_TO else 1
        for reading in islice(product(*map(self._meant_by, words)), count):
            yield tuple(self._same.replace(reading))

    def _meant_by(self, word):
        """Return the listed words that this one may be a form or a misspelling of; the word itself if there is none."""
        if word in self.words or not _edits(word):
            return [word]
        stem = stem_words([word])[0]
        forms = [self._by_stem[stem]] if stem != word and stem in self._by_stem else []
        if is_english(word):
            return forms or [word]
        edits, near = self._close.nearest(word)
        near = sorted(each for each in near if _is_slip(word, each, edits))
        near.sort(key=lambda each: each[-1] != word[-1])
        return list(dict.fromkeys(forms + near)) or [self._of_same_sound(word)]

    def _of_same_sound(self, word):
        """Return the listed word that sounds like this one ("anafylactik"), if it is long and not spelt too differently."""
        alike = self._by_sound.get(consonants(word), "") if len(word) >= SOUNDS_ALIKE_FROM else ""
        near = alike[:1] == word[0] and edit_distance(word, alike) <= MAX_EDITS_OF_SOUND
        return alike if near else word

    def _phrases(self, *lists):
        return _Phrases(self.read, *lists)

    def read(self, text):
        """Return the words of a phrase as they are compared: tokenize(), then `same` and `ignored` of the data."""
        return tuple(self._same.replace(tokenize(text)))


def _leads_to(part, any_part):
    """Return {change: sign} of a part of the body: `any_part` names changes that concern every part."""
    return (dict.fromkeys(any_part, part["otherwise"]) if "otherwise" in part else {}) | part["leads_to"]


def _same(data):
    """Return the Replacements that make one word of several that mean the same here, and leave out those that add nothing."""
    same = {tokenize(phrase): word.split() for word, phrases in data["same"].items() for phrase in map(str, phrases)}
    return Replacements(same | {tokenize(phrase): [] for phrase in data["ignored"]})


class _Phrases:
    """Phrases by their first word, each with what it stands for; `read` makes words of a text."""

    def __init__(self, read, *lists):
        self._by_first, self.words = defaultdict(set), set()
        for name, phrases in chain.from_iterable(each.items() for each in lists):
            for words in filter(None, map(read, map(str, phrases))):
                self._by_first[words[0]].add((words, name))
                self.words.update(words)

    def spans(self, words):
        """Yield (start, end, name) of every phrase in the words."""
        for start, word in enumerate(words):
            for phrase, name in self._by_first.get(word, ()):
                if words[start : start + len(phrase)] == phrase:
                    yield start, start + len(phrase), name
