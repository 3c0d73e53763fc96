"""Words that together mean something of their own: "side effects" names no side, "flu jab" no injection. See data/terms.tsv.

Such words are joined, before stemming, in texts, keywords and queries alike: none of them is found for its own sake.
"""

from functools import cache
from itertools import chain, product
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
    return _terms().replace(join_negations(words))


def is_in_term(word):
    """Check whether a term has the word: then it is spelt as it should be."""
    return word in _terms().words


class Replacements:
    """Phrases, as tuples of words, and the words that each is read as. `words` are all that the phrases are made of."""

    def __init__(self, read_as):
        self._read_as, self._longest = read_as, {}
        for words in read_as:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self.words = frozenset(chain.from_iterable(read_as))

    def replace(self, words):
        """Return words with each phrase replaced, the longest first."""
        replaced, start = [], 0
        while start < len(words):
            for size in range(min(self._longest.get(words[start], 0), len(words) - start), 0, -1):
                if (instead := self._read_as.get(tuple(words[start : start + size]))) is not None:
                    replaced += instead
                    start += size
                    break
            else:
                replaced.append(words[start])
                start += 1
        return replaced


@cache
def _terms():
    lines = DATA.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return Replacements(
        {
            tuple(word for word in choice if word != "_"): name.replace("-", "").split()
            for name, phrases in rows
            for phrase in phrases.split(", ")
            for choice in product(*(place.split("|") for place in phrase.split()))
        }
    )
