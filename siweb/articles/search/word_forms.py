"""Base forms of words that the stemmer does not join with their base: "bled" and "bleed"; see data/word_forms.tsv."""

from collections import defaultdict
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "word_forms.tsv"


def bases_of(word):
    """Return the base forms of a word as typed; none for most words."""
    return _forms().get(word, ())


@cache
def _forms():
    forms = defaultdict(list)
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            form, base = line.split("\t")
            forms[form].append(base)
    return dict(forms)
