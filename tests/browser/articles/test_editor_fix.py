"""A slip is fixed by one press, with scripts and without: in the box at once, or on a page that is not saved yet."""

import secrets

import pytest

pytestmark = pytest.mark.browser

NEW = "/admin/articles/article/add/"
BOX = "#id_body"
TEXT = "Rest.\n\nTake 2*500 mg and 3*250 mg.\n\n**Note:**ask us.\n"
FIXED = "Rest.\n\nTake 2 × 500 mg and 3 × 250 mg.\n\n**Note:**ask us.\n"
BOTH = "Rest.\n\nTake 2 × 500 mg and 3 × 250 mg.\n\n**Note:** ask us.\n"


def begin(page, text):
    page.fill("#id_title", f"Fixed {secrets.token_hex(4)}")
    page.fill("#id_summary", "A text with two slips.")
    page.fill(BOX, text)


def fix(page, line):
    """Press the button of the finding on a line of the box."""
    page.get_by_role("button", name=f"Fix it: Line {line}", exact=True).first.click()


def text_in(page):
    return page.input_value(BOX).replace("\r\n", "\n")


@pytest.mark.parametrize("width", [1280, 390])
def test_with_scripts_a_press_puts_the_right_line_in_the_box_and_can_be_undone(open_staff, width):
    page = open_staff(NEW, width=width)
    begin(page, TEXT)
    if width < 1000:
        page.get_by_role("tab", name="Checks").click()
    fix(page, 3)
    assert page.locator(BOX).is_visible()
    assert text_in(page) == FIXED
    assert page.evaluate("getSelection().toString()") == "Take 2 × 500 mg and 3 × 250 mg."
    page.keyboard.press("Control+z")
    assert text_in(page) == TEXT
    page.keyboard.press("Control+Shift+z")
    assert text_in(page) == FIXED
    if width < 1000:
        page.get_by_role("tab", name="Checks").click()
    page.get_by_role("button", name="Fix it: Line 3", exact=True).wait_for(state="detached")
    fix(page, 5)
    assert text_in(page) == BOTH
    page.get_by_role("button", name="Fix it: Line 5", exact=True).wait_for(state="detached")


def test_with_scripts_a_line_that_has_changed_since_is_left_as_it_is(open_staff):
    page = open_staff(NEW)
    begin(page, TEXT)
    page.get_by_role("button", name="Fix it: Line 3", exact=True).wait_for()
    page.route("**/checks/", lambda route: None)  # the next answer does not come
    other = TEXT.replace("3*250", "4*250")
    page.fill(BOX, other)
    fix(page, 3)
    assert text_in(page) == other
    assert page.get_by_text("The text has changed there, so nothing was fixed.").is_visible()


def test_without_scripts_an_unfinished_draft_is_saved_and_then_fixed_press_by_press(open_staff):
    page = open_staff(NEW, java_script_enabled=False)
    begin(page, f"{TEXT}\nSee [the leaflet](not-written-yet).\n")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft 1 is saved").wait_for()
    assert page.get_by_text("before you send it for review").is_visible()
    fix(page, 3)
    page.get_by_text("The passage is fixed. It is not saved yet.").wait_for()
    fix(page, 5)
    assert text_in(page).startswith(BOTH)
    assert page.get_by_role("button", name="Fix it", exact=False).count() == 0
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft 2 is saved").wait_for()
    assert text_in(page).startswith(BOTH)
