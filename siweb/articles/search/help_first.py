"""Order results for a search that names a warning sign: the passage about the sign first, comfort out of the way."""

import re

from .analysis import STEMS
from .emergency import passage_of
from .extracts import extract

MIN_BEFORE_COMFORT = 3  # results that come before any that calls something normal
# "Unwell with a normal temperature" is a warning sign, and no comfort.
_COMFORT = re.compile(
    r"\bnormal(ly)?\b(?! temperature)|\bexpected\b|\bnothing to worry|\bnot a bad sign\b|\bmay (feel|be) (numb|weak)\b"
    r"|\bcan be (numb|weak)\b",
    re.IGNORECASE,
)


def passages(signs, help_url):
    """Return the addresses where the signs are, the best first; sections that do not exist are the caller's to skip."""
    anchors = [anchor for sign in signs for anchor in (sign, passage_of(sign))]
    return [*(f"{help_url}#{anchor}" if anchor else help_url for anchor in anchors), help_url] if help_url else []


def stems_of_names(signs):
    """Return the stems of the words in the names of signs, to mark in an extract and to choose it by."""
    return {stem for sign in signs for stem in STEMS.analyze(sign)}


def comfort_last(results, limit):
    """Return at most `limit` results: none of the first three calls something normal, and with fewer others none at all."""
    alarming, comforting = [], []
    for result in results:
        (comforting if _comforts(result) else alarming).append(result)
        if len(alarming) >= max(limit, MIN_BEFORE_COMFORT):
            break
    enough = len(alarming) >= MIN_BEFORE_COMFORT
    return [*alarming, *(comforting if enough else [])][:limit]


def extract_of_passage(text, found, sign):
    """Return the extract of the passage about a sign: one that calls nothing normal, if there is one."""
    choices = [extract(text, stems) for stems in (found, stems_of_names([sign]), ())]
    if comfort := _COMFORT.search(text):
        choices.append(extract(text[comfort.end() :].lstrip(" .,:;"), ()))
    return next((each for each in choices if not _is_comfort(each)), choices[0])


def _comforts(result):
    return _is_comfort(f"{result.heading} {result.extract}")


def _is_comfort(html):
    return bool(_COMFORT.search(re.sub("</?mark>", "", html)))
