"""Words of a fixed list that are within a few slips of a typed word. Builds the lookup once; a lookup costs microseconds."""

from collections import defaultdict


class CloseWords:
    """Find listed words by edit distance (a letter more, less, other, or two swapped), by shared deletions.

    `reach(word)` is the number of edits to allow for a word; 0 means that it is only found as it is.
    """

    def __init__(self, words, reach):
        self._reach = reach
        self._by_deletion = {}  # the words with blanks between them: a set for each would take ten times the memory
        for word in words:
            for shorter in _deletions(word, reach(word)):
                others = self._by_deletion.get(shorter)
                self._by_deletion[shorter] = f"{others} {word}" if others else word

    def nearest(self, typed):
        """Return (edits, the listed words that are so near and none nearer); (0, set()) if there is none."""
        reach = self._reach(typed)
        found = defaultdict(set)
        for shorter in _deletions(typed, reach):
            for word in self._by_deletion.get(shorter, "").split():
                if (edits := edit_distance(typed, word)) <= min(reach, self._reach(word)):
                    found[edits].add(word)
        return min(found.items(), default=(0, set()))


def _deletions(word, count):
    """Return the word, and what is left of it with up to `count` letters taken out."""
    every, last = {word}, {word}
    for _ in range(count):
        last = {each[:i] + each[i + 1 :] for each in last for i in range(len(each))}
        every |= last
    return every


def edit_distance(one, other):
    """Count the edits between two words; two neighbours swapped are one edit."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
