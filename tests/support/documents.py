"""The project's documents as tests read them: their sections, tables, code, links and headings."""

import re
from functools import cache

from django.conf import settings

ROOT = settings.BASE_DIR
SEARCH_DATA = "siweb/articles/search/data/README.md"
DOCUMENTS = sorted(
    [*(path.name for path in ROOT.glob("*.md")), *(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md"))]
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"``(?: )?(.+?)(?: )?``|`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@cache
def text_of(document):
    return (ROOT / document).read_text(encoding="utf-8")


def section(document, heading, level=2):
    """The text below a heading, up to the next heading of the same level."""
    mark = "#" * level
    return re.split(rf"\n#{{1,{level}}} ", text_of(document).split(f"\n{mark} {heading}\n")[1])[0]


def rows(document, heading, level=2):
    """The cells of each row of a section's tables, without the heads."""
    lines = [line for line in section(document, heading, level).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {index - 1 for index, line in enumerate(lines) if line.startswith("|---")}
    return [row for index, row in enumerate(cells) if index not in heads and not lines[index].startswith("|---")]


def blocks(document, language):
    """The fenced blocks of a language."""
    return [code for name, code in _FENCE.findall(text_of(document)) if name == language]


def prose_of(document):
    """What is not in a fenced block."""
    return _FENCE.sub("", text_of(document))


def spans(document):
    """The inline code."""
    return [double or single for double, single in _SPAN.findall(prose_of(document))]


def links(document):
    """The targets of links and pictures."""
    return _LINK.findall(_SPAN.sub("", prose_of(document)))


def anchors(document):
    """The addresses of its headings, as the forge makes them."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(prose_of(document)))
    return {title.replace(" ", "-") for title in titles}


def commands(document):
    """The lines of its shell blocks."""
    return [line for block in blocks(document, "sh") for line in block.splitlines() if line]
