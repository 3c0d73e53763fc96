"""Cut the part out of a section that a result shows."""

from collections import Counter
from functools import lru_cache
from html import escape

from .analysis import STEMS

EXTRACT, LEAD_IN = 200, 40  # characters of an extract, and of it before the first found word
MAX_READ = 256  # sections whose words are kept, of those found last: about 3 MB


def extract(text, found):
    """About 200 characters round most of the found words, these marked: HTML, escaped piece by piece."""
    text, places = _read(text)
    marks = sorted(place for stem in found for place in places.get(stem, ()))
    start, end = _window(text, marks)
    html, done = "… " if start else "", start
    for left, right, _ in marks:
        if start <= left and right <= end:
            html += f"{escape(text[done:left])}<mark>{escape(text[left:right])}</mark>"
            done = right
    return html + escape(text[done:end]) + (" …" if end < len(text) else "")


@lru_cache(maxsize=MAX_READ)
def _read(text):
    """Return a text with single spaces, and {stem: [(start, end, stem) of its words]}: half of a search was spent here."""
    text, places = " ".join(text.split()), {}
    for token in STEMS.pre_tokenize(text).tokens:
        places.setdefault(token.text, []).append((token.char_offset_from, token.char_offset_to, token.text))
    return text, places


def _best_start(marks):
    """Return where the first extract begins that holds most of the stems; marks are in the order of the text."""
    best, first, held, end = 0, 0, Counter(), 0
    for left, _, stem in marks:
        while end < len(marks) and marks[end][0] - left < EXTRACT - LEAD_IN:
            held[marks[end][2]] += 1
            end += 1
        if len(held) > best:
            best, first = len(held), left
        held[stem] -= 1
        if not held[stem]:
            del held[stem]
    return first


def _window(text, marks):
    """Where the extract starts and ends: at spaces, unless there are none."""
    first = _best_start(marks)
    start = max(0, min(first - LEAD_IN, len(text) - EXTRACT))
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = start + EXTRACT
    if end < len(text):
        space = text.rfind(" ", start + EXTRACT * 3 // 4, end + 1)
        end = space if space >= 0 else end
    return start, min(end, len(text))
