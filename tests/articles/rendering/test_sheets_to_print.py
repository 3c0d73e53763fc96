"""Sheets and wallet cards: parts of an article that also print alone, each on one page."""

import re

import pytest

from siweb.articles.models import Publication
from siweb.articles.text.front_matter import BadText
from tests.support.deciding import signed
from tests.support.rendering import document, html

SHEET = ":::: sheet\n## What to bring\n\n{}\n::::\n"


def mistakes(body):
    with pytest.raises(BadText) as refused:
        html(body)
    return [problem.message for problem in refused.value.problems]


def test_a_sheet_is_a_part_of_the_page_with_a_heading_of_its_own():
    assert html(SHEET.format("Your glasses.")) == (
        '<section class="sheet">\n<h2 id="what-to-bring">What to bring</h2>\n<p>Your glasses.</p>\n</section>\n'
    )
    assert html(":::: wallet\n## Help\n\nCall [999](tel:999).\n::::\n").startswith('<section class="wallet">')


def test_a_sheet_may_hold_headings_boxes_tables_and_rules():
    page = html(
        SHEET.format("### When\n\n::: urgent Call if:\n- hot\n:::\n\n[[rule:escort]]\n\n| a | b |\n|-|-|\n| 1 | |\n")
    )
    assert '<h3 id="when">When</h3>' in page
    assert '<div class="card urgent"><h4><span class="hidden">Urgent advice: </span>Call if:</h4>' in page
    assert '<div class="rule open">' in page
    assert '<td data-label="b"></td>' in page


def test_its_heading_is_in_the_contents_and_can_be_pointed_at():
    assert document(SHEET.format("x")).anchors == {"what-to-bring"}


def test_a_point_to_tick_has_no_bracket_among_its_words():
    page = document(SHEET.format("- [ ] your **list**\n- [x] not ours\n- plain"))
    assert '<li class="tick">your <strong>list</strong></li>' in html(SHEET.format("- [ ] your **list**"))
    assert [section.text for section in page.sections({}, {})] == ["", "your list [x] not ours plain"]


def test_four_underscores_are_a_line_to_write_on():
    assert "<hr>" in html(SHEET.format("____"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (":::: sheet What to bring\n## x\n::::\n", 'Words stand after ":::: sheet"'),
        (":::: sheet\nwords\n::::\n", "This sheet has no heading"),
        (":::: wallet\nwords\n::::\n", "This wallet has no heading"),
        ("> :::: sheet\n> ## x\n> ::::\n", "is in a list, a quote or a box"),
        (":::: sheet\n## x\n\n:::: sheet\n## y\n::::\n::::\n", "is in a list, a quote or a box"),
        (":::: wallet\n## x\n\n::: do\n- y\n:::\n::::\n", "A box begins inside another box"),
        (":::: sheet\n## x\n", "This sheet is not closed"),
        (":::: sheet\n## x\n:::\n", "This sheet is not closed"),
        (":::: sheet\n## x\n\n- ## y\n::::\n", "There is a heading in a list"),
        (":::: sheet\n## x\n\n::: do\n## y\n:::\n::::\n", "There is a heading in a list, a quote or a box"),
        ("::: urgent Call if:\n:::: sheet\n## x\n::::\n:::\n", "is in a list, a quote or a box"),
    ],
)
def test_what_a_sheet_cannot_be_is_told(body, said):
    assert any(said in message for message in mistakes(body)), mistakes(body)


@pytest.mark.django_db
def test_the_sheets_page_holds_the_sheets_alone_without_marks_of_sources(shipped, client):
    page = Publication.objects.showing().get(article__slug="when-to-get-help")
    shown = client.get("/guide/when-to-get-help/sheet/").content.decode()
    assert page.has_sheet
    assert shown.count('<section class="sheet">') == page.html.count('<section class="sheet">')
    assert shown.count('<section class="wallet">') == page.html.count('<section class="wallet">') == 5
    assert 'class="ref"' not in shown
    assert 'class="sources"' not in shown
    assert "Not yet checked by a clinician" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert '<link rel="canonical" href="http://127.0.0.1:8000/guide/when-to-get-help/">' in shown


@pytest.mark.django_db
def test_a_page_with_a_sheet_leads_to_it_and_another_has_none(shipped, client):
    assert 'href="/guide/when-to-get-help/sheet/"' in client.get("/guide/when-to-get-help/").content.decode()
    assert "/sheet/" not in client.get("/guide/causes/").content.decode()
    assert client.get("/guide/causes/sheet/").status_code == 404
    assert client.get("/guide/no-such-page/sheet/").status_code == 404


@pytest.mark.django_db
def test_a_sheet_says_who_has_checked_it_in_the_words_of_its_page(shipped, client, clinician):
    signed(shipped["when-to-get-help"].live, by=clinician)
    on_the_page = re.search(
        r'<p class="quiet status">(.*?) <a', client.get("/guide/when-to-get-help/").content.decode()
    )[1]
    assert on_the_page.startswith("Checked by Clara Clinician")
    assert on_the_page in client.get("/guide/when-to-get-help/sheet/").content.decode()


@pytest.mark.django_db
def test_the_four_sheets_that_patients_are_promised_are_there(shipped):
    with_sheets = {page.slug for page in Publication.objects.showing() if page.has_sheet}
    assert {"when-to-get-help", "before-you-come", "relief-diary", "questions-to-ask"} <= with_sheets


@pytest.mark.django_db
def test_nothing_on_a_sheet_leads_to_a_place_that_is_not_on_its_page(shipped, client):
    for page in Publication.objects.showing():
        if page.has_sheet:
            shown = client.get(f"/guide/{page.slug}/sheet/").content.decode()
            assert {place for place in re.findall(r'href="#([^"]+)"', shown) if f'id="{place}"' not in shown} == set()
