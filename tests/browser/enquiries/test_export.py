"""Taking enquiries away, in a real browser: narrow and wide, light and dark, by keyboard, with axe and the policy."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults
from tests.support.sheets import cells_of

pytestmark = pytest.mark.browser

EXPORT = "/admin/enquiries/enquiry/export/"


def fill(page, field, value):
    page.locator(f"#id_{field}").fill(value)


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_its_pages_hold_together_and_axe_finds_nothing(open_staff, width, scheme):
    page = open_staff(EXPORT, "Practice managers", width=width, color_scheme=scheme)
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])
    page.get_by_role("button", name="See how many").press("Enter")
    page.get_by_text("Nothing was exported.").wait_for()
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])
    fill(page, "first", "2026-01-01"), fill(page, "last", "2026-01-31"), fill(page, "reason", "w" * 200)
    page.get_by_role("button", name="See how many").press("Enter")
    page.get_by_text("0 enquiries will be exported.").wait_for()
    assert (faults(page), staff_violations(page), page.violations) == ([], [], [])


def test_the_file_is_fetched_by_keyboard_alone_and_the_page_stays(open_staff):
    page = open_staff(EXPORT, "Practice managers")
    fill(page, "first", "2026-01-01"), fill(page, "last", "2026-01-31")
    page.locator("#id_reason").focus()
    page.keyboard.type("The yearly audit")
    page.keyboard.press("Enter")
    page.get_by_text("0 enquiries will be exported.").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").press("Enter")
    assert download.value.suggested_filename == "enquiries-2026-01-01-to-2026-01-31.xlsx"
    assert cells_of(download.value.path().read_bytes())[0][0] == "Reference"
    page.get_by_role("button", name="Change this").press("Enter")
    page.get_by_role("button", name="See how many").wait_for()
    assert page.locator("#id_reason").input_value() == "The yearly audit"
