"""Which texts of a folder readers have had, as an export says: sha256sum checks the list, and an empty database believes it.

A rule that is newer than such a text does not refuse it there either (sync.py).
"""

import re

from siweb.articles.models import Article

LIST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  \S+\.md")


def write(folder):
    """Write the list of the texts that readers see beside their files."""
    shown = Article.objects.published().order_by("slug").values_list("live__digest", "slug")
    lines = [f"{digest}  {slug}.md\n" for digest, slug in shown]
    (folder / LIST).write_text("".join(lines), encoding="utf-8", newline="\n")


def read(folder):
    """Return the digests of the texts that a folder's list names; none where there is no list that can be read."""
    try:
        lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(match[1] for line in lines if (match := _LINE.fullmatch(line)))
