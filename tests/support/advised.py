"""A plain text, and what is advised when some of it is replaced."""

from dataclasses import replace

from siweb.articles.linting.report import advice
from siweb.articles.rendering.document import Document
from siweb.articles.text.front_matter import Text

# An entry that lacks nothing, for a body that cites [^s].
SOURCE = "\n\n[^s]: Smith J. A trial. *Spine*, 2020. [doi.org/10.1/x](https://doi.org/10.1/x). Read: abstract.\n"

PLAIN = Text("After it", "What to do.", "topic", takeaways=("One.", "Two.", "Three."), body="Rest.\n", body_line=10)


def advised(body=PLAIN.body, **front):
    """The Problems that the checks find."""
    return advice(Document(replace(PLAIN, body=body, **front)))


def keys(body=PLAIN.body, **front):
    return {problem.key for problem in advised(body, **front)}
