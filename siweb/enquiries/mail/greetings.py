"""How a letter greets a person: by the name as it was typed. No first name is guessed: "Dear Jr." is worse than a long name.

Only a name that is all in capitals or all in small letters is written in both, part by part; and not where a part could be
initials or another language's letters, of which nobody can tell how they are written.
"""

import re

_PIECE = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouyàáâãäåèéêëìíîïòóôõöøùúûüýÿŷ")
_SHORT_NAMES = frozenset("al an bo cy di ed el gi jo ky la le li ly ma mo of oz ty vi wu xi yi yu ze".split())  # noqa: SIM905
_TITLES = frozenset("mr mrs ms mx dr st".split())  # noqa: SIM905
_ROMAN = re.compile("(?!(?:vi|xi)$)[ivx]{2,}")
_PARTICLES = frozenset("da de di do du el la le lo".split())  # noqa: SIM905
_OTHER_CASES = re.compile(r"[ıİşŞğĞ]|\b(?:ij|IJ)")  # Turkish I and Dutch IJ are not written as English ones


def greeting_name(typed):
    """Return the name to greet a person by: "MARY-ANN O'NEILL" is "Mary-Ann O'Neill", "TJ Hughes" is "TJ Hughes"."""
    name = " ".join(typed.split())
    if not (name.isupper() or name.islower()) or _OTHER_CASES.search(name):
        return name
    pieces = _PIECE.findall(name)
    if any(map(_may_be_initials, pieces)):
        return name
    return _PIECE.sub(lambda piece: _written(piece[0].lower(), name[: piece.start()]), name)


def _may_be_initials(piece):
    """Whether two or three letters may be initials, such as TJ, or a name, such as Jo."""
    letters = piece.lower()
    if len(letters) == 1 or len(letters) > 3 or letters in _SHORT_NAMES | _TITLES | _PARTICLES:
        return False
    return len(letters) == 2 or bool(_ROMAN.fullmatch(letters)) or _VOWELS.isdisjoint(letters)


def _written(letters, before):
    """One part in both cases. What follows an apostrophe is a name of its own after one letter only: O'Neill, Ta'anga."""
    if re.search(r"[^\W\d_]{2,}['’‘ʼ′]$", before):
        return letters
    if re.match(r"mc[a-zà-ÿ]{3,}", letters):
        return f"Mc{letters[2:].capitalize()}"
    return letters.capitalize()
