"""Words that people type for what the articles call otherwise: those of the glossary, and data/synonyms.tsv."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "synonyms.tsv"


def synonyms_of(terms):
    """Return {word that people type: [words that the articles use]} for glossary Terms, and those of the data file."""
    synonyms = {word: list(meanings) for word, meanings in _listed().items()}
    for term in terms:
        names = [name.lower() for name in (term.name, *term.also)]
        for word in (*term.also, *term.typed):
            synonyms.setdefault(word.lower(), []).extend(name for name in names if name != word.lower())
    return synonyms


@cache
def _listed():
    lines = DATA.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {typed: meanings.split(", ") for phrases, meanings in rows for typed in phrases.split(", ")}
