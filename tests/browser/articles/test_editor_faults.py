"""Whatever goes wrong while somebody writes, their text stays: a lost sign-in, a fault, a refused save, a closed window."""

import re

import pytest

from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

NEW = "/admin/articles/article/add/"
BOX = "#id_body"


COPIED = "() => Object.keys(localStorage).some(key => key.startsWith('article:'))"


def copies(page):
    """The copies of unsaved text that the browser holds."""
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('article:'))")


def begin(page, title, body="My words."):
    page.fill("#id_title", title)
    page.fill("#id_summary", "A summary.")
    page.fill(BOX, body)


def saved(page, title):
    """A new article, saved; the page is then on it."""
    begin(page, title)
    page.keyboard.press("Control+s")
    page.get_by_text("Draft 1 is saved").wait_for()


def frame_of(page):
    return page.frame_locator("iframe[title='Preview of the page']")


def test_the_preview_follows_the_text_and_keeps_its_place(open_staff):
    page = open_staff(NEW)
    begin(page, "The preview", "## One\n\n" + "Words to scroll.\n\n" * 80 + "The end.")
    frame_of(page).get_by_text("The end.").wait_for()
    place = "document.querySelector('iframe').contentWindow.scrollY"
    page.evaluate("document.querySelector('iframe').contentWindow.scrollTo(0, 700)")
    page.fill(BOX, page.input_value(BOX) + " More.")
    frame_of(page).get_by_text("The end. More.").wait_for()
    assert page.evaluate(place) == 700


def test_a_link_in_the_preview_opens_a_tab_and_a_section_scrolls(open_staff):
    page = open_staff(NEW)
    begin(page, "Links", "## One\n\n[causes](causes)\n\n" + "x\n\n" * 90 + "## Last\n\nThe end.")
    frame_of(page).get_by_text("The end.").wait_for()
    with page.context.expect_page() as opened:
        frame_of(page).get_by_role("link", name="causes").first.click()
    assert opened.value.url.endswith("/guide/causes/")
    frame_of(page).get_by_role("link", name="Last").click()
    page.wait_for_function("() => document.querySelector('iframe').contentWindow.scrollY > 900")
    assert frame_of(page).get_by_role("heading", name="Links").count() == 1


def test_the_preview_runs_no_script_and_sends_no_form(open_staff):
    page = open_staff(NEW)
    assert page.get_attribute("iframe", "sandbox").split() == [
        "allow-same-origin",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
    ]


def test_a_text_that_cannot_be_shown_leaves_the_last_page_and_the_check_leads_to_its_place(open_staff):
    page = open_staff(NEW)
    begin(page, "A mistake", "Good words.")
    frame_of(page).get_by_text("Good words.").wait_for()
    page.fill(BOX, "Good words.\n\n[x](nowhere)\n\nMore.")
    page.get_by_text("The text cannot be shown yet: see Checks.").wait_for()
    assert frame_of(page).get_by_text("Good words.").is_visible()
    page.locator("#checks").get_by_role("button", name="Line 3").click()
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert "nowhere" in page.evaluate(selected)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Fix 1 error before you send it for review.").wait_for()
    assert page.input_value(BOX) == "Good words.\n\n[x](nowhere)\n\nMore.\n"


def test_a_lost_sign_in_is_said_and_touches_nothing(open_staff, cookies, site):
    page = open_staff(NEW)
    begin(page, "Signed out")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("alert").filter(has_text="You have been signed out. Your text is still here.").wait_for()
    page.get_by_role("button", name="Update preview").click()
    page.locator("#preview-note").filter(has_text="You have been signed out.").wait_for()
    assert page.input_value(BOX) == "My words."
    page.context.add_cookies([{"name": "session", "value": cookies("Editors"), "url": site.url}])
    page.context.add_cookies([_fresh_csrf(page)])
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft 1 is saved").wait_for()


def _fresh_csrf(page):
    """What signing in again in another tab leaves behind: a new cookie, and its token in this form (session.js)."""
    other = page.context.new_page()
    other.goto(NEW)
    token = other.input_value("[name=csrfmiddlewaretoken] >> nth=-1")
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == "csrf"]
    other.close()
    page.evaluate("token => document.querySelector('#article-form').elements.csrfmiddlewaretoken.value = token", token)
    return cookie


@pytest.mark.parametrize(
    ("status", "said"), [(413, "too large to send"), (500, "could not do this"), (503, "could not do this")]
)
def test_a_fault_while_saving_is_said_and_touches_nothing(open_staff, status, said):
    page = open_staff(NEW)
    begin(page, f"A fault {status}")
    page.route("**/add/", lambda route: route.fulfill(status=status, body="x"))
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("alert").filter(has_text=said).wait_for()
    assert page.input_value(BOX) == "My words."
    page.unroute("**/add/")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft 1 is saved").wait_for()


def test_without_a_connection_the_text_stays(open_staff):
    page = open_staff(NEW)
    begin(page, "Offline")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("alert").filter(has_text="The server could not be reached.").wait_for()
    assert page.input_value(BOX) == "My words."


def test_unsaved_text_is_offered_again_and_saved_text_is_not(open_staff):
    page = open_staff(NEW)
    saved(page, "Safety copy")
    address = page.url
    assert copies(page) == []
    page.fill(BOX, "Not saved.")
    page.wait_for_function(COPIED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    offer = page.get_by_role("region", name="Unsaved text")
    assert re.match(r"Restore unsaved text from \d\d:\d\d\?", offer.inner_text())
    offer.get_by_role("button", name="Restore it").click()
    assert page.input_value(BOX) == "Not saved."
    page.keyboard.press("Control+z")
    assert page.input_value(BOX) == "My words.\n"
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+s")
    page.get_by_text("Draft 2 is saved").wait_for()
    assert copies(page) == []
    assert page.get_by_role("region", name="Unsaved text").count() == 0


def test_text_that_is_thrown_away_is_not_offered_again(open_staff):
    page = open_staff(NEW)
    saved(page, "Thrown away")
    page.fill(BOX, "Not saved.")
    page.wait_for_function(COPIED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    page.reload()
    assert page.get_by_role("region", name="Unsaved text").count() == 0


def test_leaving_with_unsaved_text_is_asked_about(open_staff):
    page = open_staff(NEW)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    begin(page, "Leaving")
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_a_browser_that_keeps_nothing_is_no_obstacle(open_staff):
    page = open_staff(NEW)
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
    page.reload()
    begin(page, "No storage")
    page.get_by_text("This browser keeps no copy of unsaved text.").wait_for()
    page.keyboard.press("Control+s")
    page.get_by_text("Draft 1 is saved").wait_for()
    page.faults.clear()  # of the admin's own script for its colours, which does not expect that


def test_a_copy_from_before_a_colleagues_save_leads_to_the_comparison(open_staff):
    mine = open_staff(NEW)
    saved(mine, "Two people")
    address = mine.url
    mine.fill(BOX, "My later words.")
    mine.wait_for_function(COPIED)
    theirs = open_staff(address, "Clinicians")
    theirs.fill(BOX, "Their words.")
    theirs.keyboard.press("Control+s")
    theirs.get_by_text("Draft 2 is saved").wait_for()
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.goto(address)
    mine.get_by_role("button", name="Restore it").click()
    mine.get_by_role("button", name="Save draft").click()
    mine.get_by_role("heading", name="Somebody else saved while you were writing. Nothing is lost.").wait_for()
    assert mine.input_value(BOX) == "My later words."
    assert staff_violations(mine) == []
    assert "Their" in mine.locator(".comparison del").first.inner_text()
    mine.get_by_role("button", name="Save my version, replacing draft 2").click()
    mine.get_by_text("Draft 3 is saved").wait_for()


def test_the_later_text_can_be_thrown_away_for_the_colleagues(open_staff):
    mine = open_staff(NEW)
    saved(mine, "Given up")
    theirs = open_staff(mine.url, "Clinicians")
    theirs.fill(BOX, "Their words.")
    theirs.keyboard.press("Control+s")
    theirs.get_by_text("Draft 2 is saved").wait_for()
    mine.fill(BOX, "My later words.")
    mine.wait_for_function(COPIED)
    mine.keyboard.press("Control+s")
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.get_by_role("link", name="Discard my version").click()
    mine.get_by_text("You are editing: draft 2").wait_for()
    assert mine.input_value(BOX) == "Their words.\n"
    assert copies(mine) == []


def test_copies_that_nobody_came_back_for_are_dropped(open_staff):
    page = open_staff(NEW)
    month = 31 * 24 * 3600 * 1000
    page.evaluate(
        "ago => localStorage.setItem('article:999:1', JSON.stringify({ at: Date.now() - ago, fields: {} }))", month
    )
    page.evaluate("localStorage.setItem('article:998:1', JSON.stringify({ at: Date.now(), fields: {} }))")
    page.reload()
    page.wait_for_function("() => !localStorage.getItem('article:999:1')")
    assert copies(page) == ["article:998:1"]


def test_without_scripts_the_preview_opens_in_a_tab_and_a_save_works(open_staff):
    page = open_staff(NEW, width=390, java_script_enabled=False)
    begin(page, "No scripts")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview in a new tab").click()
    opened.value.get_by_role("heading", name="No scripts", level=1).wait_for()
    opened.value.get_by_text("Readers do not see this.").wait_for()
    assert page.get_by_role("toolbar").count() == page.get_by_role("tab").count() == 0
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft 1 is saved").wait_for()


def test_on_a_small_screen_one_part_is_shown_at_a_time(open_staff):
    page = open_staff(NEW, width=390)
    begin(page, "Small")
    page.get_by_role("tab", name="Preview").click()
    frame_of(page).get_by_role("heading", name="Small", exact=True).wait_for()
    assert not page.locator(BOX).is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tabpanel", name="Checks").is_visible()
    page.get_by_role("tab", name="Write").click()
    assert page.input_value(BOX) == "My words."
