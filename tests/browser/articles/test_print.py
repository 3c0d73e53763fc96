"""An article on paper: few sheets, the numbers to call, nothing that only works on a screen."""

import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.browser

MOST_SHEETS = 4


def sheets(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def words(pdf, tmp_path):
    (tmp_path / "page.pdf").write_bytes(pdf)
    return subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True).stdout


def test_every_article_prints_on_four_sheets_or_fewer(open_page, sitemap):
    page, found = open_page("/"), {}
    for path in sitemap:
        if path.startswith("/guide/") and path != "/guide/":
            page.goto(path)
            found[path] = sheets(page.pdf(format="A4", print_background=False))
    print(found)
    assert all(found.values())
    assert {
        path: n
        for path, n in found.items()
        if n > MOST_SHEETS and path not in ("/guide/glossary/", "/guide/our-rules/", "/guide/warning-signs/")
    } == {}


@pytest.mark.parametrize(
    "path", ["/guide/causes/", "/guide/causes/print/", "/guide/when-to-get-help/", "/privacy/", "/", "/clinics/"]
)
def test_every_sheet_set_has_the_numbers_to_call_and_no_controls(open_page, path):
    page = open_page(path)
    page.emulate_media(media="print")
    for number in ("999", "111", "01632 960001"):
        assert page.locator(f"main + * >> text={number}").first.is_visible(), number
    assert page.locator("nav:visible, button:visible, form:visible, .skip:visible").count() == 0


def test_cards_keep_their_edge_and_their_words_without_backgrounds(open_page):
    page = open_page("/guide/when-to-get-help/")
    page.emulate_media(media="print", color_scheme="dark")
    card = page.locator(".card.emergency").first
    assert card.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    assert card.locator("h2, h3").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert page.locator("body").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_large_print_is_18_point_on_screen_and_paper(open_page):
    page = open_page("/guide/causes/large-print/")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        sizes = page.locator("main p, main li").evaluate_all(
            "e => e.map(x => parseFloat(getComputedStyle(x).fontSize))"
        )
        assert min(sizes) >= 24  # 18 points in CSS pixels


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_the_words_on_paper_are_the_articles(open_page, tmp_path):
    page = open_page("/guide/when-to-get-help/print/")
    said = words(page.pdf(format="A4"), tmp_path)
    for needed in ("trouble breathing", "between the legs", "Not yet checked", "/guide/when-to-get-help/"):
        assert re.sub(r"\W", "", needed) in re.sub(r"\W", "", said), needed  # lines are broken at blanks and dashes
    for sheet in said.strip("\f\n").split("\f"):
        assert all(number in sheet for number in ("999", "111", "01632 960001")), sheet


SHEETS = ("when-to-get-help", "before-you-come", "relief-diary", "questions-to-ask")


@pytest.mark.parametrize("slug", SHEETS)
def test_a_sheet_is_one_page_and_its_wallet_card_another(open_page, tmp_path, slug):
    page = open_page(f"/guide/{slug}/sheet/")
    parts = page.locator(".paper").count()
    pdf = page.pdf(format="A4", print_background=False)
    assert sheets(pdf) == parts == (2 if page.locator(".wallet").count() else 1)
    headings = page.locator(".paper > section:first-child > h2").all_inner_texts()
    for heading, sheet in zip(headings, words(pdf, tmp_path).strip("\f\n").split("\f"), strict=True):
        assert all(said in sheet for said in (heading, "999", "111", "01632 960001")), sheet


@pytest.mark.parametrize("slug", SHEETS)
def test_a_sheet_has_type_to_read_lines_to_write_on_and_black_boxes(open_page, slug):
    page = open_page(f"/guide/{slug}/sheet/")
    page.emulate_media(media="print", color_scheme="dark")
    sizes = page.locator(".sheet p, .sheet li, .sheet td").evaluate_all("e => e.map(x => getComputedStyle(x).fontSize)")
    assert min(float(size.removesuffix("px")) for size in sizes) >= 12.6  # 9.5 points
    rows = page.locator(".sheet td").evaluate_all("e => e.map(x => x.getBoundingClientRect().height)")
    assert min(rows, default=99) >= 26  # 7 mm
    boxes = page.locator(".tick").evaluate_all("e => e.map(x => getComputedStyle(x, '::before').borderTopColor)")
    assert set(boxes) <= {"rgb(0, 0, 0)"}
    for card in page.locator(".wallet").all():
        box = card.bounding_box()
        assert (box["width"], box["height"]) == pytest.approx((321, 204), abs=1)  # 85 by 54 mm
        assert card.evaluate("e => e.scrollHeight - e.clientHeight") <= 0, "the card holds more than fits"
