"""What readers type finds what we ship: lay words, misspellings, whole questions; an empty result leads onward."""

import re

import pytest

from siweb.articles import finding, sync
from siweb.articles.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def find(shipped, client, monkeypatch):
    monkeypatch.setattr(finding, "shelf", finding.Shelf())

    def find(query):
        return client.get("/search/", {"q": query}).content.decode()

    return find


def addresses(page):
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.findall(r'href="(/[^"]+)"', main)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bum", "/guide/anatomy/"),
        ("jab", "/guide/types-of-injection/"),
        ("blood thinners", "/guide/glossary/#blood-thinners"),
        ("warfarin", "/guide/our-rules/"),
        ("can I drive after injection", "/guide/aftercare/"),
        ("sacroilliac", "/guide/anatomy/"),
        ("siatica", "/guide/mimics/"),
        ("aftercare", "/guide/aftercare/"),
        ("mri scan", "/guide/imaging/"),
        ("numb leg after injection", "/guide/when-to-get-help/"),
        ("red face after steroid", "/guide/aftercare/"),
        ("slipped disc", "/guide/mimics/"),
        ("pregnant", "/guide/before-you-come/"),
        ("ultra sound", "/guide/imaging/"),
        ("diabetis", "/guide/aftercare/"),
        ("emergancy", "/guide/when-to-get-help/"),
        ("it did not work", "/guide/it-did-not-help/"),
        ("cookies", "/privacy/"),
    ],
)
def test_what_readers_type_finds_the_page_that_answers(find, typed, found):
    assert any(address.startswith(found) for address in addresses(find(typed))[:8]), addresses(find(typed))[:8]


def test_a_result_points_at_its_section_and_marks_the_words(find):
    page = find("driving")
    assert re.search(r'href="/guide/aftercare/#[a-z-]*driv', page)
    assert "<mark>" in page


def test_a_mended_word_is_said(find):
    assert "Showing results for" in find("injektion")


def test_an_empty_result_leads_onward(find):
    page = find("xylophone quux")
    assert 'href="tel:+441632960001"' in page
    assert "/guide/" in addresses(page)


@pytest.mark.parametrize(
    "typed", ["", "   ", "\0", "<script>alert(1)</script>", '"', "x" * 5000, "{{7*7}}", "ü١漢", "-" * 300]
)
def test_nothing_that_is_typed_breaks_the_page(find, typed):
    page = find(typed)
    assert "<script>alert" not in page
    assert page.count("<h1") == 1


def test_what_somebody_looked_for_is_kept_nowhere(find, client):
    response = client.get("/search/", {"q": "hip"})
    assert response.headers["Cache-Control"] == "no-store"
    assert b'name="robots" content="noindex"' in response.content


def test_a_published_text_is_found_after_the_next_rebuild(find, shipped, editor):
    article = shipped["about"]
    text = sync.files.parse(article.live.text.replace("## ", "## Zebrafish and ", 1))
    article.edit(text, by=editor, version=article.version)
    assert "Zebrafish" not in find("zebrafish").partition("<main")[2].replace('value="zebrafish"', "")
    article.refresh_from_db()
    publish(article)
    finding.shelf.rebuild()
    assert any(address.startswith("/about/#zebrafish") for address in addresses(find("zebrafish")))
