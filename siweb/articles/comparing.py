"""Two texts side by side, word by word: what was taken out, what was put in."""

import difflib
import re
from dataclasses import dataclass

AROUND = 2  # lines shown before and after a change
MOST_WORDS = 2_000  # of a pair of lines: beyond it, the whole line counts as changed
MOST_PAIRS = 2_500  # of changed lines that are looked at for likeness
ALIKE = 0.3  # share of words that two lines have in common: from here on one became the other


@dataclass(frozen=True)
class Piece:
    kind: str  # same, added, removed
    words: str


@dataclass(frozen=True)
class Row:
    """A line of each text, in pieces; or the number of lines that are the same and left out."""

    before: tuple = ()
    after: tuple = ()
    left_out: int = 0


def compare(old, new):
    """The rows of a table that shows how two texts differ; empty when they do not."""
    before, after = old.split("\n"), new.split("\n")
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    if all(step == "equal" for step, *_ in steps):
        return []
    rows = []
    for number, (step, from_old, to_old, from_new, to_new) in enumerate(steps):
        if step == "equal":
            rows += _same(before[from_old:to_old], first=number == 0, last=number == len(steps) - 1)
        else:
            rows += _changed(before[from_old:to_old], after[from_new:to_new])
    return rows


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
    """Changed lines, each beside the one that it became; a line without such a one has an empty side."""
    pair = _most_alike(before, after)
    if pair:
        old, new = pair
        yield from _changed(before[:old], after[:new])
        yield Row(*_by_words(before[old], after[new]))
        yield from _changed(before[old + 1 :], after[new + 1 :])
    else:
        yield from (Row(before=_pieces("removed", [line])) for line in before if line.strip())
        yield from (Row(after=_pieces("added", [line])) for line in after if line.strip())


def _most_alike(before, after):
    """The places of the two lines with most words in common; none when no line became another."""
    if len(before) * len(after) > MOST_PAIRS:
        return None
    old_words, new_words = ([set(_words(line)) for line in lines] for lines in (before, after))
    likeness = {
        (old, new): len(ours & theirs) / len(ours | theirs)
        for old, ours in enumerate(old_words)
        for new, theirs in enumerate(new_words)
        if ours and theirs
    }
    best = max(likeness, key=likeness.get, default=None)
    return best if best and likeness[best] >= ALIKE else None


def _by_words(old, new):
    old_words, new_words = _words(old), _words(new)
    if max(len(old_words), len(new_words)) > MOST_WORDS:
        return _pieces("removed", [old]), _pieces("added", [new])
    removed, added = (), ()
    for step, from_old, to_old, from_new, to_new in difflib.SequenceMatcher(
        None, old_words, new_words, autojunk=False
    ).get_opcodes():
        removed += _pieces("same" if step == "equal" else "removed", old_words[from_old:to_old])
        added += _pieces("same" if step == "equal" else "added", new_words[from_new:to_new])
    return removed, added


def _words(line):
    return re.findall(r"\s+|\w+|[^\w\s]", line)


def _pieces(kind, words):
    return (Piece(kind, "".join(words)),) if "".join(words) else ()
