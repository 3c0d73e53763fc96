"""Lines that begin like a list or a heading but are not one, and short lines that would be joined into one."""

import re

from .slip import Slip
from .words import BREAK, OPAQUE

# Signs that people type, or that Word pastes, in front of a point; the others may also be a minus, a note …
PLAIN_BULLETS = "➡👉🔹🔸🔵🔴🟢•·∙⋅●○◦▪▫■□◆◇‣⁃►▸▶➢➤➔→⇒»›✓✔✅☑✗✘❌☐☒★☆❖♦\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf02d"
_BULLETS = PLAIN_BULLETS + "-–—‐‑−‒─*+=~>§¬"
_BULLET = re.compile(rf"(?!\+44 |− ?\d)[{re.escape(_BULLETS)}]\ufe0f?\s*[-–]?\s*(?=[^\s|])(?!-)")
_AMOUNT = re.compile(r"[-–−+±] ?\d")  # in a cell
_LETTER_O = re.compile(r"o\s+(?=\w)")
_NUMBER = re.compile(
    r"(?!\(c\) ?\d)(?:\(?(?:\d{1,3}|[a-z]|[ivx]{2,5}|[IVX]{2,5})[.)]+\s+(?=\S)|\((?:\d{1,3}|[A-Za-z]"
    r"|[ivx]{2,5})\) ?(?=\w)|[A-Z]\)\s+(?=\w))"
)
_GLUED_NUMBER = re.compile(r"\d{1,2}[.)](?=[^\W\d_]{2})")
_HEADING = re.compile(r"[#＃]+\s*(?=\S)")
_OTHER = re.compile(r"(?:::?|!{3}|\?{3}|%|;;|h[1-6]\.|@{2,})\s+(?=\S)|[:;](?=\w)|-{2,}|\||\.\.\s+[\w-]+::")

TO_LIST = "This line begins like a point of a list but is not one. Begin it with a dash and a blank."
TO_NUMBER = (
    "This line begins like a point of a numbered list but is not one. Begin it with 1. and a blank, after a blank line."
)
_TO_HEADING = "This line begins like a heading but is not one. Begin it with ## and a blank, or take the mark out."
_TO_OTHER = "This line begins with a mark that has no meaning here. Readers would see it: take it out."
JOINED = "These lines would be joined into one. End each but the last with a backslash, or make them a list."

_ALONE = re.compile(r"[-–—*+#=>~|:;_]{1,2}\s*$")
_MARKS = ("**", "==", "~", "##", "```", "[", "<", ">>")
SHORT = 50  # characters: a line of prose that was wrapped is longer
VERY_SHORT = 30
_DIGIT = re.compile(r"\d")
_ENDS = re.compile(r"[.?!…,;–—-][”’\"')\]]*$")
_LABEL = re.compile(r"[A-Z][\w ]{0,20}: \S")
_BEGINS = re.compile(r"\d{1,2} ?[.:)-]\s|[\W_]*(?:\d+\w?[\s,/–-]+)?[^\W\d_a-z]")


def in_words(words, line, in_heading=False, in_cell=False, in_source=False):
    """The Slips at the beginnings of the shown lines of an inline token."""
    lines = words.shown.split("\n")
    for number, shown in enumerate(lines):
        if message := _beginning(shown, number, in_heading or in_source, in_cell):
            yield Slip(line + number, message, shown[:40].replace(OPAQUE, "").strip() or shown[:1])
    if len(lines) > 1:
        yield from _joined(lines, line)


def in_text(text):
    """The message about the beginning of a text without Markdown; "" where nothing is wrong."""
    return _beginning(text, 0, False, False)


def _beginning(shown, number, may_count, in_cell):
    if shown.startswith(_MARKS):
        return ""  # of marks.py
    if _ALONE.match(shown) and not in_cell:
        return _TO_OTHER
    if _HEADING.match(shown):
        return _TO_HEADING
    if not shown or shown[0].isalpha() and shown[1:2].isalpha() and shown[:1] not in "hivxIVX":
        return ""
    if _BULLET.match(shown) and not (in_cell and _AMOUNT.match(shown)) or _LETTER_O.match(shown):
        return TO_LIST
    if not (may_count or in_cell) and (_NUMBER.match(shown) or _GLUED_NUMBER.match(shown)):
        return TO_NUMBER
    return _TO_OTHER if _OTHER.match(shown) and not in_cell else ""


def _joined(lines, line):
    """Lines of an address, or a list without marks: each is short, and no sentence ends there."""
    many_short = all(len(shown) <= VERY_SHORT and not _ENDS.search(shown) for shown in lines)
    many_short = many_short and (len(lines) > 2 or all(map(_DIGIT.search, lines)))
    for number, (shown, following) in enumerate(zip(lines, lines[1:], strict=False)):
        if shown.endswith(BREAK):
            continue
        if _LABEL.match(shown) and _LABEL.match(following):
            yield Slip(line + number, JOINED, shown.replace(OPAQUE, "").strip())
            return
        if _ENDS.search(shown.rstrip()):
            continue
        if not shown.strip(f" {OPAQUE}") or not following.strip(f" {OPAQUE}"):
            continue
        is_break = shown.rstrip().endswith(":") or _BEGINS.match(following) or many_short
        if len(shown) <= SHORT and is_break:
            yield Slip(line + number, JOINED, shown.replace(OPAQUE, "").strip())
            return
