"""The text of staff and the text of a file brought together, by what each has changed of the last text that both had."""

import re
from dataclasses import dataclass
from functools import cached_property

from .diff import in_one
from .front_matter import BadText, Problem, parse
from .sequence_matcher import Matcher

_STAFF_BEGINS, _FILE_BEGINS, _CONFLICT_ENDS = "<<<<<<< staff\n", "=======\n", ">>>>>>> the file\n"
_MARK = re.compile(r"(<{7}|>{7})( .*)?|={7}")

STAFF, FILE, SAME, BOTH = (
    "Staff have changed this",
    "The file changes this",
    "Both have made the same change",
    "Both changed this, differently",
)


@dataclass(frozen=True)
class Part:
    """A passage of the three texts: the last one that both had, and what became of it; or lines that are left out."""

    what: str = ""
    before: str = ""
    staff: tuple = ()  # pieces, as comparing.in_one() gives them
    of_file: tuple = ()
    left_out: int = 0


@dataclass(frozen=True)
class _Region:
    """The lines of the three texts between two passages that all of them share, or such a passage itself."""

    base: list
    staff: list
    of_file: list
    is_shared: bool = False

    @property
    def is_conflict(self):
        """Whether both have changed the base, and differently."""
        return self.base not in (self.staff, self.of_file) and self.staff != self.of_file

    @property
    def merged(self):
        """The lines that both changes lead to. Those of a conflict are between marks, but for what both share."""
        if not self.is_conflict:
            return self.of_file if self.staff == self.base else self.staff
        found = []
        for is_same, old, old_end, new, new_end in Matcher(self.staff, self.of_file).steps():
            staff, of_file = self.staff[old:old_end], self.of_file[new:new_end]
            found += staff if is_same else [_STAFF_BEGINS, *staff, _FILE_BEGINS, *of_file, _CONFLICT_ENDS]
        return found


class Merged:
    """Three canonical texts; the first may be "", when the two have nothing in common."""

    def __init__(self, base, staff, of_file):
        self._texts = [text.splitlines(keepends=True) for text in (base, staff, of_file)]

    @property
    def contradicts(self):
        return any(region.is_conflict for region in self._regions)

    @property
    def text(self):
        """Both together; where they contradict each other, both passages between marks."""
        return "".join(line for region in self._regions for line in region.merged)

    def parts(self):
        """What either has changed, in the order of the text."""
        for region in self._regions:
            was, ours, theirs = _passage(region.base), _passage(region.staff), _passage(region.of_file)
            if was != ours or was != theirs:
                what = FILE if ours == was else STAFF if theirs == was else SAME if ours == theirs else BOTH
                yield Part(what, was, in_one(was, ours), in_one(was, theirs))
            if region.is_shared and (same := sum(1 for line in region.base if line.strip())):
                yield Part(left_out=same)

    @cached_property
    def _regions(self):
        """The three texts in regions, in order: what lies before a shared passage, then the passage."""
        base, staff, of_file = self._texts
        found, before = [], (0, 0, 0)
        for *starts, length in [*_shared(base, staff, of_file), (len(base), len(staff), len(of_file), 0)]:
            between = [text[begin:end] for text, begin, end in zip(self._texts, before, starts, strict=True)]
            if any(between):
                found.append(_Region(*between))
            if length:
                found.append(_Region(*[base[starts[0] : starts[0] + length]] * 3, is_shared=True))
            before = [start + length for start in starts]
        return found


def _shared(base, staff, of_file):
    """(start in base, in staff, in the file, length) of each passage that both have left as it was, in order."""
    ours = iter(Matcher(base, staff).get_matching_blocks())
    theirs = iter(Matcher(base, of_file).get_matching_blocks())
    (our_base, our_start, our_length), (their_base, their_start, their_length) = next(ours), next(theirs)
    while our_length and their_length:
        start, end = max(our_base, their_base), min(our_base + our_length, their_base + their_length)
        if start < end:
            yield start, our_start + start - our_base, their_start + start - their_base, end - start
        if our_base + our_length == end:
            our_base, our_start, our_length = next(ours)
        else:
            their_base, their_start, their_length = next(theirs)


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
