"""How long staff stay signed in, and what becomes of what they typed when that was too short."""

import html
import re

import pytest
from django.test import Client

from siweb.accounts.session_timeout import IDLE, LONGEST
from siweb.articles.forms import fields_of
from siweb.articles.models import Article
from siweb.website.middleware import limit_for

PASSWORD = "walnut-otter-seventeen"
CLOCK, SIGN_IN = "/admin/session/", "/admin/login/"
TYPED = "Long thought about.\n\n</textarea><b>é – 🦴"


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def rita(reception):
    return with_password(reception)


@pytest.fixture
def edith(editor):
    return with_password(editor)


class Browser(Client):
    """A browser whose forms carry the token of the page that they stood on, as in life."""

    def __init__(self, **more):
        super().__init__(enforce_csrf_checks=True, **more)

    def send(self, page, path, **fields):
        return self.post(path, {"csrfmiddlewaretoken": token_of(page)} | fields)

    def sign_in(self, user):
        return self.send(self.get(SIGN_IN), SIGN_IN, username=user.username, password=PASSWORD)


def token_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def carried(page):
    """What a page holds to be sent again, as a browser would send it."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page.content.decode(), re.DOTALL)
    return {name: html.unescape(value).replace("\r\n", "\n") for name, value in found}


def pass_by(browser, seconds):
    """Let time pass for somebody's session."""
    session = browser.session
    for name in ("began", "seen"):
        session[name] -= seconds
    session.save()


@pytest.fixture
def desk(rita):
    browser = Browser()
    browser.sign_in(rita)
    return browser


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([IDLE - 5], None),
        ([IDLE], "idle"),
        ([IDLE - 5, IDLE - 5], None),
        ([IDLE - 60] * (LONGEST // (IDLE - 60)), None),
        ([IDLE - 60] * (LONGEST // (IDLE - 60) + 1), "long"),
    ],
)
def test_thirty_minutes_without_doing_anything_or_twelve_hours_end_a_session(desk, steps, why):
    for seconds in steps:
        pass_by(desk, seconds)
        response = desk.get("/admin/enquiries/enquiry/")
    assert response.status_code == (302 if why else 200)
    if why:
        assert response.headers["Location"].endswith(f"enquiry%2F&why={why}")
        assert 'role="status"' in desk.get(response.headers["Location"]).content.decode()


def test_what_a_page_does_by_itself_is_not_doing_anything(desk):
    for _ in range(4):
        pass_by(desk, IDLE // 4)
        answer = desk.get(CLOCK, headers={"X-Background": "yes"})
    assert (answer.status_code, answer.json()) == (403, {"left": 0})


def test_stay_signed_in_does_until_twelve_hours_are_over(desk):
    page = desk.get("/admin/")
    pass_by(desk, IDLE - 100)
    assert 95 <= desk.get(CLOCK, headers={"X-Background": "yes"}).json()["left"] <= 100
    stayed = desk.post(CLOCK, headers={"X-CSRFToken": token_of(page)}).json()
    assert (stayed["left"] > IDLE - 5, stayed["extends"], stayed["name"]) == (True, True, "rita")
    session = desk.session
    session["began"] -= LONGEST - IDLE + 60
    session.save()
    assert desk.get(CLOCK).json()["extends"] is False


def filled(article, body=TYPED):
    """What the form of an article sends."""
    more = {"slug": article.slug, "version": str(article.version), "note": "", "body": body}
    return {name: str(value) for name, value in fields_of(article.head.parsed).items()} | more


@pytest.fixture
def writing(edith, shipped):
    """A browser with an article open, for long."""
    browser = Browser()
    browser.sign_in(edith)
    browser.article = shipped["causes"]
    browser.path = f"/admin/articles/article/{browser.article.pk}/change/"
    browser.page = browser.get(browser.path)
    pass_by(browser, IDLE)
    return browser


@pytest.mark.slow
def test_what_was_typed_too_late_is_given_back_and_then_saved(writing, edith):
    sent = filled(writing.article)
    late = writing.send(writing.page, writing.path, **sent)
    assert (late.status_code, "You were signed out" in late.content.decode()) == (403, True)
    assert carried(late) == sent
    assert carried(writing.send(late, writing.path, **carried(late))) == carried(late), "nobody has signed in yet"
    writing.sign_in(edith)
    older = writing.send(late, writing.path, **carried(late))
    assert "older than your sign-in" in older.content.decode()
    assert carried(older) == carried(late)
    before = writing.article.revisions.count()
    saved = writing.send(older, writing.path, **carried(older))
    assert saved.status_code == 302, saved.content.decode()
    assert writing.article.revisions.count() == before + 1
    assert Article.objects.get(pk=writing.article.pk).head.text.endswith("</textarea><b>é – 🦴\n")


def test_a_page_that_is_still_open_goes_on_after_signing_in_in_another_tab(writing, edith):
    """As static/js/accounts/session.js does it: ask for a token, put it into the form, and send that."""
    assert writing.get(CLOCK, headers={"X-Background": "yes"}).status_code == 403
    writing.sign_in(edith)
    token = writing.get(CLOCK, headers={"X-Background": "yes"}).json()["token"]
    saved = writing.post(writing.path, {"csrfmiddlewaretoken": token} | filled(writing.article))
    assert saved.status_code == 302


@pytest.mark.parametrize("cookie", ["session=x", "csrf=x", "a=b; csrf=x"])
def test_a_long_article_may_come_too_late_as_well(cookie, settings):
    assert limit_for("/admin/articles/article/1/change/", cookie) == settings.STAFF_BODY_LIMIT
    assert limit_for("/admin/articles/article/1/change/", "a=b") == settings.BODY_LIMIT
    assert limit_for("/enquire/check/", cookie) == settings.BODY_LIMIT


def test_a_long_article_that_comes_too_late_is_given_back(writing):
    long = TYPED + "x" * 500_000
    writing.get(CLOCK)  # the session ends here, and its cookie is taken back
    assert carried(writing.send(writing.page, writing.path, **filled(writing.article, body=long)))["body"] == long


def test_passwords_and_codes_are_not_carried(writing):
    secret = dict.fromkeys(("password", "old_password", "new_password1", "new_password2", "code"), "hush hush")
    assert "hush" not in writing.send(writing.page, "/admin/password/", note="x", **secret).content.decode()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_the_words_of_another_site_are_given_to_nobody(headers, signed_in, edith):
    browser = Browser()
    if signed_in:
        browser.sign_in(edith)
    response = browser.post("/admin/articles/article/add/", {"body": "planted"}, headers=headers)
    assert response.status_code in (302, 403)
    assert "planted" not in response.content.decode()


def test_a_sign_in_page_that_is_too_old_is_shown_again(rita):
    browser = Browser()
    old = browser.get(SIGN_IN)
    browser.sign_in(rita)
    again = browser.send(old, SIGN_IN, username="rita", password=PASSWORD)
    assert again.headers["Location"].startswith(SIGN_IN)
    assert browser.get(again.headers["Location"]).headers["Location"] == "/admin/", "signed in in another tab"


def test_without_cookies_the_sign_in_page_says_so(db):
    browser = Browser()
    page = browser.get(SIGN_IN)
    browser.cookies.clear()
    again = browser.send(page, SIGN_IN, username="rita", password=PASSWORD)
    assert "cookie" in browser.get(again.headers["Location"]).content.decode()
