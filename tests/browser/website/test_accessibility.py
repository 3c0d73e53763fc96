"""axe finds nothing, on every page, in light and dark, narrow and wide. It sees about a third of what matters."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.conftest import PAGES

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
}


def staff_violations(page):
    """The same for staff's pages, whose contrast is the ordinary one (AA)."""
    return violations(page, {**RULES["rules"], "color-contrast-enhanced": {"enabled": False}})


def violations(page, rules=RULES["rules"]):
    """[(rule, the first elements that break it)] of the page as it is now."""
    page.wait_for_load_state("load")  # words can be there before the style sheets
    page.evaluate(AXE)  # not a script of the page's, so its policy does not forbid it
    # All that is right stays in the browser: to tell of it takes longer than to find it.
    asked = json.dumps(RULES | {"rules": rules, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({asked}).then(said => said.violations)")
    return [(v["id"], [node["target"] + [node["failureSummary"]] for node in v["nodes"]][:3]) for v in found]


@pytest.fixture(scope="module")
def axe_page(chromium, site):
    """One window for many pages: opening it costs more than a page."""
    contexts = {}

    def visit(path, width, scheme):
        if (width, scheme) not in contexts:
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, base_url=site.url, color_scheme=scheme
            )
            contexts[width, scheme] = context.new_page()
        page = contexts[width, scheme]
        page.goto(path)
        return page

    yield visit
    for page in contexts.values():
        page.context.close()


@pytest.mark.full
def test_axe_finds_nothing_on_any_page(axe_page, sitemap):
    found = {path: violations(axe_page(path, 360, "light")) for path in sitemap}
    assert {path: v for path, v in found.items() if v} == {}


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        *(pytest.param(*window, marks=pytest.mark.full) for window in ((360, "dark"), (1280, "light"), (1280, "dark"))),
    ],
)
def test_axe_finds_nothing_on_any_template(axe_page, width, scheme):
    found = {path: violations(axe_page(path, width, scheme)) for path in PAGES.values()}
    assert {path: v for path, v in found.items() if v} == {}


def test_axe_would_have_found_something(axe_page):
    page = axe_page("/", 360, "light")
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=x>'; document.documentElement.lang = ''")
    assert {"image-alt", "html-has-lang"} <= {rule for rule, _ in violations(page)}
