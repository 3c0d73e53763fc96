"""A form that the stemmer does not know finds its base; a misspelling is replaced on strong evidence only."""

import csv
from pathlib import Path

import pytest

from siweb.articles.search import live_index
from siweb.articles.search.index import Index
from siweb.articles.search.word_forms import bases_of
from tests.support.searched import section, urls

CASES = Path(__file__).parent / "cases" / "word-forms.tsv"
MIN_SHARE = 0.95  # of forms that find what their base finds


@pytest.mark.parametrize(
    ("typed", "base"),
    [("bled", "bleed"), ("arthritic", "arthritis"), ("worsened", "worse"), ("anaesthetist", "anaesthetic")],
)
def test_a_form_has_its_base(typed, base):
    assert base in bases_of(typed)
    index = Index([section("/a/", text=f"about {base}"), section("/b/", text="something else")], {})
    assert urls(typed, index) == ["/a/"]
    assert index.search(typed).shown_for == ""


def test_a_form_that_the_articles_have_still_counts_most():
    index = Index([section("/a/", text="about bleed"), section("/b/", text="about bled")], {})
    assert urls("bled", index) == ["/b/", "/a/"]


def test_a_form_of_a_word_that_is_no_question_is_found_when_nothing_else_is_typed():
    assert urls("told", Index([section("/a/", text="tell us")], {})) == ["/a/"]


def test_what_the_base_finds_is_among_the_first_three_when_a_form_is_all_that_is_typed():
    sections = [section(f"/bled{n}/", heading="bled", text="bled bled") for n in range(4)]
    sections += [section("/base/", text="it may bleed for a while, as many other things do")]
    assert "/base/" in urls("bled", Index(sections, {}))[:3]


@pytest.mark.parametrize("typed", ["feel", "felt", "feels"])
def test_a_word_that_tells_nothing_in_a_question_is_found_in_headings_when_it_is_all_that_is_typed(typed):
    index = Index([section("/a/", text="feel"), section("/b/", heading="What it feels like", text="other")], {})
    assert urls(typed, index) == ["/b/"]
    assert urls(f"{typed} that", index) == []


def test_a_word_without_a_base_is_left_alone():
    assert bases_of("sacroiliac") == ()


@pytest.mark.parametrize(
    ("typed", "text"),
    [("tinger", "single"), ("bursea", "burst"), ("marval", "normal"), ("flazin", "plain"), ("trivax", "travel")],
)
def test_a_word_two_slips_away_that_sounds_otherwise_is_not_taken_for_another(typed, text):
    assert Index([section("/a/", text=text)], {}).search(typed).shown_for == ""


@pytest.mark.parametrize(
    ("typed", "text"), [("siatca", "sciatica"), ("sacroilieck", "sacroiliac"), ("flouroskopy", "fluoroscopy")]
)
def test_a_word_that_sounds_alike_or_is_long_is_replaced(typed, text):
    assert Index([section("/a/", text=text)], {}).search(typed).shown_for == text


@pytest.mark.slow
@pytest.mark.django_db
def test_forms_find_what_their_base_finds(shipped):
    shelf, lost, tried = live_index.Shelf(), [], 0
    with CASES.open(encoding="utf-8") as file:
        for form, base in (row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")):
            wanted = {result.url.partition("#")[0] for result in shelf.search(base).results[:3]}
            found = {result.url.partition("#")[0] for result in shelf.search(form).results[:3]}
            tried += bool(wanted)
            if wanted and wanted.isdisjoint(found):
                lost.append((form, base))
    assert tried > 100
    assert len(lost) <= tried * (1 - MIN_SHARE), lost
