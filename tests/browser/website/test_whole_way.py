"""The whole way of an article in a real browser: an editor and a clinician, without a mark of Markdown typed.

Written in a word processor and pasted, with a source, a care card, a picture and a link; sent, returned, approved, scheduled,
live, and an old text brought back. Nothing that the policy forbids, nothing that axe finds on the way.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.articles.test_editor_paste import CLIPBOARDS, PASTE
from tests.browser.articles.test_editor_pictures import png
from tests.browser.conftest import WAYS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

WORD = (CLIPBOARDS / "two_pages.html").read_text(encoding="utf-8")
TIME_PASSES = """
from datetime import timedelta
from django.utils import timezone
from siweb.articles.editorial.scheduling import publish_due
print(publish_due(timezone.now() + timedelta(hours=2)))
"""


class Person:
    """Somebody who has signed in, at the keyboard and mouse."""

    def __init__(self, open_staff, role, width, scheme):
        self.page = open_staff("/admin/", role, width=width, height=800, color_scheme=scheme)

    def at(self, path):
        answer = self.page.goto(path)
        assert answer.ok, (path, answer.status, self.page.inner_text("body"))
        return self.seen()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).first.click()
        return self

    def tool(self, name):
        self.page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()
        return self.page.get_by_role("dialog", name=name)

    def said(self, words):
        self.page.get_by_text(words).first.wait_for()
        return self.seen()

    def seen(self):
        assert staff_violations(self.page) == []
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wider) <= 0, f"{self.page.url} scrolls sideways"
        return self


def end_of_text(page):
    page.focus("#id_body")
    page.keyboard.press("Control+End")


def before_last_paragraph(page):
    """Put the cursor at the end of the first pasted paragraph, by keys alone."""
    page.focus("#id_body")
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")


@pytest.mark.parametrize(("width", "scheme"), WAYS)
def test_an_article_from_a_word_processor_to_readers_and_back(open_staff, site, width, scheme):
    slug = f"whole-way-{width}-{scheme}"
    editor = Person(open_staff, "Editors", width, scheme)
    clinician = Person(open_staff, "Clinicians", width, scheme)
    write(editor, slug, width, scheme)
    article = re.search(r"/article/(\d+)/", editor.page.url)[1]
    review = f"/admin/articles/article/{article}/review/"

    editor.at(review)
    editor.page.get_by_label("What should the clinician look at?").fill("All of it is new.")
    if editor.page.get_by_label("Why does what the checks advise").count():
        editor.page.get_by_label("Why does what the checks advise").fill("It is the word of the study.")
    editor.press("Send for review").said("It is sent for review")

    clinician.at("/admin/")
    clinician.page.get_by_role("link", name="Rest after the injection").first.click()
    clinician.said("What do you decide?")
    clinician.page.get_by_label("What should be changed?").fill("Say for how long.")
    clinician.press("Ask for changes").said("The writers see what you ask for")

    editor.at("/admin/").said("Say for how long.")
    editor.at(f"/admin/articles/article/{article}/change/")
    end_of_text(editor.page)
    editor.page.keyboard.insert_text("\n\nRest for 2 days.")
    editor.page.fill("#id_note", "Says for how long")
    editor.press("Save draft").said("is saved")
    editor.at(review)
    editor.page.get_by_label("What should the clinician look at?").fill("It says for how long now.")
    if editor.page.get_by_label("Why does what the checks advise").count():
        editor.page.get_by_label("Why does what the checks advise").fill("It is the word of the study.")
    editor.press("Send for review").said("It is sent for review")

    clinician.at(review)
    soon = timezone.localtime() + timedelta(hours=1)
    clinician.page.get_by_label("I have read this page as it will be shown.").check()
    clinician.page.locator("#approve-publish_at").fill(f"{soon:%Y-%m-%dT%H:%M}")
    clinician.press("Approve and publish at that time").said("It will be published at the time")
    assert site.get(f"/guide/{slug}/").status == 404

    assert site.manage("shell", "-v0", "-c", TIME_PASSES).strip() == "1"
    reader = clinician.page.context.browser.new_page(base_url=site.url)
    reader.goto(f"/guide/{slug}/")
    for words in ("Rest for 2 days.", "Checked by", "Call 999 if:", "Smith J"):
        reader.get_by_text(words).first.wait_for()
    picture = reader.get_by_alt_text("A chair with a cushion")
    picture.scroll_into_view_if_needed()
    reader.wait_for_function("document.querySelector('figure img').complete")
    assert picture.evaluate("image => image.naturalWidth") > 0
    reader.close()

    bring_back(editor, article)
    editor.page.goto(f"/guide/{slug}/")
    editor.page.get_by_text("Rest for 2 days.").wait_for()


def write(editor, slug, width, scheme):
    """Paste two pages of a word processor, and add by buttons what only our pages have."""
    page = editor.at("/admin/articles/article/add/").page
    page.fill("#id_title", "Rest after the injection")
    page.fill("#id_summary", "How long to rest, and what to do meanwhile.")
    page.fill("#id_slug", slug)
    page.fill("#id_takeaways", "Rest a little.\nMove a little.\nAsk us if you worry.")
    page.focus("#id_body")
    assert page.evaluate(PASTE, [WORD, "You have had", None]) is False

    before_last_paragraph(page)
    source = editor.tool("Source")
    source.get_by_label("A new one").check()
    for label, words in (("Author", "Smith J and others"), ("Year", "2020"), ("Title", "Rest after injection")):
        source.get_by_role("textbox", name=label).fill(words)
    source.get_by_role("textbox", name="Journal or publisher").fill("Journal of Rest")
    source.get_by_label("How it was read").select_option("In full")
    editor.seen()
    source.get_by_role("button", name="Put the source in").click()

    before_last_paragraph(page)
    card = editor.tool("Care card")
    card.get_by_label("Heading").fill("Call 999 if:")
    card.get_by_role("button", name="Put the card in").click()
    page.keyboard.insert_text("you cannot hold your pee")

    page.keyboard.press("Control+Home")
    picture = editor.tool("Picture")
    shade = (width % 256, 40, 90 if scheme == "dark" else 200)  # one of its own: the same picture twice is one picture
    file = {"name": f"chair-{slug}.png", "mimeType": "image/png", "buffer": png(shade)}
    picture.locator("input[type=file]").set_input_files(file)
    picture.get_by_label("What it shows").fill("A chair with a cushion")
    picture.get_by_role("button", name="Insert image").click()
    picture.wait_for(state="hidden")

    page.keyboard.press("Control+Home")
    link = editor.tool("Link")
    link.get_by_label("The words to press").fill("After your injection")
    link.get_by_label("Where it leads").fill("aftercare")
    link.get_by_role("radio").first.check()
    link.get_by_role("button", name="Put the link in").click()
    page.keyboard.insert_text("\n\n")
    editor.press("Save draft").said("is saved")
    text = page.input_value("#id_body")
    for written in (
        "[After your injection](aftercare",
        "](chair-",
        "::: emergency Call 999 if:",
        "[^smith2020]: Smith J",
    ):
        assert written in text
    for kept in ("\n## ", "\n- ", "\n1. ", "**", "](https://", "\n| "):
        assert kept in text


def bring_back(editor, article):
    """Restore the first text as a draft; readers go on seeing the live one."""
    editor.at(f"/admin/articles/article/{article}/history/")
    editor.press("Restore revision 1 as a draft").said("Revision 1 is draft 3 now")
    assert "Rest for 2 days." not in editor.page.input_value("#id_body")
    editor.at(f"/admin/articles/article/{article}/compare/?old=2&new=3").said("Rest for 2 days.")
