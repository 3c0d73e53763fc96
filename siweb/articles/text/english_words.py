"""English words and their syllables, from a frozen table of 126,000: the reading grade counts, the search knows a word by it.

The table (data/english-words.txt) comes from the CMU Pronouncing Dictionary, whose notice is beside it. It stays a file:
every process of a site reads the same pages of memory, and none holds a dictionary.
"""

import mmap
import re
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "english-words.txt"  # lines "word syllables", in the order of their bytes

# A word that the table lacks: each group of vowels is a syllable, but a silent e at the end is none, and some pairs are two.
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![^aeiouy]l)(?:(?<=[^aeiouy])e|(?<=[^aeiouytd])ed|(?<=[^aeiouycgsxzh])es)$")
_TWO = re.compile(r"i[ao](?<![cst]io)(?<![ct]ia)|[aeou]ing|eo(?!u)|ism|[^aeo]ier$|[^cst]ious|[bcdfglmnprtv]ua|[iy]um")


# Words of our articles that the table lacks and the rule miscounts.
_OURS = {"sciatic": 3, "sciatica": 4, "anticoagulant": 6, "anticoagulants": 6, "soreness": 2, "jewellery": 3}


def syllables(word):
    """Return how many syllables a word has, at least one; the table's number, or a count by rule."""
    word = word.lower().replace("’", "'")
    known = _OURS.get(word) or _find(word)
    return max(1, known if known is not None else _by_rule(word))


def is_english(word):
    """Return whether the table has a word, which is given in small letters."""
    return _find(word) is not None


def _by_rule(word):
    letters = re.sub(r"[^a-z]", "", word)
    return len(_VOWELS.findall(_SILENT.sub("", letters))) + len(_TWO.findall(letters))


@lru_cache(maxsize=20_000)
def _find(word):
    """Return the syllables of a word in the table, or None."""
    table, wanted = _table(), word.encode()
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", 0, (low + high) // 2) + 1
        end = table.find(b"\n", start)
        found, _, count = table[start:end].partition(b" ")
        if found == wanted:
            return int(count)
        if found < wanted:
            low = end + 1
        else:
            high = start
    return None


@cache
def _table():
    with TABLE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
