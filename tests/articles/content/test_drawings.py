"""The drawings of the articles: one hand, readable by everybody, and small."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = sorted((settings.BASE_DIR / "static" / "figures").glob("*.svg"))
PHONE = 288  # how wide a drawing is on the narrowest phone, in CSS pixels
LARGE_ENOUGH = 16
MOST_BYTES = 8_200


@pytest.fixture(params=DRAWN, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def drawing(path):
    return ET.fromstring(path.read_text(encoding="utf-8"))


def test_it_says_what_it_shows(drawing):
    title = drawing.find(f"{SVG}title")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == title.get("id")
    assert len(title.text.split()) > 5


def test_it_has_numbers_and_no_words(drawing):
    assert [text for text in drawing.iter(f"{SVG}text") if not "".join(text.itertext()).strip().isdigit()] == []


def test_its_numbers_can_be_read_on_a_phone(drawing):
    width = int(drawing.get("viewBox").split()[2])
    above = {child: parent for parent in drawing.iter() for child in parent}
    for text in drawing.iter(f"{SVG}text"):
        owner = text
        while not owner.get("font-size"):
            owner = above[owner]
        assert float(owner.get("font-size")) * PHONE / width >= LARGE_ENOUGH


def test_its_key_has_every_number(drawing):
    numbers = {int(text.text) for text in drawing.iter(f"{SVG}text")}
    assert numbers == set(range(1, len(numbers) + 1))


def test_it_changes_with_the_colours_of_the_page(drawing):
    style = drawing.find(f"{SVG}style").text
    assert style.count("@media (prefers-color-scheme:dark)") == 1
    used = {name for shape in drawing.iter() for name in (shape.get("class") or "").split()}
    assert set(re.findall(r"\.([a-z]+)\{", style)) <= used


def test_it_brings_nothing_from_elsewhere_and_is_small(path):
    drawn = path.read_text(encoding="utf-8")
    assert "<script" not in drawn
    assert re.findall(r'(?:href="|url\()(?!#)', drawn) == []
    assert path.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("people", [8, 20, 50])
def test_one_of_so_many_people_is_marked(people):
    path = settings.BASE_DIR / "static" / "figures" / f"people-1-in-{people}.svg"
    drawing = ET.fromstring(path.read_text(encoding="utf-8"))
    alike = [use for use in drawing.iter(f"{SVG}use") if use.get("href") == "#p"]
    marked = [shape for shape in drawing.iter(f"{SVG}rect") if shape.get("class") == "rk"]
    assert (1 + len(alike) + len(marked), len(marked)) == (people, 1)
