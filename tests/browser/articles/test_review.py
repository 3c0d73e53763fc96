"""Judging a text in a real browser: the whole way by keyboard, axe in every state, narrow and wide, light and dark."""

import json

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

MADE = """
import json
from django.contrib.auth.models import User
from siweb.articles.text import front_matter
from siweb.articles.editorial import suggestions
from siweb.articles.models import Article
from tests.support.deciding import KIND, decide
editor, clinician = (User.objects.get(username=name) for name in ("editors", "clinicians"))
articles = {{}}
for name in {names!r}:
    article, _ = Article.objects.get_or_create(slug=f"walking-in-{{name}}")
    text = front_matter.parse({text!r}.replace("NAME", name))
    article.edit(text, by=editor, version=article.version, note="For a start")
    articles[name] = article
if "summer" in articles:
    decide(articles["summer"].head, KIND.REQUEST, editor)
    suggestions.propose(articles["summer"].head, clinician, "Walk a little each day.", "Walk each day.")
print(json.dumps({{name: article.pk for name, article in articles.items()}}))
"""
TEXT = """---
title: Walking in NAME
summary: How to begin to walk again.
kind: topic
takeaways: [Begin slowly., Rest when it hurts., Ask us.]
---

Walk a little each day.

See [after your injection](aftercare).
"""


def make(site, *names, text=TEXT):
    """{name: key} of articles that an editor wrote, or wrote again; "summer" is in review, and has other words proposed."""
    return json.loads(site.manage("shell", "-v0", "-c", MADE.format(names=names, text=text)))


@pytest.fixture(scope="module")
def articles(site, cookies):
    cookies("Editors"), cookies("Clinicians")
    return make(site, "spring", "summer", "autumn", "winter")


def review(key):
    return f"/admin/articles/article/{key}/review/"


def by_key(page, button):
    """Reach a button by Tab alone from where the focus is, and press it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == button:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"“{button}” cannot be reached by Tab")


def type_into(page, label, words):
    """Reach a box by Tab alone, and type."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.textContent ?? ''").strip().startswith(label):
            page.keyboard.type(words)
            return
    raise AssertionError(f"“{label}” cannot be reached by Tab")


def test_the_whole_way_by_keyboard_alone(open_staff, site, articles):
    key = articles["spring"]
    editor, clinician = open_staff(review(key)), open_staff("/admin/", "Clinicians")
    type_into(editor, "What should the clinician look at?", "The first line, please.")
    by_key(editor, "Send for review")
    assert "It is sent for review" in editor.inner_text(".messagelist")

    clinician.goto(review(key))
    assert "The first line, please." in clinician.inner_text("#content")
    type_into(clinician, "What should be changed?", "Say how far.")
    by_key(clinician, "Ask for changes")
    assert "changes requested" in clinician.inner_text(".facts")

    make(site, "spring", text=TEXT.replace("each day.", "each day. Go as far as you can talk."))
    editor.goto(review(key))
    type_into(editor, "What should the clinician look at?", "It says how far.")
    by_key(editor, "Send for review")

    clinician.goto(review(key))
    framed = clinician.frame_locator("iframe")
    framed.get_by_text("Go as far as you can talk.").wait_for()
    type_into(clinician, "I have read this page as it will be shown.", " ")
    by_key(clinician, "Approve and publish now")
    assert "readers see it now" in clinician.inner_text(".messagelist")
    clinician.goto("/guide/walking-in-spring/")
    assert "Checked by Clinicians Clinician" in clinician.inner_text("main")

    clinician.goto(review(key))
    clinician.get_by_text("Retire this article …").click()
    type_into(clinician, "Why should readers not see it any more?", "The test is over.")
    by_key(clinician, "Retire this article")
    assert "retired" in clinician.inner_text(".facts")


def states(page, key):
    """The pages of the review, one after the other, with the name of each."""
    page.goto(review(key))
    page.frame_locator("iframe").get_by_text("Walk a little each day.").wait_for()
    yield "to judge"
    for fold in page.query_selector_all("summary"):
        fold.click()
    yield "unfolded"
    page.get_by_label("What should be changed?").fill(" ")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for changes").click()
    yield "refused"
    page.goto("/admin/articles/article/confirm/")
    yield "nothing to confirm"
    page.goto(f"/admin/articles/article/review-pack/?article={key}")
    yield "pack"


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_and_nothing_is_cut(open_staff, articles, width, scheme):
    page = open_staff("/admin/", "Clinicians", width=width, color_scheme=scheme)
    for name in states(page, articles["summer"]):
        assert staff_violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"


def test_links_in_the_frame_open_in_tabs_of_their_own(open_staff, articles):
    page = open_staff(review(articles["summer"]), "Clinicians")
    link = page.frame_locator("iframe").get_by_role("link", name="after your injection").first
    link.wait_for()
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.url.endswith("/guide/aftercare/")
    assert page.url.endswith("/review/")


def test_what_is_typed_in_one_form_is_not_lost_by_sending_another(open_staff, articles):
    page = open_staff(review(articles["autumn"]), "Clinicians")
    page.get_by_label("The passage as it is written").fill("Walk a little each day.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_label("What should the clinician look at?").fill("All of it")
    page.get_by_role("button", name="Send for review").click()
    assert "What you typed under “Propose other words” is not sent with this." in asked[0]
    assert page.get_by_label("The passage as it is written").input_value() == "Walk a little each day."


def test_without_scripts_everything_is_there(open_staff, articles):
    page = open_staff(review(articles["winter"]), java_script_enabled=False)
    page.get_by_label("What should the clinician look at?").fill("All of it")
    page.get_by_role("button", name="Send for review").click()
    assert "It is sent for review" in page.inner_text(".messagelist")


def test_each_article_of_the_pack_begins_on_a_new_sheet(open_staff, articles):
    keys = [articles["autumn"], articles["summer"]]
    page = open_staff("/admin/", "Clinicians")
    sizes = []
    for asked in ([keys[0]], [keys[1]], keys):
        page.goto("/admin/articles/article/review-pack/?" + "&".join(f"article={key}" for key in asked))
        sizes.append(page.pdf(format="A4").count(b"/Type /Page\n"))
    assert sizes[2] == sizes[0] + sizes[1]
    assert sizes[0] >= 1


WITH_SHEET = TEXT.replace("See [", ":::: sheet\n## To take along\n\n- [ ] shoes\n::::\n\n## More\n\nSee [")


def test_a_sheet_of_an_article_stays_on_its_articles_page_in_the_pack(open_staff, site, articles):
    made = make(site, "may", text=WITH_SHEET)
    page = open_staff(f"/admin/articles/article/review-pack/?article={made['may']}", "Clinicians")
    page.emulate_media(media="print")
    inside = page.locator("section.sheet")
    assert inside.evaluate_all("e => e.map(x => getComputedStyle(x).breakBefore)") == ["auto"]
    page.emulate_media(media="screen")
    article = page.locator("main > article")
    assert article.evaluate("e => getComputedStyle(e).borderTopStyle") == "none"
    assert article.evaluate("e => getComputedStyle(e).borderBottomStyle") == "double"
