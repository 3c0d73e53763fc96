"""Characters that nobody sees, or that not every screen can show."""

import re
import unicodedata

from .slip import Slip, fix_lines

_FIXED = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"

_TABLE = (
    (
        r"[\u202a-\u202e\u2066-\u2069]",
        "A hidden character turns the direction of the text, and with it the order of numbers. Take it out.",
        "",
        True,
    ),
    (
        r"[\u00ad\u034f\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]|(?<=[ -~])[\u200c\u200d](?![^\x00-\x7f])"
        r"|(?<![^\x00-\x7f])[\u200c\u200d](?=[ -~])",
        "There is a hidden character in this line. Take it out.",
        "",
        False,
    ),
    (r"[\u2028\u2029]", "A hidden line end is not shown. Begin a new line.", "\n", False),
    (
        rf"^[ \t>]*(?:[-+*] |\d+[.)] |#+ )?[{_FIXED}]+(?=\S)",
        "Fixed blanks at the beginning of a line do not indent it. Take them out.",
        lambda found: found[0].rstrip(_FIXED),
        False,
    ),
    ("\ufffd", "A character was lost before this text came here. Write its word again.", None, True),
    (
        "[\ue000-\uf8ff]",
        "This sign is from a font that readers do not have. Begin a point with a dash, or take the sign out.",
        None,
        True,
    ),
    (
        "[\uff01-\uff5e\u3000\ufe50-\ufe6b]",
        "This sign has the width of Chinese writing. Type it again.",
        lambda found: unicodedata.normalize("NFKC", found[0]),
        False,
    ),
    (
        "[\ufb00-\ufb06\U0001d400-\U0001d7ff]",
        "This character replaces ordinary letters, and neither the search nor a screen reader knows it. Type the letters.",
        lambda found: unicodedata.normalize("NFKC", found[0]),
        False,
    ),
    (
        r"(?<=[A-Za-z])[\u0400-\u04ff]|[\u0400-\u04ff](?=[A-Za-z])",
        "This word mixes letters of two alphabets that look alike. Type it again.",
        None,
        False,
    ),
)
_ANY = re.compile("|".join(pattern for pattern, *_ in _TABLE))


def in_lines(lines):
    """The Slips of hidden characters in the lines of a body."""
    for number, line in enumerate(lines):
        if line.isascii() or not _ANY.search(line):
            continue
        for pattern, message, replacement, is_error in _TABLE:
            if found := re.search(pattern, line):
                fix = fix_lines(lines, number, _replacing(pattern, replacement)) if replacement is not None else ()
                yield Slip(number, message, found[0], fix, is_error)


def in_text(text):
    """(words, message, whether it is an error) of the hidden characters in a text without Markdown."""
    for pattern, message, _, is_error in _TABLE if not text.isascii() else ():
        if found := re.search(pattern, text):
            yield found[0], message, is_error


def _replacing(pattern, replacement):
    return lambda line: re.sub(pattern, replacement, line)
