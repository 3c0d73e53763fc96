"""What an editor is told about a text: what stops its publication, what could be improved, how long and how hard it is.

Advice never refuses an import. It fails the tests for the articles that we ship, and staff see it beside the text. What
can be advised is a table in messages.py, found by readability.py and FINDERS. What cannot be shown at all is
found by front_matter.py, syntax.py and renderer.py.
"""

from dataclasses import dataclass

from siweb.articles.rendering.renderer import minutes_for
from siweb.articles.text.front_matter import FRONT_MATTER

from . import (
    as_written,
    citations,
    clinic_rules,
    keywords,
    medicines,
    plain_english,
    promises,
    readability,
    structure,
    wording,
)
from .messages import statements

FINDERS = (wording, promises, medicines, plain_english, citations, clinic_rules, structure, as_written)

_FIELDS = (*FRONT_MATTER, "body")


@dataclass(frozen=True)
class Report:
    """What an editor is told about a text: what stops its publication, what could be improved, and how long and hard it is."""

    errors: tuple = ()
    advice: tuple = ()
    words: int = 0
    minutes: int = 0
    grade: readability.Grade | None = None


def report(document, page=None, errors=(), clinic_name="", context=None):
    """The Report on a text that could be parsed; `page` is what was rendered of it, if it could be."""
    words = sum(len(said.split()) for said in statements(document, clinic_name))
    return Report(
        errors=tuple(errors),
        advice=tuple(advice(document, clinic_name, context)),
        words=words,
        minutes=page.minutes if page else minutes_for(words),
        grade=readability.grade(document, clinic_name) if words else None,
    )


def advice(document, clinic_name="", context=None):
    """What could be improved in a text: Problems, field by field, the body's in the order of its lines.

    `context` is what the text may quote, as Surroundings; without it keywords are not checked.
    """
    found = set(readability.advice(document, clinic_name)).union(*(module.advice(document) for module in FINDERS))
    found.update(keywords.advice(document, context) if context else ())
    return sorted(found, key=lambda problem: (_FIELDS.index(problem.field), problem.line, problem.message))
