"""Keywords are honest: each names what the text says, in its own words or by a declared synonym."""

from functools import lru_cache

from siweb.articles.search.analysis import meaningful, stem_words
from siweb.articles.search.medicines import find_medicines, groups
from siweb.articles.search.synonyms import synonyms_of
from siweb.articles.search.terms import lookup_name, stems_of, words_of
from siweb.articles.search.word_forms import bases_of

from .messages import about_field

MAX_PHRASE = 8  # words of a declared phrase


def advice(document, context):
    """Advise on each keyword with a word that neither the text nor a declared synonym of it has.

    `context` is what the text may quote (Surroundings): a quoted rule or sign is part of the text, with the sign's `typed`.
    """
    if document.text.keywords:
        said = _said(document, context)
        lay = _lay_phrases(tuple(context.terms.values())) | {
            lookup_name(typed): ((),) for typed in _typed(document, context)
        }
        for keyword in document.text.keywords:
            if not _is_answered(words_of(keyword), said, lay):
                yield about_field("keywords", "keyword", keyword)


def _is_answered(words, said, lay):
    missing = {i for i, word in enumerate(words) if meaningful([word]) and not _is_said(word, said)}
    for start in range(len(words) if missing else 0):
        for end in range(start + 1, min(start + MAX_PHRASE, len(words)) + 1):
            ways = lay.get(stem_words(meaningful(words[start:end]))) or lay.get(stem_words(words[start:end]), ())
            if any(said.issuperset(way) for way in ways):
                missing -= set(range(start, end))
    for medicine in find_medicines(words) if missing else ():
        if any(said.issuperset(stems_of(name)) for group in medicine.groups for name in groups()[group]["words"]):
            missing -= set(range(medicine.start, medicine.end))
    return not missing


def _is_said(word, said):
    return not said.isdisjoint(stem_words([word, *bases_of(word)]))


def _said(document, context):
    """Return the stems of all that a reader of the text sees."""
    text = document.text
    sections = document.sections(context.rules, context.facts, context.signs)
    return frozenset(stems_of("\n".join([text.title, text.summary, *(f"{s.heading}\n{s.text}" for s in sections)])))


def _typed(document, context):
    """Yield what people type for the signs that the text shows."""
    children = (child for token in document.tokens for child in token.children or ())
    quoted = [child.meta["key"] for child in children if child.type == "quote" and child.meta["kind"] == "signs"]
    for sign in (*document.signs, *(sign for key in quoted for sign in context.signs.get(key, ()))):
        yield from sign.typed


@lru_cache(maxsize=2)
def _lay_phrases(terms):
    """Return {stems of a lay phrase: ((stems of what the articles say for it), …)}."""
    return {
        lookup_name(phrase): tuple(filter(None, map(stems_of, meanings)))
        for phrase, meanings in synonyms_of(terms).items()
    }
