"""What must work in every engine: sending the form, printing an article, pasting from Word, following the desk's colours."""

import re
import secrets
import shutil
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from siweb.enquiries.intake.spam import LEAST_SECONDS
from tests.browser.articles.test_editor_paste import page_of
from tests.browser.articles.test_print import MOST_SHEETS
from tests.browser.articles.test_print import words as words_of_pdf
from tests.browser.enquiries.test_enquiry import REFERENCE, stored
from tests.support.pastes import Shown

CLIPBOARDS = Path(__file__).parents[1] / "articles" / "clipboard"
BOX = "#id_body"

# WebKit sets no columns on paper, so that it needs a sheet more.
MORE_SHEETS = {"webkit": 1}

# The article's own words, those in folded details too; without what is only for the screen or for screen readers.
WRITTEN = """
const page = document.querySelector("main").cloneNode(true);
page.querySelectorAll("nav, form, .screen, .hidden, .rule p:nth-of-type(3)").forEach((element) => element.remove());
const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT), found = [];
while (texts.nextNode()) found.push(texts.currentNode.data);
return found.join(" ");
"""
ADDRESS = re.compile(r"\S*\w[./]\w\S*")  # a long one may be broken between any two of its letters
EMPTY = "document.querySelector('#id_body').value = ''; document.querySelector('#editor-pasted').textContent = ''"


def test_an_enquiry_can_be_filled_in_checked_and_sent(each_engine, site):
    browser, name = each_engine, f"Maria {secrets.token_hex(4)}"
    browser.open("/enquire/form/")
    opened = time.monotonic()
    for choice in ("who_0", "voicemail_0", "first_0", "times_0", "place_1", "needs_3", "tell_0"):
        browser.click(f"#id_{choice}")
    browser.type("#id_name", name)
    browser.type("#id_phone", "0161 496 0000 after 5")
    browser.type("#id_email", "maria@example.org")
    browser.type("#id_words", "Mornings suit me best.")
    browser.press("Check your answers")
    answers = browser.text()
    assert "Nothing has been sent yet" in answers
    assert all(said in answers for said in (name, "maria@example.org", "Your note: after 5", "Mornings suit me best."))
    browser.wait(lambda: time.monotonic() > opened + LEAST_SECONDS, "a person needs as long")
    browser.press("I have none of these: go on and send enquiry")
    reference = REFERENCE.search(browser.text())[0]
    assert stored(site, name) == [[reference, "new", "+441614960000", "Mornings suit me best.", "1", "2"]]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_an_article_on_paper_has_all_of_its_words_and_sources_and_no_navigation(each_engine, tmp_path):
    browser = each_engine
    browser.open("/guide/causes/")
    screen, written = browser.run("return document.body.textContent"), browser.run(WRITTEN)
    paper = unicodedata.normalize("NFKC", words_of_pdf(browser.print(), tmp_path))  # "fi" may be one letter
    assert 1 <= paper.count("\f") <= MOST_SHEETS + MORE_SHEETS.get(browser.name, 0)
    assert "Sources" in written
    assert counted(ADDRESS.sub("", written)) - counted(paper) == Counter()
    for control in ("On this page", "Read next", "Was this page useful?", "Skip to"):
        assert control in screen
        assert control not in paper
    assert all(number in paper for number in ("999", "111", "01632 960001"))


def counted(text):
    """How often each word is there; one with a hyphen may be broken behind it."""
    return Counter(re.findall(r"\w+", re.sub(r"-\s*", "", text)))


# The scripts run, and the preview has shown its first page. WebKitGTK's WebDriver waits for neither; a frame that loads
# makes WebKit forget what can be taken back.
EDITOR_IS_READY = """
const frame = document.querySelector("#preview iframe");
return frame && frame.contentDocument.readyState === "complete" && frame.contentDocument.querySelector("main h1") !== null;
"""


@pytest.fixture
def box(each_engine, cookies):
    """A browser in which an editor begins an article."""
    each_engine.sign_in(cookies("Editors"))
    each_engine.open("/admin/articles/article/add/")
    each_engine.wait(lambda: each_engine.run(EDITOR_IS_READY), "the editor is ready")
    return each_engine


def test_what_was_copied_in_word_is_pasted_as_markdown_and_can_be_undone(box):
    html, wanted = ((CLIPBOARDS / f"word.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
    box.paste(BOX, {"text/html": html, "text/plain": "plain words"})
    assert box.wait(lambda: value(box), "something is in the box") == wanted
    assert "1 comment (“Is this right?”)" in box.text("#editor-pasted")
    box.undo()
    box.wait(lambda: not value(box), "the box is empty again")


def test_each_clipboard_is_pasted_with_the_same_text_numbers_and_cells(box):
    """Word, Google Docs, LibreOffice, Excel, Outlook, a web page, a PDF: compared as readers see them."""
    for path in sorted(CLIPBOARDS.glob("*.html")):
        box.run(EMPTY)
        box.paste(BOX, {"text/html": path.read_text(encoding="utf-8"), "text/plain": "plain words"})
        found = box.wait(lambda: value(box), f"{path.stem} is in the box")
        wanted = path.with_suffix(".md").read_text(encoding="utf-8")
        assert Shown(page_of(found)).tokens == Shown(page_of(wanted)).tokens, (path.stem, found)
        assert box.text("#editor-pasted").startswith("Pasted")


def test_code_with_marks_of_ours_is_pasted_as_it_is(box):
    box.paste(BOX, {"text/html": "<pre># plain words</pre>", "text/plain": "# plain words – “as they are”"})
    assert box.wait(lambda: value(box), "something is in the box") == "# plain words – “as they are”"


def test_with_shift_the_plain_words_are_pasted(box):
    box.display.copy({"text/html": "<h2>No</h2>", "text/plain": "# plain *words*"})
    box.click(BOX)

    def paste_plain():
        box.control_shift("v")
        return value(box)

    assert box.wait(paste_plain, "something is in the box").startswith("# plain *words*")


def value(box):
    return box.find(BOX).get_property("value")


@pytest.mark.parametrize("path", ["/", "/guide/causes/", "/enquire/form/"])
def test_pages_follow_the_colours_of_the_desk_while_they_are_open(each_engine, path):
    browser = each_engine
    browser.open(path)
    assert brightness(browser, "backgroundColor") > 200 > 100 > brightness(browser, "color")
    browser.prefer("dark")
    assert brightness(browser, "backgroundColor") < 50 < 200 < brightness(browser, "color")
    browser.prefer("light")
    assert brightness(browser, "backgroundColor") > 200


def brightness(browser, colour):
    """The mean of red, green and blue that the page as a whole has."""
    said = browser.run("return getComputedStyle(document.documentElement)[arguments[0]]", colour)
    assert (found := re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", said)), said
    return sum(map(int, found.groups())) / 3
