"""The staff's dashboard and list in a real browser: narrow and wide, light and dark, by keyboard, with axe and the policy."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults

pytestmark = pytest.mark.browser

DASHBOARD, LIST = "/admin/", "/admin/articles/article/"
STATES = """
from dataclasses import replace
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from siweb.articles.models import Article, Usefulness
from tests.support.deciding import KIND, decide
editor, clinician = (User.objects.get(username=name) for name in ("editors", "clinicians"))

def write(slug, *moves):
    article = Article.objects.get(slug=slug)
    text = article.head.parsed
    revision = article.edit(replace(text, body=text.body + "\\nNew words.\\n"), by=editor, version=article.version)
    for kind in moves:
        by = editor if kind in (KIND.REQUEST, KIND.URGENT) else clinician
        decide(revision, kind, by, note="A long note: " + "so that it has to be broken somewhere. " * 5)

write("about")
write("anatomy", KIND.REQUEST)
write("causes", KIND.REQUEST, KIND.ASK)
write("imaging", KIND.REQUEST, KIND.APPROVE)
write("mimics", KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE)
write("next-steps", KIND.URGENT)
today = timezone.localdate()
for slug, days in (("procedure", -3), ("privacy", 9)):
    decide(Article.objects.get(slug=slug).live, KIND.APPROVE, clinician, at=timezone.now() - timedelta(60),
           review_due=today + timedelta(days))
Usefulness.objects.create(article=Article.objects.get(slug="glossary"), day=today, yes=2, no=30)
"""


@pytest.fixture(scope="module")
def states(site, cookies):
    """Something in every section, and every kind of badge."""
    cookies("Editors"), cookies("Clinicians")
    site.manage("shell", "-v0", "-c", STATES)


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize("role", ["Editors", "Clinicians", "Reception", "Practice managers"])
def test_the_dashboard_holds_together_and_axe_finds_nothing(states, open_staff, role, width, scheme):
    page = open_staff(DASHBOARD, role, width=width, color_scheme=scheme)
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize("query", ["", "?tab=action", "?tab=retired", "?tab=published&q=nothing+like+it"])
def test_the_list_holds_together_and_axe_finds_nothing(states, open_staff, query, width, scheme):
    page = open_staff(LIST + query, width=width, color_scheme=scheme)
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


def test_320_pixels_are_wide_enough(states, open_staff):
    for path in (DASHBOARD, LIST):
        assert faults(open_staff(path, width=320)) == []


def test_the_list_is_cards_on_a_phone_and_a_table_on_a_desk(states, open_staff):
    for width, shown in ((390, "block"), (1280, "table-cell")):
        page = open_staff(LIST, width=width)
        cell = page.locator("td[data-label=State]").first
        assert cell.evaluate("cell => getComputedStyle(cell).display") == shown
        label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert ("State" in label) == (width == 390)


def test_texts_are_chosen_and_printed_by_keyboard_alone(states, open_staff):
    page = open_staff(LIST + "?tab=action")
    assert tab_to(page, "Tick all")
    page.keyboard.press("Space")
    boxes = page.locator("tbody input")
    assert boxes.count() > 2
    assert page.locator("tbody input:checked").count() == boxes.count()
    ticked = boxes.count() - 1
    assert tab_to(page, "Print ")
    page.keyboard.press("Space")
    assert page.get_by_label("Tick all").evaluate("box => box.indeterminate")
    assert tab_to(page, "Print what is ticked")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review-pack/?article=*")
    assert page.url.count("article=") == ticked


def test_focus_is_always_seen(states, open_staff):
    page = open_staff(LIST)
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
        assert style[1] >= 2


def test_without_scripts_the_boxes_still_work(states, open_staff):
    page = open_staff(LIST, java_script_enabled=False)
    assert not page.get_by_label("Tick all").is_visible()
    page.get_by_label("Print What causes").check()
    page.get_by_role("button", name="Print what is ticked").click()
    page.get_by_text("What causes").first.wait_for()
    assert page.url.count("article=") == 1


def test_from_the_dashboard_to_the_work(states, open_staff):
    page = open_staff(DASHBOARD, "Clinicians")
    assert page.title().startswith("(")
    page.locator("section", has_text="Waiting for your review").get_by_role("link").first.click()
    page.get_by_text("What do you decide?").first.wait_for()
    page.goto(DASHBOARD)
    page.locator("section", has_text="Review overdue").get_by_role("link").first.click()
    assert "/review/?revision=" in page.url


def tab_to(page, label):
    """Go on with the tab key until something with this label or text has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        name = "(e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || '')(document.activeElement)"
        if page.evaluate(name).strip().startswith(label):
            return True
    return False
