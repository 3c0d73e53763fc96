"""How a word sounds: misspellings of a word often sound like it."""

import re

_SOUNDS = [
    *[("ph", "f"), ("qu", "kw"), ("q$", "kw"), ("x", "ks"), ("ck", "k"), ("c(?=[eiy])", "s"), ("c", "k"), ("z", "s")],
    *[("y", "i"), ("kwe$", "kw")],
]


def sound(word):
    """Return a word with letters that are written for each other made one, and doubled letters single."""
    for letters, same in _SOUNDS:
        word = re.sub(letters, same, word)
    return re.sub(r"(.)\1+", r"\1", word)


def consonants(word):
    """Return the consonants of a word as they sound."""
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiou]", "", sound(word)))
