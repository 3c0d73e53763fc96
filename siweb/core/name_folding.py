"""Names as they are compared: in small letters, without accents."""

import re
import unicodedata


def words_of(name):
    """The words of a name, in small letters without accents, apostrophes and hyphens."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return re.findall(r"\w+", re.sub("['’‘ʼ`-]", "", plain).lower())
