"""Every public page is found, also those that are no articles; results are few and without gaps."""

import pytest

from siweb.articles.rendering.syntax import NOT_GIVEN
from siweb.articles.search import live_index
from siweb.clinics.models import Location

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(shipped):
    Location.objects.filter(pk=Location.objects.first().pk).update(
        parking="A car park with two spaces for blue badges.", getting_there="Tram stop Zebra Road."
    )
    return live_index.Shelf()


def urls(shelf, query):
    return [result.url for result in shelf.search(query).results]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("where are your clinics", "/clinics/"),
        ("car park blue badge", "/clinics/example-location/"),
        ("tram stop zebra road", "/clinics/example-location/"),
        ("ask for an appointment", "/enquire/"),
        ("how long do you keep my enquiry", "/privacy/#how-long-we-keep-it"),
    ],
)
def test_a_page_that_is_no_article_is_found(shelf, typed, found):
    assert found in urls(shelf, typed)


def test_about_six_results_are_shown(shelf):
    assert len(urls(shelf, "pain injection joint steroid")) == 6


def test_no_extract_has_a_gap(shelf):
    shelf.search("")
    assert [s.url for s in shelf.index._sections if NOT_GIVEN in s.text] == []
    assert len(shelf.index._sections) > 300


def test_no_extract_is_true_for_today_only_or_repeats_the_signs_of_the_help_page(shelf):
    shelf.search("")
    texts = [section.text for section in shelf.index._sections if section.kind == "service"]
    assert len(texts) > 5
    assert [text for text in texts if "Closed today" in text or "Today " in text or "between the legs" in text] == []
