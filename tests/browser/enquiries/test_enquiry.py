"""The whole way of an enquiry in a real browser: keyboard only, no JavaScript, a small phone; axe at every page and error."""

import contextlib
import itertools
import re
import secrets

import pytest
from playwright.sync_api import Error

from siweb.enquiries.intake.spam import LEAST_SECONDS, TRAP
from tests.browser.conftest import PAGES
from tests.browser.website.test_accessibility import violations
from tests.browser.website.test_budget import STORED
from tests.browser.website.test_layout import SPACING, faults

pytestmark = pytest.mark.browser

REFERENCE = re.compile(r"SIJ-[0-9A-Z]{4,}")
LINK = """
from siweb.enquiries.intake.private_links import make_link
from siweb.enquiries.models import Enquiry
print(make_link(Enquiry.objects.get(reference={reference!r})))
"""
WHOM = """
from siweb.enquiries.models import Enquiry
for e in Enquiry.objects.filter(answers__name={name!r}):
    print(e.reference, e.state, e.answers.phone, e.answers.words, e.all_answers.count(), e.outbox.count(), sep="|")
"""
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3


@pytest.fixture
def open_page(open_page):
    """Each window comes from an address of its own: forms that are filled in this fast are soon refused from one."""
    number = itertools.count(1)

    def from_its_own_address(path, **options):
        headers = {"X-Forwarded-For": f"2001:db8:{secrets.token_hex(2)}:{next(number)}::1"}
        return open_page(path, headers=headers, **options)

    return from_its_own_address


def fill(page, **changes):
    """Answer the questions that must be answered, and some more."""
    said = {"name": "Maria Example", "phone": "0161 496 0000 after 5", "email": "maria@gmial.com"} | changes
    for choice in ("who_0", "voicemail_0", "first_0", "times_0", "place_1", "needs_3", "tell_0"):
        page.check(f"#id_{choice}")
    for name, value in said.items():
        page.fill(f"#id_{name}", value)


def press(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def states(page, site):
    """Walk the whole way, and stop at every page and error state: yields its name each time."""
    page.goto("/enquire/form/")
    press(page, "Check your answers")
    yield "form, empty"
    page.check("#id_who_1")
    page.check("#id_needs_0")
    page.fill("#id_email", "nonsense")
    page.fill("#id_phone", "12")
    page.fill("#id_words", "x" * 4001)
    press(page, "Check your answers")
    yield "form, wrong"
    page.goto("/enquire/form/")
    fill(page, name=LONG[:100], words=f"{LONG}\n\nsecond line", phone="07700 900123")
    press(page, "Check your answers")
    yield "check, with doubts"
    page.context.clear_cookies()
    press(page, "I have none of these: go on and send enquiry")
    yield "kept"
    press(page, "Try again")
    yield "sent"
    reference = REFERENCE.search(page.inner_text("main"))[0]
    token = site.manage("shell", "-v0", "-c", LINK.format(reference=reference)).strip()
    page.goto(f"/enquire/yours/{token}/")
    yield "yours"
    page.fill("#id_phone", "12")
    press(page, "Save how to reach me")
    yield "yours, wrong"
    press(page, "Withdraw my enquiry")
    yield "withdraw"
    press(page, "Yes, withdraw it")
    yield "withdrawn"


ALL = [
    *("form, empty", "form, wrong", "check, with doubts", "kept", "sent"),
    *("yours", "yours, wrong", "withdraw", "withdrawn"),
]


LONG_FORM = [pytest.param(*of, marks=pytest.mark.full) for of in ((360, "dark"), (1280, "light"), (1280, "dark"))]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), *LONG_FORM])
def test_axe_finds_nothing_on_any_page_or_error_of_the_way(open_page, site, width, scheme):
    page, seen, found = open_page("/enquire/", width=width, color_scheme=scheme), [], {}
    for state in states(page, site):
        seen.append(state)
        if wrong := violations(page):
            found[state] = wrong
    assert seen == ALL
    assert found == {}


CHANGES = {
    "320 pixels": (320, None),
    "twice the text": (360, "html {font-size: 225% !important}"),
    "wider spacing": (360, SPACING),
    "768 pixels": (768, None),
    "1280 pixels": (1280, None),
}


@pytest.mark.parametrize(
    "change", [c if c in ("320 pixels", "twice the text") else pytest.param(c, marks=pytest.mark.full) for c in CHANGES]
)
def test_nothing_is_lost_or_cut_on_the_way(open_page, site, change):
    width, style = CHANGES[change]
    page, found = open_page("/enquire/", width=width, bypass_csp=bool(style)), {}
    for state in states(page, site):
        if style:
            page.add_style_tag(content=style)
        if wrong := faults(page):
            found[state] = wrong[:5]
    assert found == {}


def test_the_choice_between_help_and_going_on_cannot_be_mistaken(open_page, site):
    page = open_page("/enquire/", width=360)
    seen = []
    for state in itertools.chain(["start"], states(page, site)):
        if page.locator(".fork").count():
            seen.append(state)
            get_help, go_on = page.locator(".fork a, .fork button").all()
            assert get_help.inner_text() == "I have one of these: get help"
            assert go_on.inner_text().startswith("I have none of these: go on")
            upper, lower = get_help.bounding_box(), go_on.bounding_box()
            assert 24 <= lower["y"] - upper["y"] - upper["height"] <= 40
            clear = "rgba(0, 0, 0, 0)"
            fill = "e => getComputedStyle(e).backgroundColor"
            assert get_help.evaluate(fill) == clear
            assert go_on.evaluate(fill) != clear
            edge = get_help.evaluate("e => getComputedStyle(e).borderTopColor")
            assert edge == page.locator(".fork .alarm").evaluate("e => getComputedStyle(e).color") == "rgb(134, 20, 20)"
    assert seen == ["start", "check, with doubts"]


def test_the_whole_way_with_the_keyboard_alone_without_javascript_on_a_small_phone(open_page, chromium, site):
    page = open_page("/", width=360, java_script_enabled=False)
    focus = Focus(page)
    focus.tab_to("Menu")
    page.keyboard.press("Enter")
    focus.tab_to("Ask for an appointment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enquire/")
    focus.tab_to("I have none of these: go on")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enquire/form/")
    focus.tab_to("Check your answers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enquire/check/")
    assert page.title().startswith("Error: ")
    focus.is_on("problem")
    focus.tab_to("Say who needs the appointment.")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.is_checked("#id_who_0") or focus.choose("Me")
    focus.type_into("id_name", "Keyboard Only")
    focus.type_into("id_phone", "0161 496 0000 after 5")
    focus.choose("Yes")
    focus.type_into("id_email", "maria@example.org")
    focus.choose("Phone")
    focus.choose("No preference", arrows=1)
    focus.type_into("id_words", "Hello")
    focus.tab_to("Check your answers")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Nothing has been sent yet")
    assert "maria@example.org" in page.inner_text(".big")
    focus.tab_to("I have none of these: go on and send enquiry")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enquire/sent/**")
    assert REFERENCE.search(page.inner_text("main"))
    assert stored(site, "Keyboard Only")[0][2:4] == ["+441614960000", "Hello"]


class Focus:
    """Where the keyboard is. Without scripts in the page, the browser's own tree of names is asked."""

    def __init__(self, page):
        self.page, self.client = page, page.context.new_cdp_session(page)

    def now(self):
        """(id, accessible name) of the element that has the focus."""
        node = self.client.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        described = self.client.send("DOM.describeNode", {"objectId": node["objectId"]})["node"]
        attributes = dict(zip(described["attributes"][::2], described["attributes"][1::2], strict=True))
        tree = self.client.send(
            "Accessibility.getPartialAXTree", {"objectId": node["objectId"], "fetchRelatives": False}
        )
        return attributes.get("id", ""), tree["nodes"][0].get("name", {}).get("value", "")

    def is_on(self, id):
        assert self.now()[0] == id

    def tab_until(self, true, what):
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if true(*self.now()):
                return
        raise AssertionError(f"Tab never came to {what}")

    def tab_to(self, name):
        self.tab_until(lambda _, named: named == name, name)

    def type_into(self, id, text):
        self.tab_until(lambda at, _: at == id, id)
        self.page.keyboard.type(text)

    def choose(self, name, arrows=0):
        """A radio button: Tab comes to the first of its group, arrows move on."""
        if arrows:
            self.tab_until(lambda at, _: at == "id_place_0", "id_place_0")
            for _ in range(arrows):
                self.page.keyboard.press("ArrowDown")
        else:
            self.tab_to(name)
            self.page.keyboard.press("Space")
        assert self.now()[1] == name
        return True


def stored(site, name):
    lines = site.manage("shell", "-v0", "-c", WHOM.format(name=name)).splitlines()
    return [line.split("|") for line in lines]


def test_every_link_of_the_summary_goes_to_a_field_and_the_focus_with_it(open_page, site):
    page = open_page("/enquire/form/")
    page.check("#id_who_1")
    page.check("#id_needs_0")
    page.fill("#id_words", "x" * 4001)
    press(page, "Check your answers")
    assert page.evaluate("document.activeElement.id") == "problem"
    links = page.locator(".problems a")
    assert links.count() == 9
    for number in range(links.count()):
        link = links.nth(number)
        wanted = link.get_attribute("href").removeprefix("#")
        link.click()
        assert page.evaluate("document.activeElement.id") == wanted


def test_back_finds_what_was_typed_and_the_same_enquiry(open_page, site):
    page = open_page("/enquire/form/", java_script_enabled=False)
    fill(page, name="Back And Forth", words="first")
    press(page, "Check your answers")
    page.go_back()
    assert page.input_value("#id_name") == "Back And Forth"
    page.wait_for_timeout(LEAST_SECONDS * 1000)  # as a person takes
    press(page, "Check your answers")
    press(page, "I have none of these: go on and send enquiry")
    reference = REFERENCE.search(page.inner_text("main"))[0]
    # Twice Back: the check page between is kept nowhere, so browsers ask about it. The page may be gone before it answers.
    with page.expect_navigation(), contextlib.suppress(Error):
        page.evaluate("history.go(-2)")
    assert page.input_value("#id_words") == "first"
    page.fill("#id_words", "second")
    press(page, "Check your answers")
    press(page, "I have none of these: go on and send enquiry")
    assert REFERENCE.search(page.inner_text("main"))[0] == reference
    assert stored(site, "Back And Forth") == [[reference, "new", "+441614960000", "second", "2", "2"]]


def test_change_leads_to_the_question_and_keeps_the_rest(open_page):
    page = open_page("/enquire/form/")
    fill(page)
    press(page, "Check your answers")
    assert "Did you mean maria@gmail.com?" in page.inner_text("main")
    press(page, "Change this answer: E-mail address")
    assert page.evaluate("document.activeElement.id") == "id_email"
    page.fill("#id_email", "maria@gmail.com")
    press(page, "Check your answers")
    assert "Did you mean" not in page.inner_text("main")
    assert "Your note: after 5" in page.inner_text("main")


def test_the_way_keeps_one_cookie_and_nothing_else_and_breaks_no_policy(open_page, site):
    page, said = open_page("/enquire/"), []
    page.on("console", lambda message: said.append(message.text))
    assert page.context.cookies() == []
    for _ in states(page, site):
        assert page.evaluate(STORED) == ["", 0, 0, 0, 0]
        assert [cookie["name"] for cookie in page.context.cookies()] in (["csrf"], [])
    assert [text for text in said if "Failed to load resource" not in text] == []


def test_the_trap_is_hidden_from_eyes_keyboard_and_screen_readers(open_page):
    page = open_page("/enquire/form/")
    trap = page.locator(f"[name={TRAP}]")
    box = trap.bounding_box()
    assert box["x"] + box["width"] < 0
    assert (trap.get_attribute("tabindex"), trap.get_attribute("autocomplete")) == ("-1", "off")
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0


def test_the_form_is_among_the_pages_that_are_looked_at():
    assert {"/enquire/", "/enquire/form/"} <= set(PAGES.values())
