"""Answers of one index to recent queries, in memory only: never written anywhere, and gone with the index."""

from collections import OrderedDict
from time import monotonic

MAX_ANSWERS = 500
MAX_AGE = 600  # seconds


class Remembered:
    """An index that answers a repeated query from memory."""

    def __init__(self, index, clock=monotonic):
        self.index, self._clock = index, clock
        self._answers = OrderedDict()  # {(query, limit): (answer, when it was found)}, the oldest first

    def search(self, query, limit):
        now, key = self._clock(), (query, limit)
        answer, found_at = self._answers.get(key, (None, 0))
        if answer is None or now - found_at >= MAX_AGE:
            answer = self.index.search(query, limit)
            self._answers[key] = (answer, now)
            self._answers.move_to_end(key)
            while len(self._answers) > MAX_ANSWERS or now - next(iter(self._answers.values()))[1] >= MAX_AGE:
                self._answers.popitem(last=False)
        return answer
