"""Words that together mean something of their own: "side effects" names no side, "flu jab" no injection. See data/terms.tsv.

Such words are joined, before stemming, in texts, keywords and queries alike: none of them is found for its own sake.
"""

from functools import cache
from itertools import product
from pathlib import Path

from .analysis import WORDS, join_negations, meaningful, stem_words

DATA = Path(__file__).parent / "data" / "terms.tsv"


def words_of(text):
    """Return the words of a text, terms joined."""
    return join_terms(WORDS.analyze(text))


def stems_of(text):
    """Return the stems of the words of a text that tell something, terms joined."""
    return stem_words(meaningful(words_of(text)))


def lookup_name(text):
    """What "Is it sciatica?" and "sciatica" have in common; stop words count where there is nothing else."""
    words = words_of(text)
    return stem_words(meaningful(words) or words)


def join_terms(words):
    """Return words with each term replaced by what it is read as, the longest first; "didn", "t" becomes "didnt"."""
    terms, words, joined, start = _terms(), join_negations(words), [], 0
    while start < len(words):
        for size in range(min(terms.longest.get(words[start], 0), len(words) - start), 0, -1):
            if (term := terms.read_as.get(tuple(words[start : start + size]))) is not None:
                joined += term
                start += size
                break
        else:
            joined.append(words[start])
            start += 1
    return joined


def is_in_term(word):
    """Check whether a term has the word: then it is spelt as it should be."""
    return word in _terms().words


@cache
def _terms():
    return _Terms(DATA.read_text(encoding="utf-8").splitlines())


class _Terms:
    """The terms by their words: what each is read as, and how long the longest is that begins with a word."""

    def __init__(self, lines):
        self.read_as, self.longest, self.words = {}, {}, set()
        for line in lines:
            if line and not line.startswith("#"):
                name, phrases = line.split("\t")
                for phrase in phrases.split(", "):
                    self._add(name.replace("-", "").split(), phrase)

    def _add(self, name, phrase):
        for choice in product(*(place.split("|") for place in phrase.split())):
            words = tuple(word for word in choice if word != "_")
            self.read_as[words] = name
            self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))
            self.words.update(words)
