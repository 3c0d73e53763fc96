"""What staff type into the editor, as the text that a file would hold: one way in for saving, preview and checks."""

from . import files
from .files import BadText, Problem

LISTS = ("keywords", "takeaways", "aliases")  # one item a line
FIELDS = (*files.FRONT_MATTER, "body")


def text_of(data):
    """The Text that a posted form holds. Raises BadText with every problem, each with its field and its line there.

    A browser's line endings, blank ends and blank lines of a list make no difference.
    """
    typed = {name: files.normal(data.get(name, "")) for name in FIELDS}
    problems, values = [], {}
    for name, value in typed.items():
        problems += [Problem(bad.line, bad.message, name) for bad in files.unshowable(value)]
    unreadable = {problem.field for problem in problems}
    for name in files.FRONT_MATTER:
        if name in unreadable:
            continue
        try:
            if (written := _written(name, typed[name])) or name in files.REQUIRED:
                values[name] = files.read_value(name, written)
        except ValueError as problem:
            problems.append(Problem(1, str(problem), name))
    if problems:
        raise BadText(problems)
    text = files.Text(**values, body=files.canonical_body(typed["body"]), body_line=_first_line(typed["body"]))
    if (length := len(text.canonical)) > files.TEXT_LIMIT:
        raise BadText([files.too_long(length)])
    return text


def fields_of(text):
    """What the editor shows for a Text: text_of() makes the same Text of it."""
    shown = {name: getattr(text, name) for name in FIELDS}
    return shown | {name: "\n".join(shown[name]) for name in LISTS} | {"order": str(text.order)}


def _written(name, typed):
    """The value as the front matter of a file would give it."""
    if name in LISTS:
        return [line.strip() for line in typed.split("\n") if line.strip()]
    return typed.strip()


def _first_line(body):
    """The line of the box that the text begins on."""
    lines = body.split("\n")
    return next((number for number, line in enumerate(lines, start=1) if line.strip()), 1)
