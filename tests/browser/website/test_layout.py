"""Nothing is lost or cut: at 320 pixels, with doubled text, wider spacing, forced colours, old browsers or no JavaScript."""

import re

import pytest

from tests.browser.conftest import PAGES

pytestmark = pytest.mark.browser

SPACING = "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important} p {margin-bottom: 2em !important}"

# Elements whose text is cut off by their own box or stands outside the window.
CUT = """() => {
    const wide = document.documentElement.clientWidth, found = [];
    for (const e of document.querySelectorAll('body *')) {
        const style = getComputedStyle(e), box = e.getBoundingClientRect();
        if (!e.childNodes.length || style.position === 'absolute' || !box.width || e.closest('svg, textarea, .trap')) continue;
        const text = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
        if (clips && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) found.push('cut ' + e.outerHTML.slice(0, 80));
        if (text && (box.right > wide + 1 || box.left < -1)) found.push('outside ' + e.outerHTML.slice(0, 80));
    }
    return found}"""

# Pieces of text that stand on one another.
OVERLAPS = """() => {
    const boxes = [];
    const heardOnly = e => e && (getComputedStyle(e).clip !== 'auto' || heardOnly(e.parentElement));
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode;
        if (!node.textContent.trim() || node.parentElement.closest('svg, .skip, .trap, details:not([open]) > :not(summary)')) continue;
        if (heardOnly(node.parentElement)) continue;
        const range = document.createRange(); range.selectNodeContents(node);
        for (const box of range.getClientRects()) boxes.push([box, node]);
    }
    const found = [];
    boxes.sort((a, b) => a[0].top - b[0].top);
    for (let i = 0; i < boxes.length; i++)
        for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
            const [a, m] = boxes[i], [b, n] = boxes[j];
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (m !== n && wide > 2 && high > 0.5 * Math.min(a.height, b.height)) found.push(m.textContent.trim().slice(0, 40) + ' | ' + n.textContent.trim().slice(0, 40));
        }
    return found}"""


def faults(page):
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return ([f"scrolls sideways by {width}"] if width > 0 else []) + page.evaluate(CUT) + page.evaluate(OVERLAPS)


def everywhere(open_page, change, **options):
    """The faults of each page after a change to it."""
    page, found = open_page("/", **options), {}
    for path in PAGES.values():
        page.goto(path)
        change(page)
        if wrong := faults(page):
            found[path] = wrong[:5]
    return found


def test_320_pixels_are_wide_enough(open_page):
    assert everywhere(open_page, lambda page: None, width=320) == {}


@pytest.mark.parametrize("width", [768, pytest.param(1280, marks=pytest.mark.full)])
def test_wider_windows_hold_together(open_page, width):
    assert everywhere(open_page, lambda page: None, width=width) == {}


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.full)])
def test_text_may_be_twice_as_large(open_page, width):
    def double(page):
        page.evaluate(
            """() => { for (const s of document.styleSheets) s.insertRule('html {font-size: 225% !important}', s.cssRules.length) }"""
        )

    assert everywhere(open_page, double, width=width) == {}


def test_text_may_be_spaced_as_wcag_asks(open_page):
    assert everywhere(open_page, lambda page: page.add_style_tag(content=SPACING), bypass_csp=True) == {}


def without_newer_css(css):
    """The style sheet as Safari 12 and Chrome 69 read it: what they do not know is dropped, declaration by declaration."""
    css = re.sub(r"@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
    css = re.sub(r"[^{};]*:(?:focus-visible|is\(|where\(|has\()[^{}]*\{[^{}]*\}", "", css)
    newer = (
        r"[\w-]+:[^;{}]*\b(?:clamp|min|max)\([^;{}]*"
        r"|(?:inset|aspect-ratio|text-wrap|accent-color|color-scheme|overflow-wrap:anywhere|margin-inline|margin-block|padding-inline|padding-block)"
        r"(?:-start|-end)?:[^;{}]*"
    )
    css = re.sub(rf"(?<=[{{;])(?:{newer})(?=[;}}])", "", css)
    # Both know gap in a grid, neither in a flex box.
    return re.sub(
        r"\{([^{}]*display:(?:inline-)?flex[^{}]*)\}",
        lambda m: "{" + re.sub(r"(?:^|;)(?:row-|column-)?gap:[^;]*", "", m[1]) + "}",
        css,
    )


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.full)])
def test_old_phones_show_everything(open_page, width):
    def age(page):
        css = without_newer_css(page.locator("style").first.evaluate("e => e.textContent"))
        page.evaluate("css => { document.querySelector('style').textContent = css }", css)
        assert (
            float(
                page.evaluate(
                    "parseFloat(getComputedStyle(document.querySelector('main p:not(.quiet), main dd, main li')).fontSize)"
                )
            )
            >= 18
        )
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") != "32px"

    assert everywhere(open_page, age, width=width, bypass_csp=True) == {}


def test_every_edge_is_seen_in_forced_colours(open_page):
    page = open_page("/guide/when-to-get-help/", forced_colors="active")
    unseen = """e => e.filter(x => getComputedStyle(x).borderTopStyle === 'none' && getComputedStyle(x).outlineStyle === 'none')
                      .map(x => x.outerHTML.slice(0, 90))"""
    assert page.locator(".card").count() > 5
    assert page.locator(".card, button, input").evaluate_all(unseen) == []
    page.goto("/search/")
    assert page.locator("button, input").count() >= 2
    assert page.locator("main button, main input").evaluate_all(unseen) == []


def test_no_page_needs_javascript(open_page):
    page = open_page("/", java_script_enabled=False)
    for path in PAGES.values():
        page.goto(path)
        assert page.locator("main h1").is_visible(), path
        assert page.locator("noscript").count() == 0
    page.goto("/")
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").fill("bum")
    page.get_by_role("button", name="Search").click()
    page.locator("main ol a").first.click()
    assert page.locator("h1").is_visible()
    page.goto("/guide/causes/")
    page.get_by_role("button", name="Yes").click()
    assert "Thank you" in page.locator("h1").inner_text()
