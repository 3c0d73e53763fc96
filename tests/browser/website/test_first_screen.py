"""What a worried reader meets first, on an old phone and with a keyboard."""

import pytest

from tests.browser.conftest import PAGES

pytestmark = pytest.mark.browser

ON_SCREEN = "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight && b.left >= 0 && b.right <= innerWidth }"


def test_phone_hours_and_urgent_help_are_on_the_first_screen_of_every_page(open_page, sitemap):
    page = open_page("/", width=360, height=640)
    for path in [*sitemap, "/not-there/", "/search/?q=hip"]:
        page.goto(path)
        phone = page.locator("header a[href='tel:+441632960001']").first
        assert phone.inner_text() == "01632 960001"
        assert phone.evaluate(ON_SCREEN), path
        assert page.locator("header").get_by_text("oday").first.evaluate(ON_SCREEN), path
        assert page.locator("header a[href='/guide/when-to-get-help/']").first.evaluate(ON_SCREEN), path


def test_the_header_on_a_phone_is_two_rows_with_help_phone_search_and_menu(open_page, sitemap):
    page = open_page("/", width=360, height=740)
    for path in [*sitemap, "/not-there/", "/enquire/form/", PAGES["sheet"], PAGES["large"]]:
        page.goto(path)
        assert page.locator("header.top").bounding_box()["height"] <= 120, path
    page.goto("/")
    page.locator("header summary").click()
    menu = page.locator("header .menu a:visible")
    assert menu.all_inner_texts() == ["Guide", "Clinics", "Ask for an appointment"]
    assert all(link.evaluate(ON_SCREEN) for link in menu.all())


def test_every_page_has_its_landmarks_once_and_says_where_it_is(open_page, sitemap):
    page = open_page("/")
    for path in sitemap:
        page.goto(path)
        for landmark in ("banner", "main", "contentinfo"):
            assert page.get_by_role(landmark).count() == 1, (path, landmark)
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "en-GB"
        assert page.locator("[translate=no], .notranslate").count() == 0
        assert page.get_by_role("navigation", name="You are here").count() == (path != "/"), path


def test_the_help_block_is_the_same_in_the_same_place(open_page, sitemap):
    page, seen = open_page("/"), set()
    for path in sitemap:
        page.goto(path)
        block = page.locator("main + *")
        seen.add(block.inner_text())
        assert block.locator("a[href='tel:999'], a[href='tel:111'], a[href='tel:+441632960001']").count() == 3, path
    assert len(seen) == 1
    assert "interpreter" in seen.pop()


SIZES = """() => [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length && !e.closest('svg'))
    .map(e => [parseFloat(getComputedStyle(e).fontSize), e.outerHTML.slice(0, 80)])"""

LONG_LINES = """() => [...document.querySelectorAll('main p, main li, main dd')].filter(e => e.getClientRects().length).map(e => {
    const probe = document.createElement('span');
    probe.textContent = '0'; probe.style.visibility = 'hidden'; e.append(probe);
    const ch = probe.getBoundingClientRect().width; probe.remove();
    const style = getComputedStyle(e);
    return [(e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) / ch, e.textContent.trim().length, e.outerHTML.slice(0, 80)]
}).filter(([wide, long]) => wide > 70 && long > 70)"""

# Links and buttons that stand alone, and are less than 44 pixels high or wide.
SMALL_TARGETS = """() => [...document.querySelectorAll('a[href], button, input, select, summary')].filter(e => {
    const box = e.getBoundingClientRect(), around = e.parentElement.closest('p, dd, li, td, th, figcaption');
    const inSentence = around && around.textContent.trim().length > e.textContent.trim().length + 3;
    return box.width && !inSentence && !e.closest('.skip') && !e.matches('.skip') && box.height < 44;
}).map(e => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 100)])"""


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.full)])
def test_text_is_large_lines_are_short_and_targets_can_be_hit(open_page, width):
    page = open_page("/", width=width, bypass_csp=True)
    for path in PAGES.values():
        page.goto(path)
        sizes = page.evaluate(SIZES)
        assert [size for size in sizes if size[0] < 16] == [], path
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18, path
        assert page.evaluate(LONG_LINES) == [], path
        assert page.evaluate(SMALL_TARGETS) == [], path


@pytest.mark.parametrize("path", ["/", "/guide/causes/", "/search/?q=hip", "/clinics/example-location/"])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(open_page, path):
    page = open_page(path, width=1280, height=800)
    expected = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden])')].filter(e => e.getClientRects().length).length"
    )
    seen, marked = (
        [],
        """() => { const e = document.activeElement, s = getComputedStyle(e);
        return [e.outerHTML.slice(0, 120), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.getBoundingClientRect().top + scrollY] }""",
    )
    for _ in range(expected):
        page.keyboard.press("Tab")
        html, outlined, top = page.evaluate(marked)
        assert outlined, html
        seen.append(html)
    assert "skip" in seen[0]
    assert len(set(seen)) > expected * 0.8
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("BODY", "A")


def test_the_skip_link_skips(open_page):
    page = open_page("/guide/causes/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate(ON_SCREEN)
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    assert page.locator("main :focus, .crumbs :focus").count() == 1


@pytest.mark.parametrize(
    ("width", "height", "text", "call_by", "sign_by"),
    [(360, 740, "", 600, 700), (360, 740, "200%", 1500, 1500), (1280, 900, "", 600, 600)],
)
def test_the_help_page_begins_with_999_and_the_first_sign_of_the_nerves(
    open_page, width, height, text, call_by, sign_by
):
    page = open_page("/guide/when-to-get-help/", width=width, height=height, bypass_csp=True)
    if text:
        page.add_style_tag(content=":root { font-size: 36px !important }")  # twice the 18 px of our text
    call = page.locator("main a[href='tel:999']").first.bounding_box()
    sign = page.locator("main .card.emergency li").first
    assert "numb" in sign.inner_text()
    assert call["y"] + call["height"] <= call_by
    assert sign.bounding_box()["y"] <= sign_by
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_help_page_names_the_interpreter_at_once_and_who_checked_it_after_the_emergency_lists(open_page):
    page = open_page("/guide/when-to-get-help/", width=360, height=740)
    assert page.get_by_text("Say “interpreter” and your language").first.evaluate(ON_SCREEN)
    order = page.locator("main h1, main .card, main .status, main .checked, main .glance, main .contents").evaluate_all(
        "e => e.map(x => x.classList[1] || x.className || x.textContent)"
    )
    assert order[:4] == ["When to get help", "emergency", "emergency", "status"]
    assert order[-1] == "checked"
    assert page.locator("main .wallet:visible").count() == 0
