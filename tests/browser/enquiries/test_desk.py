"""The enquiry desk's list, search and dashboard in a real browser: two widths, light and dark, by keyboard, with axe and the policy."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults
from tests.browser.website.test_staff_pages import tab_to

pytestmark = pytest.mark.browser

DASHBOARD, LIST = "/admin/", "/admin/enquiries/enquiry/"
INBOX = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from siweb.enquiries.models import Answers, Enquiry, Outbox
from tests.support.inbox import fill
fill(120, 8, [User.objects.get(username=name) for name in ("reception", "clinicians")])
long = Answers.objects.filter(enquiry__state="new").first()
long.name, long.asker, long.who = "Wilhelmina-" * 8, "Bartholomew " * 8, "other"
long.needs = ["interpreter", "bsl", "text", "large-print", "step-free"]
long.save()
lately = Enquiry.objects.filter(state="new").exclude(pk=long.enquiry_id).values_list("pk", flat=True)[:3]
Enquiry.objects.filter(pk__in=list(lately)).update(created_at=timezone.now() - timedelta(minutes=35))
Outbox.objects.create(enquiry=long.enquiry, kind="acknowledgement", state="failed")
"""


@pytest.fixture(scope="module")
def inbox(site, cookies):
    cookies("Reception"), cookies("Clinicians")
    site.manage("shell", "-v0", "-c", INBOX)


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize("tab", ["new", "overdue", "all", "mail"])
def test_the_list_holds_together_and_axe_finds_nothing(inbox, open_staff, tab, width, scheme):
    page = open_staff(f"{LIST}?tab={tab}", "Reception", width=width, color_scheme=scheme)
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_clinicians_list_holds_together_and_axe_finds_nothing(inbox, open_staff, width, scheme):
    page = open_staff(LIST, "Clinicians", width=width, color_scheme=scheme)
    assert page.get_by_role("link", name="Open and answer").count() >= 8
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_search_and_the_page_to_confirm_hold_together(inbox, open_staff, width, scheme):
    page = open_staff(LIST, "Reception", width=width, color_scheme=scheme)
    page.get_by_label("Name, phone, e-mail or reference").fill("077 0000")
    page.keyboard.press("Enter")
    page.get_by_text("finds").first.wait_for()
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])
    page.get_by_label("Tick all").check()
    page.get_by_role("button", name="Close as no response").click()
    page.get_by_text("Left out").wait_for()
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


@pytest.mark.parametrize("width", [320, 360])
def test_the_cards_fit_the_narrowest_phones(inbox, open_staff, width):
    page = open_staff(LIST, "Reception", width=width)
    found = {}
    for tab in ("new", "waiting", "all"):
        page.goto(f"{LIST}?tab={tab}")
        found[tab] = faults(page)
    assert found == {"new": [], "waiting": [], "all": []}


def test_a_card_on_a_phone_begins_with_the_name_and_how_long_ago(inbox, open_staff):
    page = open_staff(f"{LIST}?tab=waiting", "Reception", width=390)
    card = page.locator("tbody tr").first
    name, received = card.locator("th a").bounding_box(), card.locator(".received").bounding_box()
    assert abs(name["y"] - received["y"]) < 12
    assert received["x"] > name["x"] + name["width"]
    assert not card.locator(".asks").is_visible()


def test_enquiries_are_claimed_by_keyboard_alone(inbox, open_staff):
    page = open_staff(LIST, "Reception")
    names = page.locator("tbody th a").all_inner_texts()[:2]
    assert tab_to(page, f"Tick {names[0]}")
    page.keyboard.press("Space")
    assert tab_to(page, f"Tick {names[1]}")
    page.keyboard.press("Space")
    assert tab_to(page, "Claim selected")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Claim selected: 2 enquiries").wait_for()
    assert all(page.get_by_text(name).is_visible() for name in names)
    assert tab_to(page, "Claim selected")
    page.keyboard.press("Enter")
    page.get_by_text("2 done.").wait_for()
    page.reload()
    assert page.get_by_text("2 done.").count() == 0


MINUTE = 61_000


def at_the_dashboard(open_staff):
    """The dashboard of reception, in a window whose clock is the test's."""
    page = open_staff(LIST, "Reception")
    page.clock.install()
    page.goto(DASHBOARD)
    return page


def number_in(title):
    return int(re.match(r"\((\d+)\)", title)[1])


def is_asked(request):
    return request.url.endswith(DASHBOARD) and "x-background" in request.headers


def test_the_dashboard_keeps_itself_up_to_date_and_leaves_the_focus_where_it_is(inbox, open_staff, site):
    page = at_the_dashboard(open_staff)
    before, title = int(page.locator("#waiting .count").first.inner_text()), page.title()
    page.get_by_role("link", name="with you").focus()
    site.manage("shell", "-v0", "-c", "from tests.support.inbox import one_new; one_new()")
    with page.expect_request_finished(is_asked):
        page.clock.run_for(MINUTE)
    expect(page.locator("#waiting .count").first).to_have_text(str(before + 1))
    assert number_in(page.title()) == number_in(title) + 1
    assert page.evaluate("document.activeElement.textContent").endswith("with you")
    assert "need a first reply" in page.locator("#waits-said").inner_text()
    page.context.close()  # its clock has been changed


def test_a_page_that_nobody_sees_asks_nothing_and_whoever_is_signed_out_is_left_in_peace(inbox, open_staff):
    page, asked = at_the_dashboard(open_staff), []
    page.on("request", lambda request: asked.append(request.url) if is_asked(request) else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.away })")
    see = "away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(see, True)
    page.clock.run_for(3 * MINUTE)
    assert asked == []
    with page.expect_request_finished(is_asked):
        page.evaluate(see, False)
        page.clock.run_for(1000)
    waits = page.locator("#waiting").inner_html()
    page.context.clear_cookies()
    with page.expect_request_finished(is_asked):
        page.clock.run_for(MINUTE)
    page.clock.run_for(3 * MINUTE)
    assert len(asked) == 2
    assert page.locator("#waiting").inner_html() == waits
    page.context.close()  # its clock has been changed
