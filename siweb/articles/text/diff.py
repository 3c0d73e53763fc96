"""Two texts side by side, word by word: what was taken out, what was put in."""

import re
from collections import Counter
from dataclasses import dataclass

from .sequence_matcher import Matcher

AROUND = 2  # lines shown before and after a change
ALIKE = 0.3  # share of words that two lines have in common: from here on one became the other
NOTHING = "(empty line)"

# The parts of a text, by the names that they have in the editor.
PARTS = {
    "title": "Title",
    "summary": "Summary",
    "body": "Text",
    "takeaways": "At a glance",
    "kind": "Kind",
    "role": "Role",
    "shelf": "Shelf",
    "order": "Order",
    "keywords": "Words that people search with",
    "author": "Author",
    "aliases": "Old addresses",
}


@dataclass(frozen=True)
class Piece:
    kind: str  # same, added, removed
    words: str


@dataclass(frozen=True)
class Row:
    """Words of each text, in pieces; or the number of lines that are the same and left out."""

    before: tuple = ()
    after: tuple = ()
    left_out: int = 0

    @property
    def is_same(self):
        return self.before == self.after


def compare(old, new):
    """The rows of a table that shows how two texts differ; empty when they do not."""
    before, after = old.split("\n"), new.split("\n")
    if before == after:
        return []
    steps, rows = Matcher(before, after).steps(), []
    for number, (same, from_old, to_old, from_new, to_new) in enumerate(steps):
        if same:
            rows += _same(before[from_old:to_old], first=number == 0, last=number == len(steps) - 1)
        else:
            rows += _changed(before[from_old:to_old], after[from_new:to_new])
    return rows


def compare_parts(old, new):
    """[(name of a part, rows)] of the parts of two Texts that differ."""
    found = [
        (name, compare(_written(old.as_written(key)), _written(new.as_written(key)))) for key, name in PARTS.items()
    ]
    return [(name, rows) for name, rows in found if rows]


def _written(value):
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _same(lines, first, last):
    """Lines that both texts have: those next to a change, and how many stand between. Blank ones say nothing."""
    lines = [line for line in lines if line.strip()]
    head = [] if first else lines[:AROUND]
    tail = [] if last else lines[len(head) :][-AROUND:]
    left_out = len(lines) - len(head) - len(tail)
    rows = [Row((Piece("same", line),), (Piece("same", line),)) for line in head]
    rows += [Row(left_out=left_out)] if left_out else []
    return rows + [Row((Piece("same", line),), (Piece("same", line),)) for line in tail]


def _changed(before, after):
    """Changed lines, each beside the one that it became; those without such a one, together."""
    if not any(line.strip() for line in (*before, *after)):
        before, after = before and [NOTHING], after and [NOTHING]
    old, new = 0, 0
    for at_old, at_new in [*_became(before, after), (len(before), len(after))]:
        removed, added = _lines("removed", before[old:at_old]), _lines("added", after[new:at_new])
        if removed or added:
            yield Row(removed, added)
        if at_old < len(before):
            yield Row(*_by_words(before[at_old], after[at_new]))
        old, new = at_old + 1, at_new + 1


def _lines(kind, lines):
    return _pieces(kind, "\n".join(line for line in lines if line.strip()))


def _became(before, after):
    """The places of lines that became one another, in order: each has most of its words in common with the other."""
    old, new = _words_with_places(before), _words_with_places(after)
    common = Counter()
    for at_old, at_new, length in Matcher([word for word, _ in old], [word for word, _ in new]).get_matching_blocks():
        common.update((old[at_old + step][1], new[at_new + step][1]) for step in range(length))
    of_old, of_new = {}, {}
    for pair, _ in common.most_common():
        of_old.setdefault(pair[0], pair)
        of_new.setdefault(pair[1], pair)
    sizes_old, sizes_new = Counter(place for _, place in old), Counter(place for _, place in new)
    return [
        pair
        for pair in sorted(of_old.values())
        if of_new[pair[1]] == pair and common[pair] >= ALIKE * max(sizes_old[pair[0]], sizes_new[pair[1]])
    ]


def _words_with_places(lines):
    return [(word, place) for place, line in enumerate(lines) for word in re.findall(r"\w+", line)]


def _by_words(old, new):
    old_words, new_words = _words(old), _words(new)
    removed, added = (), ()
    for same, from_old, to_old, from_new, to_new in Matcher(old_words, new_words).steps():
        removed += _pieces("same" if same else "removed", old_words[from_old:to_old])
        added += _pieces("same" if same else "added", new_words[from_new:to_new])
    return removed, added


def in_one(old, new):
    """The pieces of two texts in one: what is the same, what was removed, what was added."""
    old_words, new_words, pieces = _words(old), _words(new), ()
    for same, from_old, to_old, from_new, to_new in Matcher(old_words, new_words).steps():
        pieces += _pieces("same" if same else "removed", old_words[from_old:to_old])
        pieces += () if same else _pieces("added", new_words[from_new:to_new])
    return pieces


def _words(line):
    return re.findall(r"\s+|\w+|[^\w\s]", line)


def _pieces(kind, words):
    return (Piece(kind, "".join(words)),) if words else ()
