"""References that can be said on the phone and read from a note: no look-alikes, no vowels, so no words."""

import re
import secrets

ALPHABET = "34679CDFGHJKMNPQRTVWXY"
_LENGTH = 4


def new_reference(is_taken):
    """A free one, such as SIJ-7F3K. `is_taken` says of a reference whether it is in use."""
    for attempt in range(1000):
        # 234,256 of them; a clinic that has used up most gets longer ones.
        length = _LENGTH + attempt // 20
        reference = "SIJ-" + "".join(secrets.choice(ALPHABET) for _ in range(length))
        if not is_taken(reference):
            return reference
    raise RuntimeError("no free reference was found")


def read_reference(text):
    """What somebody typed, as it is stored: "sij 7f3k" is SIJ-7F3K."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return f"SIJ-{letters.removeprefix('SIJ')}"
