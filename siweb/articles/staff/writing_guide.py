"""The page "How to write here": everything that can be written, as it is written and as readers see it."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from siweb.articles.editorial import publishing
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.rendering import care_cards
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render as render_text
from siweb.articles.text.front_matter import Text
from siweb.core.shared_texts import GROUPS, LEVELS
from siweb.core.staff_pages import for_those_who

# When a card of each kind is right.
USES = {
    "emergency": "Call 999, or go to A&E now",
    "urgent": "Call 111 or the clinic today",
    "nonurgent": "Ask at the next visit, or write",
    "important": "What must not be missed",
    "do": "A list of what helps",
    "dont": "A list of what to leave",
    "differs": "What other clinics do in another way",
}
NAMES = {"emergency": "Emergency", "urgent": "Urgent", "nonurgent": "Not urgent"}


@dataclass(frozen=True)
class Card:
    """A kind of care card, as the editor offers it; `heading` stands there where none is written."""

    kind: str
    name: str
    use: str
    heading: str


CARDS = [Card(kind, NAMES.get(kind) or heading, USES[kind], heading) for kind, (_, heading) in care_cards.CARDS.items()]

_PLAIN = (
    ("Paragraphs", "Leave a blank line between two paragraphs.", ("The first paragraph.", "", "The second one.")),
    (
        "Headings",
        "Begin with ##, and with ### under it. The title is the page’s own heading.",
        ("## Driving", "", "### After a week"),
    ),
    ("Bold", "For the few words that must not be missed.", ("Do **not** drive yourself home.",)),
    (
        "Lists",
        "A dash, or a number, and a blank.",
        ("- rest for a day", "- drink as usual", "", "1. Take the plaster off.", "2. Wash the skin."),
    ),
    (
        "Links",
        "The words, then the address of a page, or a whole address.",
        ("See [the NHS on back pain](https://www.nhs.uk/conditions/back-pain/).",),
    ),
    (
        "Tables",
        "The first line holds the headings.",
        ("| When | What |", "| --- | --- |", "| Day 1 | Rest |", "| Day 2 | Walk |"),
    ),
    (
        "Sheets to print",
        "Four colons. What stands between them also prints alone, on one page: [ ] is a box to tick, ____ a line to write on, "
        "and cells may stay empty. For a card as small as a bank card, write wallet instead of sheet: it shows on paper only.",
        (":::: sheet", "## What to bring", "", "- [ ] your list of medicines", "", "____", "::::"),
    ),
    (
        "Sources",
        "A mark where the words are, and the entry at the end. It says how it was read: full text, abstract, part of the page, "
        "or as reported by somebody, whom it names. Where no year is known, write undated.",
        (
            "In one trial, 1 in 4 had less pain.[^smith2020]",
            "",
            "[^smith2020]: Smith J and others. A trial. *Journal*, 2020. [example.org](https://example.org). Read: abstract.",
        ),
    ),
)


# An entry of the article "Warning signs": its page alone reads it, so it is shown as it is written.
SIGN = """\
key-of-the-sign
:   level: emergency
:   group: nerves
:   for: everyone
:   short: the sign in a few words
:   form: yes
:   source: [^smith2020]
:   typed: words that people search for, other words
:   The full wording of the sign. *A last sentence in italics tells it from a sign of another level.*"""


@for_those_who(WRITE)
@require_safe
def how_to_write(request):
    around = publishing.live_surroundings()
    examples = [
        {"title": title, "why": why, "written": "\n".join(lines), "shown": _shown(lines, around)}
        for title, why, lines in (*_PLAIN, *_cards(), *_ours(around))
    ]
    return render(
        request,
        "staff/articles/how_to_write.html",
        {"examples": examples, "sign": SIGN, "levels": LEVELS, "groups": GROUPS, "noindex": True, "canonical": ""},
    )


def _shown(lines, around):
    text = Text("How to write here", "Examples.", "page", body="\n".join([*lines, ""]))
    return mark_safe(render_text(Document(text), around).html)  # noqa: S308  our own render() made it


def _cards():
    for card in CARDS:
        heading = "" if card.heading else f" {card.use}:"
        lines = (f"::: {card.kind}{heading}", "- the first thing", "- the second", ":::")
        yield f"Care card: {card.name.lower()}", f"{card.use}.", lines


def _ours(around):
    """Examples with what this site has: its first drawing, its first rule, its facts."""
    for name in sorted(around.figures)[:1]:
        yield "Pictures", "What it shows, its name, and a caption.", (f'![What it shows]({name} "A caption.")',)
    for key in sorted(around.rules)[:1]:
        yield "Our rules", "Quoted, not copied: when the rule changes, this page does.", (f"[[rule:{key}]]",)
    if "eyes" in around.signs:
        why = "The list is made from the article “Warning signs”. Write a level, a group, both, or the key of one sign."
        yield "Warning signs", why, ("::: urgent Get your eye checked today:", "", "[[signs:eyes:eye]]", ":::")
    facts = [f"- {key.replace('_', ' ')}: [[clinic:{key}]]" for key in around.facts]
    yield "Facts of the clinic", "They are set once for the clinic, and quoted.", facts
