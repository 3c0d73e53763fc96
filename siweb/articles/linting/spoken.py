"""How words are spoken, for the reading grade: 2.5 ends no sentence, and NHS has three syllables."""

import re

_WORD = "be"  # in the place of what is spelled out: one word of one syllable

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S*\w|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:uk|org|com|net|eu|info|gov|nhs|int|edu)\b(?:/\S*\w)?",
    re.IGNORECASE,
)
_IN_NUMBER = re.compile(r"(?<=\d)[.:](?=\d)")
_MIDDAY = re.compile(r"(?:(?<=\d)|(?<=\d ))([ap])\.?m\b(\.(?=\s+(?![A-Z])|,))?")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|vs|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Ref|Tel|ext|est|min|max)\.(?=\s|,)")
_ET_CETERA = re.compile(r"\b(etc|et al)\.(?=,|\s+[^A-Z\s])")
_INITIAL = re.compile(
    r"(?<![\w.])([A-Z])\.(?= ?[A-Z](?:\.|[a-z]))(?! (?:The|This|That|It|You|We|If|Do|A|In|Ask|Call|Then)\b)"
)
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}(?=\s|,|$)")
_GOES_ON = re.compile(r"(?:\.{2,}|…|[!?])(?=[”’\"')]*\s+[a-z])")
_UNITS = {
    "mg": 3,
    "mcg": 3,
    "µg": 3,
    "μg": 3,
    "g": 1,
    "kg": 3,
    "ml": 4,
    "cl": 4,
    "l": 2,
    "mm": 4,
    "cm": 4,
    "km": 4,
    "m": 2,
    "msv": 4,
}
_UNIT = re.compile(rf"(?:(?<=\d)\s?({'|'.join(_UNITS)})|(?<!\S)(mg|mcg|ml|kg|msv))\b(?!\.\w)", re.IGNORECASE)
_SPELLED = re.compile(r"\b([A-Z](?:[A-Z]|&){1,5})(s?)\b|\b([XTAC])-(?=(?:ray|score|arm)s?\b)")
# Letters that are read one by one although they have a vowel; without a vowel all are.
_SPELLED_WITH_VOWELS = {
    *(
        "SI",
        "SIJ",
        "MRI",
        "UK",
        "EU",
        "USA",
        "RA",
        "UTI",
        "ECG",
        "EMG",
        "EEG",
        "IV",
        "GI",
        "IUD",
        "HIV",
        "OA",
        "ICU",
        "ENT",
    ),
    *("BMI", "MHRA", "ICO", "RFA", "IBD", "ESR", "INR", "CE", "UV", "AF"),
}
_SAID_IN_FULL = {"NSAID": 3, "DOAC": 2, "A&E": 3, "ID": 2}
_SYLLABLES_OF_W = 3

_NO_LETTER = r"\W\d_²³¹¼-¾⁰-⁹₀-₉⅐-↋①-⓿"  # raised digits and fractions belong to no script
_LETTER = re.compile(rf"[^{_NO_LETTER}]")
_OURS = re.compile(r"[A-Za-zªº\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06]")
_OTHER_WORD = re.compile(rf"\S*(?![A-Za-zªº\u00b5\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06])[^{_NO_LETTER}]\S*")
MAX_OTHER = 0.2  # of the letters


def is_in_our_script(words):
    """Whether most letters are Latin: the grade measures nothing else."""
    if words.isascii():
        return True
    letters = len(_LETTER.findall(words))
    return letters - len(_OURS.findall(words)) <= MAX_OTHER * letters


def without_other_scripts(words):
    """The words without those that have letters of another script, such as a name in Greek."""
    return words if words.isascii() else _OTHER_WORD.sub("", words)


def words_of(said):
    """The words of a text; a compound with a hyphen is one, and what has no letter or digit is none."""
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+|(?<=\d),\d+)*", said)


def as_spoken(said):
    """(the words with dots only where a sentence ends, the syllables that their letters hide)."""
    more = 0

    def spelled(found):
        nonlocal more
        if found[3]:
            more += 1
            return ""
        letters = found[1]
        if not _is_spelled(letters):
            return found[0]
        more += _syllables(letters) - 1
        return _WORD

    def unit(found):
        nonlocal more
        more += _UNITS[(found[1] or found[2]).lower()] - 1
        return f" {_WORD}"

    def midday(found):
        nonlocal more
        more += 1
        return f" {_WORD}"

    if "." in said or "@" in said or "…" in said or "?" in said or "!" in said or ":" in said:
        said = _MIDDAY.sub(midday, _ADDRESS.sub("site", said))
        said = _IN_NUMBER.sub("", said)
        said = _ABBREVIATION.sub(lambda found: found[1].replace(".", ""), said)
        said = _DOTTED.sub(_letters, said)
        said = _ET_CETERA.sub(r"\1", _INITIAL.sub(r"\1", said))
        said = _GOES_ON.sub(",", said)
    else:
        said = _MIDDAY.sub(midday, said)
    said = _UNIT.sub(unit, said)
    return _SPELLED.sub(spelled, said), more


def _letters(found):
    """Dotted letters without their dots, but for one that ends a sentence."""
    is_end = re.match(r"$|\s+[A-Z]", found.string[found.end() : found.end() + 9])
    return found[0].replace(".", "").upper() + "." * bool(is_end)


def _is_spelled(letters):
    """Whether letters are read one by one: MRI and NHS, but not NEVER, which is only written large."""
    return (
        letters in _SPELLED_WITH_VOWELS
        or letters in _SAID_IN_FULL
        or "&" in letters
        or not re.search("[AEIOUY]", letters)
    )


def _syllables(letters):
    if letters in _SAID_IN_FULL:
        return _SAID_IN_FULL[letters]
    return sum(_SYLLABLES_OF_W if letter == "W" else 1 for letter in letters)
