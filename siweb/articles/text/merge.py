"""The text of staff and the text of a file brought together, by what each has changed of the last text that both had."""

import re
from dataclasses import dataclass

from merge3 import Merge3

from .diff import in_one
from .front_matter import BadText, Problem, parse
from .sequence_matcher import Matcher

MARKS = {"start_marker": "<<<<<<<", "mid_marker": "=======", "end_marker": ">>>>>>>"}
_MARK = re.compile(r"(<{7}|>{7})( .*)?|={7}")

STAFF, FILE, SAME, BOTH = (
    "Staff have changed this",
    "The file changes this",
    "Both have made the same change",
    "Both have changed this, and not alike",
)


@dataclass(frozen=True)
class Part:
    """A passage of the three texts: the last one that both had, and what became of it; or lines that are left out."""

    what: str = ""
    before: str = ""
    staff: tuple = ()  # pieces, as comparing.in_one() gives them
    of_file: tuple = ()
    left_out: int = 0


class Merged:
    """Three canonical texts; the first may be "", when the two have nothing in common."""

    def __init__(self, base, staff, of_file):
        self._merge = Merge3(*map(_lines, (base, staff, of_file)), sequence_matcher=Matcher)

    @property
    def contradicts(self):
        return any(group[0] == "conflict" for group in self._merge.merge_groups())

    @property
    def text(self):
        """Both together; where they contradict each other, both passages between marks."""
        return "".join(self._merge.merge_lines(name_a="staff", name_b="the file", reprocess=True, **MARKS))

    def parts(self):
        """What either has changed, in the order of the text."""
        before = staff = of_file = 0
        for base_from, base_to, staff_from, staff_to, file_from, file_to in self._merge.find_sync_regions():
            was = _passage(self._merge.base[before:base_from])
            ours = _passage(self._merge.a[staff:staff_from])
            theirs = _passage(self._merge.b[of_file:file_from])
            if was != ours or was != theirs:
                what = FILE if ours == was else STAFF if theirs == was else SAME if ours == theirs else BOTH
                yield Part(what, was, in_one(was, ours), in_one(was, theirs))
            if same := sum(1 for line in self._merge.base[base_from:base_to] if line.strip()):
                yield Part(left_out=same)
            before, staff, of_file = base_to, staff_to, file_to


def _lines(text):
    return text.splitlines(keepends=True)


def _passage(lines):
    return "".join(lines).strip("\n")


def parse_by_hand(written):
    """The Text that somebody made of both. Raises BadText, also while a mark is left in it."""
    lines = written.replace("\r\n", "\n").split("\n")
    left = [number for number, line in enumerate(lines, start=1) if _MARK.fullmatch(line.rstrip())]
    if left:
        said = (
            "A mark is left here. Keep the words that are right, and take out the lines <<<<<<<, ======= and >>>>>>>."
        )
        raise BadText([Problem(left[0], said)])
    return parse(written)
