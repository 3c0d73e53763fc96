"""History, comparison, what was live, moving, and the choice between a file's text and the staff's, in a real browser."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.support.staffing import cookie_of

pytestmark = pytest.mark.browser

HELD = """
import dataclasses
from django.contrib.auth.models import User
from siweb.articles.models import Article
article = Article.objects.get(slug="aftercare")
if article.incoming is None:
    text = article.head.parsed
    by = User.objects.get(username="hilda")
    changed = dataclasses.replace(text, title="By staff", body=text.body.replace("pain", "soreness", 3))
    article.edit(changed, by=by, version=article.version, note="Clearer")
    of_file = dataclasses.replace(text, title="By the file", body=text.body + "\\nA last line of the file.\\n")
    article.incoming = article.add_revision(of_file, "file", article.base)
    article.save()
print(article.pk)
"""


@pytest.fixture(scope="module")
def held(site):
    """The address of an article for which a file's text waits, that contradicts the staff's."""
    cookie_of(site, "hilda", "Editors")
    return f"/admin/articles/article/{site.manage('shell', '-v0', '-c', HELD).split()[-1]}"


PAGES = ("history/", "compare/?old=1&new=2", "live-on/?on=2020-01-01T10:00", "live-on/", "move/", "resolve/")


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_and_nothing_is_too_wide(open_staff, held, width, scheme):
    page = open_staff(f"{held}/history/", "Clinicians", width=width, color_scheme=scheme)
    page.get_by_role("link", name="See it as it was from").click()
    page.locator("iframe").wait_for()
    found = {"a page of the past": staff_violations(page)}
    for name in PAGES:
        page.goto(f"{held}/{name}")
        found[name] = staff_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        buttons = page.locator("#content-main .button").all()
        assert all(button.bounding_box()["height"] >= 44 for button in buttons), name
    assert {name: one for name, one in found.items() if one} == {}


def test_two_revisions_are_compared_side_by_side_or_one_under_another(open_staff, held):
    for width, together in ((1280, True), (390, False)):
        page = open_staff(f"{held}/history/", width=width)
        page.locator("a[href$='old=1&new=2']").click()
        page.locator(".comparison").first.wait_for()
        before, after = page.locator(".comparison td[data-side]").all()[:2]
        assert "removed:" in before.inner_text()
        assert "added:" in after.inner_text()
        assert (before.bounding_box()["y"] == after.bounding_box()["y"]) is together


def test_the_page_of_the_past_is_shown_in_the_frame_and_kept_as_a_file(open_staff, held):
    page = open_staff(f"{held}/history/")
    page.get_by_role("link", name="See it as it was from").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", level=1).wait_for()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep its HTML as a file").click()
    assert kept.value.suggested_filename.endswith(".html.txt")


def test_a_contradiction_is_fixed_by_hand_and_sent_on(open_staff, held):
    page = open_staff(f"{held}/resolve/")
    box = page.get_by_label("The whole text, with its title")
    assert "<<<<<<< staff\ntitle: By staff\n=======\ntitle: By the file\n>>>>>>> the file\n" in box.input_value()
    page.get_by_role("button", name="Use what is in the box").click()
    page.get_by_text("A mark is left here").wait_for()
    fixed = (
        box.input_value().replace("<<<<<<< staff\n", "").replace("=======\ntitle: By the file\n>>>>>>> the file\n", "")
    )
    box.fill(fixed)
    page.get_by_role("button", name="Use what is in the box").click()
    page.wait_for_url("**/review/")
    assert page.get_by_text("Brought both together by hand: that is draft").is_visible()
    page.goto(f"{held}/history/")
    page.get_by_role("button", name="Restore revision 1 as a draft").click()
    page.wait_for_url("**/change/")
    assert page.get_by_text("Revision 1 is draft 5 now").is_visible()
