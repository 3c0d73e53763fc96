"""The to-do list of a person who signs in: the page at /admin/. Each app offers sections to those who have its rights.

settings.DASHBOARD_SECTIONS names the modules; `sections(user)` of each yields Sections, the most pressing first.
"""

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module

from django.conf import settings

from .staff_pages import age_of

SHOWN_WAITING, SHOWN_TO_KNOW = 10, 5  # items of a section; the rest is behind its link


@dataclass(frozen=True)
class Button:
    """What one press on the dashboard does: a form that posts `fields` to `url`."""

    label: str
    url: str
    fields: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing in a section, or several of a kind (`count`): a link, how long it has waited, what to know about it."""

    words: str
    url: str = ""
    since: date | None = None
    detail: str = ""
    quote: str = ""  # what a colleague wrote
    count: int = 1
    is_late: bool = False  # beside the words, a sign
    button: Button | None = None

    @property
    def age(self):
        """Such as "3 days"; "" when it does not matter, or has only just begun."""
        return age_of(self.since, depth=1) if self.since else ""


@dataclass(frozen=True)
class Section:
    """Things of one kind, the oldest first. What does not wait for this very person is only good to know."""

    heading: str
    items: list
    waits: bool = True
    more: str = ""  # the address of a page that has them all
    note: str = ""  # what can be done about them
    total: int | None = None  # how many it is about, where its items name some of them twice

    @property
    def shown(self):
        return self.items[: SHOWN_WAITING if self.waits else SHOWN_TO_KNOW]

    @property
    def count(self):
        return sum(item.count for item in self.items) if self.total is None else self.total

    @property
    def hidden(self):
        return len(self.items) - len(self.shown)


def dashboard(user):
    """The context of the page: what waits for this person, how many that are, and what is good to know."""
    offered = [
        section
        for module in settings.DASHBOARD_SECTIONS
        for section in import_module(module).sections(user)
        if section.items
    ]
    waiting = [section for section in offered if section.waits]
    return {
        "title": "To do",
        "waiting": waiting,
        "waiting_count": sum(section.count for section in waiting),
        "good_to_know": [section for section in offered if not section.waits],
    }
