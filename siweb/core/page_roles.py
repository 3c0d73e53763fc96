"""The pages that code needs, by role: a page keeps its role when its address, title or kind of link changes.

ROLES is the list. Front matter gives a role to a page; templates, e-mails, structured data, the search and the opening
checklist ask for the role. Articles register the addresses (ArticlesConfig.ready).
"""

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from .registry import Registry


@dataclass(frozen=True)
class Role:
    """What the site does with the page of a role."""

    use: str  # as an editor reads it
    kind: str = ""  # the kind that its page must have; "" for any
    is_needed: bool = True  # whether the site must always have such a page


ROLES = {
    "help": Role("“Get help now” on every page, in every e-mail and first in the search leads here"),
    "signs": Role("it defines every warning sign that the site lists", kind="signs"),
    "rules": Role("the foot of every page and the opening checklist lead here", kind="rules"),
    "glossary": Role("the foot of every page and the search lead here", kind="glossary"),
    "preparation": Role("“Tell us every medicine you take” leads here; a clinician approves it before the site opens"),
    "procedure": Role(
        "search engines learn from it how the injection is done; a clinician approves it before the site opens"
    ),
    "aftercare": Role(
        "search engines learn from it what comes afterwards; a clinician approves it before the site opens"
    ),
    "privacy": Role("the form and the foot of every page lead here; the site does not open without it"),
    "complaints": Role("the form and the foot of every page lead here; the site does not open without it"),
    "accessibility": Role("the foot of every page leads here"),
    "about": Role("the foot of every page leads here"),
    "editorial": Role("the line that says who checked a page leads here"),
    "types": Role("a search for contrast dye leads here", is_needed=False),
    "questions": Role("a search that finds nothing leads here", is_needed=False),
}
NEEDED = tuple(name for name, role in ROLES.items() if role.is_needed)

HELP_BLOCK = "/#help"  # the telephone numbers at the foot of the home page, while no page has the role "help"

_registry = Registry(dict)


def register_addresses(provider):
    """Set the function that returns {role: path} of the pages that readers see."""
    _registry.register(provider)


def forget():
    """Ask the provider again next time."""
    _registry.forget()


def addresses():
    """Return {role: path} of the pages that readers see; "help" is always there.

    While the database is away, it is what was last known.
    """
    with suppress(DatabaseError, ObjectDoesNotExist):
        _registry.current()
    return last_known()


def last_known():
    """Return the same as this process last read it, and ask nothing: for the pages that tell of a fault."""
    return {"help": HELP_BLOCK, **_registry.held}
