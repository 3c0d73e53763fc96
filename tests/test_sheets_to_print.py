"""Sheets and wallet cards: parts of an article that also print alone, each on one page."""

import pytest

from siweb.articles.files import BadText

from .rendering import document, html

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
        ("> :::: sheet\n> ## x\n> ::::\n", "stands in a list, a quote or a box"),
        (":::: sheet\n## x\n\n:::: sheet\n## y\n::::\n::::\n", "stands in a list, a quote or a box"),
        (":::: wallet\n## x\n\n::: do\n- y\n:::\n::::\n", "A box begins inside another box"),
        (":::: sheet\n## x\n", "This sheet is not closed"),
        (":::: sheet\n## x\n:::\n", "This sheet is not closed"),
        (":::: sheet\n## x\n\n- ## y\n::::\n", "A heading stands in a list"),
        (":::: sheet\n## x\n\n::: do\n## y\n:::\n::::\n", "A heading stands in a list, a quote or a box"),
        ("::: urgent Call if:\n:::: sheet\n## x\n::::\n:::\n", "stands in a list, a quote or a box"),
    ],
)
def test_what_a_sheet_cannot_be_is_told(body, said):
    assert any(said in message for message in mistakes(body)), mistakes(body)
