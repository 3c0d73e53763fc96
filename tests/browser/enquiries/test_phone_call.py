"""A caller at the desk, in a real browser: by keyboard alone, who has asked before appears by itself, nothing typed is lost."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

CALL = "/admin/enquiries/enquiry/new-from-a-call/"
KNOWN = """
import uuid
from siweb.clinics.models import Clinic
from siweb.enquiries.intake.submission import receive
from tests.conftest import SAID
print(receive(uuid.uuid4(), SAID, clinic=Clinic.current(), address="192.0.2.1").reference)
"""


@pytest.fixture(scope="module")
def known(site):
    """The reference of an enquiry of somebody who rings now."""
    return site.manage("shell", "-v0", "-c", KNOWN).strip()


def reach(page, selector):
    """Move the focus to something by Tab alone."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def type_into(page, selector, words):
    reach(page, selector)
    page.keyboard.type(words)


def test_a_call_by_keyboard_alone(open_staff, known):
    page = open_staff("/admin/", "Reception")
    reach(page, f"a[href='{CALL}']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach(page, "a[href='#questions']")
    page.keyboard.press("Enter")
    reach(page, "[name=who]")
    page.keyboard.press("Space")
    type_into(page, "#id_name", "Maria Example")
    type_into(page, "#id_phone", "+44 161 496 0000")
    reach(page, "[name=voicemail]")
    page.get_by_text("from this number or address").wait_for()
    assert known in page.inner_text("#same-contact[aria-live=polite]")
    page.keyboard.press("Space")
    reach(page, "[name=place]")
    page.keyboard.press("Space")
    type_into(page, "#id_words", "Has been here before.")
    reach(page, "button.main")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Tell the caller the reference: SIJ-" in page.inner_text(".messagelist")
    assert "Maria Example" in page.inner_text("#content")


def test_without_the_script_they_are_shown_before_it_is_saved_and_nothing_is_lost(open_staff, known):
    page = open_staff(CALL, "Reception", java_script_enabled=False)
    page.check("[name=who] >> nth=0")
    page.fill("#id_name", "Maria Example")
    page.fill("#id_phone", "0161 496 0000")
    page.check("[name=voicemail] >> nth=1")
    page.check("[name=tell] >> nth=0")
    page.check("[name=place][value=any]")
    page.click("#call > .ends button")
    assert known in page.inner_text("#problem")
    assert page.is_checked("[name=tell] >> nth=0")
    page.click("#problem button")
    assert "Tell the caller the reference" in page.inner_text(".messagelist")


def test_what_cannot_be_looked_for_is_said_and_what_is_typed_stays(open_staff):
    page = open_staff(CALL, "Reception")
    page.context.set_offline(True)
    page.fill("#id_phone", "0161 496 0000")
    page.keyboard.press("Tab")
    page.get_by_text("could not be looked for just now").wait_for()
    assert page.input_value("#id_phone") == "0161 496 0000"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_and_nothing_is_cut(open_staff, known, width, scheme):
    page = open_staff(CALL, "Reception", width=width, color_scheme=scheme)
    for state in ("empty", "known", "asked", "wrong"):
        if state == "known":
            page.fill("#id_phone", "0161 496 0000")
            page.keyboard.press("Tab")
            page.get_by_text("from this number or address").wait_for()
        if state == "asked":
            page.evaluate("document.querySelectorAll('[name=seen]').forEach(each => each.remove())")
            page.check("[name=who] >> nth=0")
            page.fill("#id_name", "Maria Example")
            page.check("[name=voicemail] >> nth=0")
            page.check("[name=place][value=any]")
        if state == "wrong":
            page.fill("#id_name", "")
        if state in ("asked", "wrong"):
            with page.expect_navigation():
                page.click("#call > .ends button")
        assert staff_violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} is wider than the screen"
