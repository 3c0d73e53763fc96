"""What two sequences of lines or words have in common, in order.

What stands once in each is matched first, then what stands once between two such matches, and so on. Unlike difflib's, its
time grows with the length alone: no text that somebody pastes can make a page wait.
"""

from bisect import bisect

DEEPEST = 12  # times that it looks between matches again; prose needs three or four


class Matcher:
    """In place of difflib.SequenceMatcher."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def get_matching_blocks(self):
        """[(start in old, start in new, length)], with an empty one at the end, as difflib gives them."""
        blocks = []
        for old, new in self._matches(0, len(self.old), 0, len(self.new), DEEPEST):
            if blocks and (blocks[-1][0] + blocks[-1][2], blocks[-1][1] + blocks[-1][2]) == (old, new):
                blocks[-1] = (*blocks[-1][:2], blocks[-1][2] + 1)
            else:
                blocks.append((old, new, 1))
        return [*blocks, (len(self.old), len(self.new), 0)]

    def steps(self):
        """[(is the same, from in old, to in old, from in new, to in new)], which together cover both."""
        found, old, new = [], 0, 0
        for at_old, at_new, length in self.get_matching_blocks():
            if (old, new) != (at_old, at_new):
                found.append((False, old, at_old, new, at_new))
            old, new = at_old + length, at_new + length
            if length:
                found.append((True, at_old, old, at_new, new))
        return found

    def _matches(self, old, old_end, new, new_end, depth):
        """Pairs of places between two others: equal beginnings, what anchors() finds with what is between, equal ends."""
        found, ends = [], []
        while old < old_end and new < new_end and self.old[old] == self.new[new]:
            found.append((old, new))
            old, new = old + 1, new + 1
        while old < old_end and new < new_end and self.old[old_end - 1] == self.new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            ends.append((old_end, new_end))
        anchors = self._anchors(old, old_end, new, new_end) if depth else []
        for at_old, at_new in anchors:
            found += self._matches(old, at_old, new, at_new, depth - 1)
            found.append((at_old, at_new))
            old, new = at_old + 1, at_new + 1
        if anchors:
            found += self._matches(old, old_end, new, new_end, depth - 1)
        return found + ends[::-1]

    def _anchors(self, old, old_end, new, new_end):
        """The longest row of pairs, in order, of what stands once in each part."""
        ours, theirs = _once(self.old, old, old_end), _once(self.new, new, new_end)
        pairs = [(at, theirs[what]) for what, at in ours.items() if what in theirs]
        return _longest_in_order(pairs)


def _once(sequence, start, end):
    """{what stands once in a part of it: its place}, in order."""
    places, twice = {}, set()
    for at in range(start, end):
        what = sequence[at]
        if what in places:
            twice.add(what)
        places[what] = at
    return {what: at for what, at in places.items() if what not in twice}


def _longest_in_order(pairs):
    """The most pairs, of those whose first grows, whose second grows too (patience sorting)."""
    lasts, tops = (
        [],
        [],
    )  # of the best row of each length: the second of its last pair, and (that pair, the pair before)
    for pair in pairs:
        length = bisect(lasts, pair[1])
        lasts[length : length + 1] = [pair[1]]
        tops[length : length + 1] = [(pair, tops[length - 1] if length else None)]
    row, top = [], tops[-1] if tops else None
    while top:
        pair, top = top
        row.append(pair)
    return row[::-1]
