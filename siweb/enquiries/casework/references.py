"""References that can be said on the phone and read from a note: no look-alikes, no vowels, so no words."""

import re
import secrets

ALPHABET = "34679CDFGHJKMNPQRTVWXY"
_LENGTH = 4


def new_reference(taken=0):
    """One such as SIJ-7F3K. Of 234,256 some are in use: after a few that were `taken`, longer ones are tried."""
    return "SIJ-" + "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH + taken // 3))


def read_reference(text):
    """What somebody typed, as it is stored: "sij 7f3k" is SIJ-7F3K."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return f"SIJ-{letters.removeprefix('SIJ')}"
