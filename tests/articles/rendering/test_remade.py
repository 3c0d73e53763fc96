"""A page is made again when something that it uses has changed, and only then."""

from dataclasses import replace

import pytest

from siweb.articles.editorial import publishing
from siweb.articles.importing import sync
from siweb.articles.models import Article, Publication
from siweb.articles.rendering.renderer import Figure, render, render_with_problems
from siweb.clinics.models import Clinic

TEXTS = {
    "plain": ("Nothing but words about a joint.\n", {}),
    "points": ("See [care](care).\n", {}),
    "points-deep": ("See [driving](care#driving).\n", {}),
    "points-by-old-name": ("See [care](old-care).\n", {}),
    "quotes": ("[[rule:driving]]\n", {}),
    "quotes-in-a-line": ("We say: [[rule:parking]]\n", {}),
    "names": ("[[clinic:name]]\n", {}),
    "calls": ("[[clinic:phone]]\n", {}),
    "explains": ("The pelvis moves.\n", {}),
    "draws": ('![A pelvis](pelvis "The pelvis.")\n', {}),
    "care": ("## Driving\n\nWords.\n", {"aliases": "[old-care]"}),
    "our-rules": ("driving\n:   May I drive?\n:   No.\n\nparking\n:   May I park?\n:   Yes.\n", {"kind": "rules"}),
    "glossary": ("Pelvis\n:   A bone.\n", {"kind": "glossary"}),
}
EVERY = set(TEXTS)


@pytest.fixture
def write(content):
    """write(care="…") are files with new bodies, imported."""

    def write(**bodies):
        for slug, body in bodies.items():
            slug = slug.replace("_", "-")
            content(slug, body, **({"title": slug} | TEXTS.get(slug, ("", {}))[1]))
        sync.import_folder(content.folder)

    return write


@pytest.fixture
def made(db, write, monkeypatch):
    """The slugs of the pages that are made from now on."""
    write(**{slug: body for slug, (body, _) in TEXTS.items()})
    made = set()

    def noted(renders):
        def note(document, surroundings):
            made.add(document.text.title)
            return renders(document, surroundings)

        return note

    monkeypatch.setattr(publishing, "render_with_problems", noted(render_with_problems))
    monkeypatch.setattr(sync, "render", noted(render))
    return made


def change_clinic(**facts):
    clinic = Clinic.current()
    for name, value in facts.items():
        setattr(clinic, name, value)
    clinic.save()


RULES = "driving\n:   May I drive?\n:   {}\n\nparking\n:   May I park?\n:   {}\n"
CHANGES = {
    "nothing": (lambda write, _: write(), set()),
    "a new article": (lambda write, _: write(new="New words.\n"), {"new"}),
    "words": (lambda write, _: write(care="## Driving\n\nOther words.\n"), {"care"}),
    "a new heading": (lambda write, _: write(care="## Driving\n\nWords.\n\n## Walking\n"), {"care", "points-deep"}),
    "one rule": (lambda write, _: write(our_rules=RULES.format("Yes.", "Yes.")), {"our-rules", "quotes"}),
    "the other rule": (
        lambda write, _: write(our_rules=RULES.format("No.", "No.")),
        {"our-rules", "quotes-in-a-line"},
    ),
    "a term's meaning": (lambda write, _: write(glossary="Pelvis\n:   Bones.\n"), {"glossary", "explains"}),
    "a new term": (lambda write, _: write(glossary="Pelvis\n:   A bone.\n\nJoint\n:   Two bones.\n"), EVERY),
    "a fact": (lambda *_: change_clinic(name="Another"), {"names"}),
    "the phone": (lambda *_: change_clinic(phone="0161 496 0001"), EVERY),
    "a drawing": (lambda _, patch: redraw(patch), {"draws"}),
    "the renderer": (lambda _, patch: rewrite_the_renderer(patch), EVERY),
}


def redraw(monkeypatch):
    drawings = publishing.drawings()
    monkeypatch.setattr(publishing, "drawings", lambda: drawings | {"pelvis": Figure("/new.svg", 1, 1, "new")})
    publishing.refresh()


def rewrite_the_renderer(monkeypatch):
    monkeypatch.setattr(publishing, "_renderer", lambda: "other code")
    publishing.refresh()


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_made_again_when_this_changes(made, write, monkeypatch, what):
    change, expected = CHANGES[what]
    change(write, monkeypatch)
    assert made == expected


@pytest.mark.parametrize("what", CHANGES)
def test_every_page_is_then_as_if_all_had_been_made_again(made, write, monkeypatch, what):
    CHANGES[what][0](write, monkeypatch)
    before = Publication.objects.count()
    Article.objects.update(page_made_with="")
    assert (publishing.refresh(), Publication.objects.count()) == (0, before)
    assert publishing.refresh() == 0


def test_a_page_that_points_at_what_is_taken_down_is_noticed(made):
    with pytest.raises(publishing.BadText, match="points"):
        publishing.take_down(Article.objects.get(slug="care"))


def test_a_page_whose_address_moves_is_followed(made, content):
    content("care", TEXTS["care"][0], title="care", kind="page", **TEXTS["care"][1])
    sync.import_folder(content.folder)
    assert made == {"care", "points", "points-deep", "points-by-old-name"}
    assert 'href="/care/#driving"' in Publication.objects.showing().get(article__slug="points-deep").html


def test_what_a_page_looked_for_and_did_not_find_counts_too(db, write):
    around = publishing.site_surroundings({})
    used = [["addresses", "glossary"]]
    with_it = replace(around, addresses={"glossary": "/guide/glossary/"})
    assert publishing.made_with(around, used) != publishing.made_with(with_it, used)
