"""What comes out of clipboards becomes Markdown that shows the same text, in a real browser; what does not is listed."""

import random
import re
from pathlib import Path

import pytest

from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import Surroundings, render, render_with_problems
from siweb.articles.text.front_matter import Text
from tests.support.pastes import Clipboard, Shown, tokens

pytestmark = pytest.mark.browser

CLIPBOARDS = Path(__file__).parent / "clipboard"
CONVERT = """async (all) => {
    const { fromClipboard } = await import("/static/js/editor/clipboard.js");
    return all.map((html) => fromClipboard(html));
}"""
# The truth table: name, HTML, what is reported with how often, and the Markdown.
CASE = re.compile(r"^=== (.+)\n([^]*?)\n--- ?(.*)\n([^]*?)\n*(?=^=== |\Z)".replace("[^]", r"[\s\S]"), re.MULTILINE)
PASTES = CASE.findall((Path(__file__).parent / "pastes.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def convert(chromium, site):
    """convert([html, …]) is what the browser makes of each, under the site's own policy."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.on("console", lambda message: page.said.append(message.text))
    page.said = []
    page.goto("/accessibility/")

    def convert(all_html):
        found = page.evaluate(CONVERT, all_html)
        assert page.said == []
        return found

    yield convert
    context.close()


@pytest.fixture(scope="module")
def table(convert):
    """{name: what came of it} for the whole truth table."""
    return dict(zip([name for name, *_ in PASTES], convert([html for _, html, *_ in PASTES]), strict=True))


def document_of(markdown):
    return Document(Text("Title", "Summary.", "page", body=f"{markdown}\n"))


def page_of(markdown):
    """The HTML that readers would get. The checks may say more: that a link touches a number in the clipboard, too."""
    return render_with_problems(document_of(markdown), Surroundings())[0].html


@pytest.mark.parametrize("name", sorted(path.stem for path in CLIPBOARDS.glob("*.html")))
def test_a_clipboard_keeps_headings_lists_bold_links_and_tables(convert, name):
    html = (CLIPBOARDS / f"{name}.html").read_text(encoding="utf-8")
    wanted = (CLIPBOARDS / f"{name}.md").read_text(encoding="utf-8")
    [found] = convert([html])
    assert found["text"] + "\n" == wanted
    assert found["isMarkdown"] is False


@pytest.mark.parametrize(("name", "html", "reported", "markdown"), PASTES, ids=[name for name, *_ in PASTES])
def test_each_kind_of_paste(table, name, html, reported, markdown):
    found = table[name]
    assert found["text"] == markdown
    assert ", ".join(f"{kind} {len(words)}" for kind, words in found["report"].items()) == reported
    assert bool(found["sentences"]) == bool(reported)
    render(document_of(markdown), Surroundings())  # raises BadText for what the site refuses


@pytest.mark.parametrize("seed", [f"paste {number}" for number in range(4)])
def test_text_numbers_cells_and_negation_of_random_clipboards_are_those_of_the_page(convert, seed):
    clipboards = [Clipboard(random.Random(f"{seed}:{number}")) for number in range(250)]
    for clipboard, found in zip(clipboards, convert([one.html for one in clipboards]), strict=True):
        assert Shown(page_of(found["text"])).tokens == clipboard.shown, clipboard.html
        assert {kind: len(found["report"].get(kind, ())) for kind in clipboard.left_out} == clipboard.left_out


def test_the_random_clipboards_would_notice_what_the_old_paste_did():
    shown = Shown(page_of("10 5 in 105\n\n1. a\n\n\n\n2. b\n\n| a |  |\n| --- | --- |\n| c | d |\n")).tokens
    assert tokens("10⁵ people") == ["10", "^5", "people"]
    assert tokens("105 people") != tokens("10⁵ people")
    assert shown == ["10", "5", "in", "105", "1)", "a", "2)", "b", "|", "a", "|", "|", "c", "|", "d"]


@pytest.mark.parametrize(
    ("html", "is_markdown"),
    [
        ("<div style='font-family:monospace'><div>## Our own</div><br><div>Markdown</div></div>", True),
        ("<pre>- a list\n- of ours</pre>", True),
        ("<pre>2*3 mg and 4*5 mg</pre>", False),
        ("<p>## typed in a mail</p>", False),
        ("<code>[^a]: x</code> and words", False),
        ("", False),
    ],
)
def test_only_code_with_marks_of_ours_is_markdown(convert, html, is_markdown):
    assert convert([html])[0]["isMarkdown"] is is_markdown


def test_the_sentences_count_and_quote_what_was_left_out(convert):
    html = "<p>Take <s>10</s> <s>20</s> 5 mg for 10<sup>2</sup> days<span hidden>secret</span>.</p>"
    assert convert([html])[0]["sentences"] == (
        "Left out: 2 struck-out passages (“10”, “20”); 1 hidden passage (“secret”). "
        "Changed: 1 raised or lowered number (“10²”)."
    )


def test_a_note_takes_no_label_that_the_text_has(convert, open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.focus(BOX)
    page.keyboard.insert_text("One.[^smith2014]\n\n[^smith2014]: Smith 2014.\n")
    html = "<p>Two.<a href='#_ftn1'>[1]</a></p><div id=ftn1>[1] Smith 2014</div>"
    page.evaluate(PASTE, [html, "Two.", None])
    assert "Two.[^smith2014b]\n\n[^smith2014b]: Smith 2014. Read:" in page.input_value(BOX)


BOX = "#id_body"
PASTE = """([html, text, file]) => {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    if (text) data.setData("text/plain", text);
    if (file) data.items.add(new File([Uint8Array.from(atob(file), c => c.charCodeAt(0))], "scan.png", { type: "image/png" }));
    const box = document.querySelector("#id_body");
    box.focus();
    return box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_pasting_from_word_is_reported_and_can_be_undone(open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.focus(BOX)
    page.keyboard.insert_text("Before.\n")
    html = (CLIPBOARDS / "word.html").read_text(encoding="utf-8")
    assert page.evaluate(PASTE, [html, "plain words", None]) is False
    wanted = (CLIPBOARDS / "word.md").read_text(encoding="utf-8")
    assert page.input_value(BOX) == f"Before.\n\n{wanted}"
    status = page.locator("#editor-pasted")
    assert status.get_attribute("role") == "status"
    assert status.inner_text() == (
        "Pasted. Left out: 1 struck-out passage (“each hour”); 1 comment (“Is this right?”); "
        "1 picture: add it with the Picture button."
    )
    page.keyboard.press("Control+z")
    assert page.input_value(BOX) == "Before.\n"


@pytest.mark.parametrize(
    ("html", "text"), [(None, "# as it is"), ("<pre>## Ours</pre>", "## Ours"), ("<b>x</b>", ""), ("<p> </p>", "x")]
)
def test_what_is_left_to_the_browser(open_staff, html, text):
    page = open_staff("/admin/articles/article/add/")
    assert page.evaluate(PASTE, [html, text, None]) is True
    assert page.input_value(BOX) == ""


def test_signs_in_a_plain_paragraph_are_shown_as_signs(open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.evaluate(PASTE, ["<p>2*3 mg and 4*5 mg</p>", "2*3 mg and 4*5 mg", None])
    assert page.input_value(BOX) == r"2\*3 mg and 4\*5 mg"


def test_words_win_over_the_picture_that_word_makes_of_them(open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.evaluate(PASTE, ["<h1>Title</h1>", "Title", "iVBORw0KGgo="])
    assert page.input_value(BOX) == "## Title\n"
    assert page.get_by_role("dialog").count() == 0
