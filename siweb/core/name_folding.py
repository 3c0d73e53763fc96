"""Names as they are compared: in small letters, without accents, and by the parts of double names."""

import re
import unicodedata

# Letters that Unicode does not take apart, as people type them who do not have them.
_SPELT = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i"})
_SPELT |= str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_APOSTROPHES = re.compile("['’‘‛ʼʹ`´′＇]")
_HYPHENS = re.compile("[-‐‑‒–]")
_WORD = re.compile(r"[\w-]+")
_MIN_PART = 3  # letters of a part that a name is found by: "al" begins too many others
# What is written apart from the name that follows, or joined to it: "De Souza" is "DeSouza".
_PARTICLES = frozenset("o de da di du la le el al del van von der den ter mac mc st san bin ben abu ap ab ul".split())  # noqa: SIM905


def _fold(text):
    """Return a text in small letters without accents."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return plain.casefold().translate(_SPELT)


def words_of(name):
    """Return the words of a name, folded, without apostrophes and hyphens: "Zoë O'Neill" is ["zoe", "oneill"]."""
    return ["".join(parts) for parts in _parts(name)]


def stored_words(name):
    """Return every word by which a name is found: its words, the parts of each, and particles joined to what follows."""
    words = words_of(name)
    joined = {one + following for one, following in zip(words, words[1:], strict=False) if one in _PARTICLES}
    return {*words, *joined, *(part for parts in _parts(name) for part in parts)}


def typed_ways(name, most):
    """Return the ways to find a typed name: each is a list of sets, and one word of each set has to be there.

    Of a name with a double part, all but one of the parts are enough: "Anne-Marie Smith" finds "Anne Marie".
    """
    parts_of_words = _parts(name)[:most]
    ways, before = [[]], ""
    for word in map("".join, parts_of_words):
        ways[0].append({word, before + word} if before in _PARTICLES else {word})
        before = word
    parts = [part for parts in parts_of_words for part in parts if len(part) >= _MIN_PART or len(parts) == 1]
    is_double = max(map(len, parts_of_words), default=1) > 1 and all(map(str.isalpha, parts))  # not a reference
    if not is_double or len(parts) > most:
        return ways
    if len(parts) == 1:
        return [*ways, [set(parts)]]
    return ways + [[{part} for part in parts[:i] + parts[i + 1 :]] for i in range(len(parts))]


def _parts(name):
    """Return the words of a name, folded, each as the parts between its hyphens: [["anne", "marie"], ["oneill"]]."""
    words = _WORD.findall(_fold(_HYPHENS.sub("-", _APOSTROPHES.sub("", name))))
    found = ([part for part in word.split("-") if part] for word in words)
    return [parts for parts in found if parts]
