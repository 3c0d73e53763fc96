"""What comes out of Word's, Google's and LibreOffice's clipboards becomes our Markdown, in a real browser."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CLIPBOARDS = Path(__file__).parent / "clipboard"
CONVERT = """async (html) => (await import("/static/js/editor/clipboard.js")).fromClipboard(html)"""


@pytest.fixture(scope="module")
def pasted(chromium, site):
    """pasted(html) is what the browser makes of it, under the site's own policy."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.on("console", lambda message: page.said.append(message.text))
    page.said = []
    page.goto("/accessibility/")

    def paste(html):
        found = page.evaluate(CONVERT, html)
        assert page.said == []
        return found

    yield paste
    context.close()


@pytest.mark.parametrize("name", sorted(path.stem for path in CLIPBOARDS.glob("*.html")))
def test_a_clipboard_keeps_headings_lists_bold_links_and_tables(pasted, name):
    html = (CLIPBOARDS / f"{name}.html").read_text(encoding="utf-8")
    wanted = (CLIPBOARDS / f"{name}.md").read_text(encoding="utf-8")
    found = pasted(html)
    assert found["text"] + "\n" == wanted
    assert found["structured"] is True


def test_pictures_in_a_clipboard_are_counted_and_not_pasted(pasted):
    assert pasted((CLIPBOARDS / "word.html").read_text(encoding="utf-8"))["pictures"] == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>Only words</p>",
        "<div style='font-family:monospace'><div>## Our own</div><br><div>Markdown</div></div>",
        "<span>one</span> <i>two</i><br>three",
        "",
    ],
)
def test_words_without_structure_are_left_to_the_browser(pasted, html):
    assert pasted(html)["structured"] is False


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>a </b>b<b> </b>c</p>", "**a** b c"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ("<p>one<br><br>two</p>", "one\n\ntwo"),
        ("<h2></h2><p> </p><ul><li></li></ul><p>x</p>", "x"),
        ("<a href='javascript:alert(1)'>x</a> <a href='#top'>y</a> <a href='file:///c:/z'>z</a>", "x y z"),
        ("<table><tr><td><p>framed</p><ul><li>item</li></ul></td></tr></table>", "framed\n\n- item"),
        (
            "<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
            "| a |  |\n| --- | --- |\n| b | c |",
        ),
        ("<script>alert(1)</script><p onclick='x()'><b>safe</b></p><style>p{}</style>", "**safe**"),
        ("<ol><li>a</li></ol><ul><li>b</li></ul>", "1. a\n\n- b"),
        (
            "<p><b>x</b></p><p>- no list</p><p>&gt; no quote</p><p>::: no card</p>",
            "**x**\n\n\\- no list\n\n\\> no quote\n\n\\::: no card",
        ),
        ("<h6>deep</h6>", "###### deep"),
        ("<p><b>a\u00adb\u200bc\u00a0d</b></p>", "**abc d**"),
    ],
)
def test_odd_pieces(pasted, html, text):
    assert pasted(html)["text"] == text


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


def test_pasting_from_word_can_be_undone(open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.focus(BOX)
    page.keyboard.insert_text("Before.\n")
    html = (CLIPBOARDS / "word.html").read_text(encoding="utf-8")
    assert page.evaluate(PASTE, [html, "plain words", None]) is False
    wanted = (CLIPBOARDS / "word.md").read_text(encoding="utf-8")
    assert page.input_value(BOX) == f"Before.\n\n{wanted}"
    page.get_by_text("Pictures do not come along").wait_for()
    page.keyboard.press("Control+z")
    assert page.input_value(BOX) == "Before.\n"


@pytest.mark.parametrize(
    ("html", "text"), [(None, "# as it is"), ("<p>plain <i>words</i></p>", "plain words"), ("<b>x</b>", "")]
)
def test_plain_words_are_pasted_by_the_browser(open_staff, html, text):
    page = open_staff("/admin/articles/article/add/")
    assert page.evaluate(PASTE, [html, text, None]) is True
    assert page.input_value(BOX) == ""


def test_words_win_over_the_picture_that_word_makes_of_them(open_staff):
    page = open_staff("/admin/articles/article/add/")
    page.evaluate(PASTE, ["<h1>Title</h1>", "Title", "iVBORw0KGgo="])
    assert page.input_value(BOX) == "## Title\n"
    assert page.get_by_role("dialog").count() == 0
