"""Signing in, in a real browser: the whole way by keyboard, axe on every page of it, and a session that ends while somebody types."""

import time

import pytest
from django_otp.oath import hotp

from tests.browser.conftest import WAYS, WINDOWS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

PASSWORD = "walnut-otter-seventeen"

_ACCOUNT = """
from django.contrib.auth.models import Group, User
from siweb.accounts import two_factor
user, _ = User.objects.get_or_create(username={name!r})
user.is_staff, user.first_name, user.last_name = True, "Nina", "New"
user.set_password({password!r})
user.save()
user.groups.set([Group.objects.get(name="Editors")])
two_factor.remove(user, by=user)
print(user.pk)
"""


def axe(page):
    """What axe finds. It breaks the page's policy itself while it looks."""
    before = len(page.violations)
    found = staff_violations(page)
    del page.violations[before:]
    return found


def account(site, name):
    """Somebody with a password who has not set up a second factor."""
    return site.manage("shell", "-v0", "-c", _ACCOUNT.format(name=name, password=PASSWORD)).strip()


@pytest.fixture
def stranger(open_page):
    """stranger("/admin/", width=390, …) is a page of somebody who has not signed in."""
    pages = []

    def stranger(path, width=1280, **options):
        page = open_page("about:blank", width=width, height=900, **options)
        pages.append(page)
        page.violations = []
        page.on("console", lambda said: page.violations.extend([said.text] * ("Content Security" in said.text)))
        page.goto(path)
        return page

    yield stranger
    assert [page.violations for page in pages if page.violations] == []


def half_minute():
    """Which half minute this is: an app shows one code in each."""
    return int(time.time()) // 30


def code(key, half_minute):
    """What an app with that key shows then."""
    from base64 import b32decode

    return f"{hotp(b32decode(key.replace(' ', '')), half_minute):06}"


@pytest.mark.parametrize(("width", "scheme"), WAYS)
def test_the_whole_way_of_signing_in_by_keyboard(stranger, site, width, scheme):
    account(site, f"nina{width}{scheme}")
    page = stranger("/admin/articles/article/", width, color_scheme=scheme)
    look = lambda: (axe(page), page.evaluate("document.documentElement.scrollWidth") <= width)  # noqa: E731
    assert look() == ([], True)

    def sign_in():
        page.get_by_label("Name to sign in with").focus()
        page.keyboard.type(f"nina{width}{scheme}")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("nonsense")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("alert").is_visible()
    assert look() == ([], True)
    page.get_by_label("Name to sign in with").clear()
    sign_in()
    assert page.url == f"{site.url}/admin/articles/article/"

    page.get_by_role("link", name="Set up a second factor").click()
    assert look() == ([], True)
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    key = page.locator(".key").inner_text()
    page.get_by_label("Six digits").fill("000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("alert").is_visible()
    assert page.locator(".key").inner_text() == key, "the phone has it already"
    used = half_minute()
    page.get_by_label("Six digits").fill(code(key, used))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    assert page.get_by_role("button", name="Print them").is_visible()
    assert look() == ([], True)
    page.get_by_role("link", name="go on").click()

    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("status").inner_text() == "You are signed out."
    sign_in()
    assert look() == ([], True)
    page.keyboard.type(
        code(key, max(used + 1, half_minute()))
    )  # each code is taken once, and none of two half minutes on
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site.url}/admin/"

    page.get_by_role("button", name="Sign out").click()
    sign_in()
    page.get_by_text("You do not have your phone?").click()
    page.get_by_label("One of your recovery codes").fill(codes[3])
    assert look() == ([], True)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("link", name="Second factor").click()
    assert "9 recovery codes" in page.locator("main").inner_text()
    assert look() == ([], True)


PAGES = {
    "accounts": "/admin/auth/user/",
    "a new account": "/admin/auth/user/add/",
    "the clinic": "/admin/clinics/clinic/1/change/",
    "places": "/admin/clinics/location/",
    "a place": "/admin/clinics/location/1/change/",
    "removing a place": "/admin/clinics/location/1/delete/",
    "its history": "/admin/clinics/location/1/history/",
    "people": "/admin/clinics/practitioner/",
    "a person": "/admin/clinics/practitioner/add/",
    "password": "/admin/password/",
    "a link that is over": "/admin/choose-password/1/x/",
    "what one may do": "/admin/clinics/",
}


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_on_the_managers_pages(open_staff, site, width, scheme):
    page = open_staff("/admin/", "Practice managers", width=width, color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        page.goto(path)
        found[name] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto(f"/admin/auth/user/{account(site, 'nora')}/change/")
    found["an account"] = axe(page)
    page.get_by_role("button", name="Make a link").click()
    found["a link"] = axe(page)
    assert page.get_by_label("Link to choose a password").input_value().startswith(f"{site.url}/admin/choose-password/")
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_the_page_of_whoever_is_locked_out(stranger):
    page = stranger("/admin/login/")
    for _ in range(11):
        page.get_by_label("Name to sign in with").fill("guessed")
        page.get_by_label("Password").fill("guess")
        page.get_by_role("button", name="Sign in").click()
    assert "for 15 minutes" in page.get_by_role("alert").inner_text()
    assert axe(page) == []


# --- A session that ends while somebody types -------------------------------------------------------------
WRITE = "/admin/clinics/location/add/"


def says(page, left, **more):
    """Have the server say that so many seconds are left."""
    page.route(
        "**/admin/session/", lambda route: route.fulfill(json={"left": left, "extends": True, "name": "x"} | more)
    )


def come_back(page):
    """What a browser tells a page that is looked at again."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_the_warning_two_minutes_before_takes_nothing_out_of_anybodys_hands(open_staff):
    page = open_staff("/admin/", "Editors")
    page.clock.install()
    page.goto(WRITE)
    page.locator("#id_name").press_sequentially("Nor")
    asked = []
    page.on("request", lambda request: asked.append(request) if "/admin/session/" in request.url else None)
    says(page, 119, name="editors", token="fresh")
    page.clock.fast_forward((30 * 60 - 120 - 30) * 1000)
    assert page.locator("#session").count() == 0
    page.clock.fast_forward(31_000)
    box = page.get_by_role("alert").filter(has_text="You will be signed out at")
    box.wait_for()
    assert asked[0].headers["x-background"] == "yes"
    page.keyboard.type("th")
    assert page.locator("#id_name").input_value() == "North", "the focus stayed"
    page.unroute("**/admin/session/")
    says(page, 1800, name="editors", token="fresh")
    page.get_by_role("button", name="Stay signed in").click()
    box.wait_for(state="hidden")
    assert (asked[-1].method, "x-background" in asked[-1].headers) == ("POST", False)
    page.context.close()  # its clock has been changed


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize(("extends", "words", "buttons"), [(True, "nothing has been done", 1), (False, "Save now", 0)])
def test_before_the_twelve_hours_there_is_nothing_to_press(open_staff, width, scheme, extends, words, buttons):
    page = open_staff(WRITE, width=width, color_scheme=scheme)
    says(page, 60, extends=extends, name="editors", token="fresh")
    come_back(page)
    page.get_by_role("alert").filter(has_text=words).wait_for()
    assert page.get_by_role("button", name="Stay signed in").count() == buttons
    assert axe(page) == []


def test_after_the_end_the_text_stays_and_is_saved_after_signing_in_in_another_tab(stranger, site):
    account(site, "nell")
    page = stranger("/admin/login/")

    def sign_in(page):
        page.get_by_label("Name to sign in with").fill("nell")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    sign_in(page)
    page.goto(WRITE)
    page.locator("#id_name").fill("A place typed for an hour")
    page.context.clear_cookies(name="session")
    come_back(page)
    page.get_by_role("alert").filter(has_text="still here").wait_for()
    assert page.locator("#id_name").input_value() == "A place typed for an hour"
    before = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    sign_in(opened.value)
    opened.value.wait_for_url(lambda address: "/login/" not in address)  # closed on its way, it may never be gone
    opened.value.close()
    come_back(page)
    page.locator("#session").wait_for(state="hidden")
    assert page.locator("input[name=csrfmiddlewaretoken]").last.input_value() != before
    page.locator("#id_slug").fill("typed-for-an-hour")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "was added successfully" in page.locator("main").inner_text()
    assert site.get("/clinics/typed-for-an-hour/").status == 200


def test_what_is_sent_too_late_is_given_back_and_sent_again(stranger, site):
    account(site, "ned")
    page = stranger("/admin/login/?next=" + WRITE)
    sign_in = [("Name to sign in with", "ned"), ("Password", PASSWORD)]
    for label, words in sign_in:
        page.get_by_label(label).fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**" + WRITE)
    page.locator("#id_name").press_sequentially("Sent too late")  # the address fills itself in
    page.locator("#id_parking").fill("First line\n\nlast <b>line</b>")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "nothing is lost" in page.get_by_role("alert").first.inner_text()
    assert axe(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in, in a new tab").click()
    for label, words in sign_in:
        opened.value.get_by_label(label).fill(words)
    opened.value.keyboard.press("Enter")
    opened.value.wait_for_url("**/admin/")
    opened.value.close()
    page.bring_to_front()
    with page.expect_navigation():
        page.get_by_role("button", name="Send it again").click()
    if page.get_by_role("button", name="Send it again").count():  # the tab had no time yet to fetch a fresh token
        page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/admin/clinics/location/")
    assert "last &lt;b&gt;line" in site.get("/clinics/sent-too-late/").text
