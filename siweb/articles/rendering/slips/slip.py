"""One slip: a passage that readers would see differently from how the author wrote or meant it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """`line` counts the lines of the body from 0. An error blocks publication; anything else is advice.

    `fix` is (old, new) where the fix is certain: whole lines from `line` on, as they are and as they should be.
    """

    line: int
    message: str
    words: str = ""
    fix: tuple = ()
    is_error: bool = False
    field: str = "body"


def fix_lines(lines, first, change, count=1):
    """The fix that puts change(old) in place of `count` lines, or () where that changes nothing."""
    old = "\n".join(lines[first : first + count])
    new = change(old)
    return (old, new) if new != old else ()
