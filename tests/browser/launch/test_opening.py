"""The practice manager's page for opening the site, in a real browser: narrow and wide, light and dark, by keyboard."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults

pytestmark = pytest.mark.browser

PAGE, MANAGER = "/admin/clinics/clinic/opening/", "Practice managers"


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_page_holds_together_and_axe_finds_nothing(open_staff, width, scheme):
    page = open_staff(PAGE, MANAGER, width=width, color_scheme=scheme)
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


def test_a_missing_fact_is_reached_by_keyboard_and_the_link_ends_in_its_field(open_staff):
    page = open_staff(PAGE, MANAGER)
    page.get_by_role("link", name="The legal name is given").press("Enter")
    page.wait_for_url("**/change/#id_legal_name")
    assert page.locator("#id_legal_name").is_visible()
