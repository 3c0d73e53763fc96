"""Writing in a real browser: keys, buttons and dialogs, undo, the preview beside the text, and what happens on a fault."""

import re

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

NEW = "/admin/articles/article/add/"
BOX = "#id_body"
BUTTONS = (
    "Heading",
    "Bold",
    "Bullets",
    "Numbers",
    "Link",
    "Undo",
    "Care card",
    "Picture",
    "Source",
    "Our rule",
    "Table",
)


def text_in(page):
    return page.input_value(BOX)


def write(page, text):
    """Put a text into the box as if it had been typed."""
    page.focus(BOX)
    page.keyboard.insert_text(text)


def press(page, name):
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def select(page, words):
    page.evaluate(
        """([box, words]) => { const it = document.querySelector(box), at = it.value.indexOf(words);
        it.focus(); it.setSelectionRange(at, at + words.length); }""",
        [BOX, words],
    )


@pytest.fixture
def editor(open_staff):
    return open_staff(NEW)


KEYS = {
    "Control+b": "**Rest**",
    "Control+Shift+Digit2": "## Rest",
    "Control+Shift+Digit7": "1. Rest",
    "Control+Shift+Digit8": "- Rest",
}
DIALOG_KEYS = {
    "Control+k": "Link",
    "Control+Alt+c": "Care card",
    "Control+Alt+p": "Picture",
    "Control+Alt+s": "Source",
    "Control+Alt+r": "Our rule",
    "Control+Alt+g": "Table",
}


@pytest.mark.parametrize(("keys", "text"), KEYS.items())
def test_a_key_marks_what_is_selected(editor, keys, text):
    write(editor, "Rest")
    select(editor, "Rest")
    editor.keyboard.press(keys)
    assert text_in(editor) == text
    editor.keyboard.press("Control+z")
    assert text_in(editor) == "Rest"


def test_each_dialog_has_a_key_and_every_button_says_its_own(editor):
    for keys, name in DIALOG_KEYS.items():
        editor.focus(BOX)
        editor.keyboard.press(keys)
        editor.get_by_role("dialog", name=name).wait_for()
        editor.keyboard.press("Escape")
    said = [button.get_attribute("title") for button in editor.get_by_role("toolbar").get_by_role("button").all()]
    assert all("Ctrl+" in title for title in said)


def test_tab_leaves_the_box(editor):
    editor.focus(BOX)
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.id") != "id_body"
    assert text_in(editor) == ""


def test_the_buttons_are_one_stop_for_tab_and_arrows_go_along_them(editor):
    bar = editor.get_by_role("toolbar")
    assert [button.inner_text() for button in bar.get_by_role("button").all()] == list(BUTTONS)
    bar.get_by_role("button").first.focus()
    editor.keyboard.press("ArrowLeft")
    assert editor.evaluate("document.activeElement.textContent") == "Table"
    editor.keyboard.press("Home")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.id") == "id_body"


# A button, the text, what is selected, and the text afterwards.
MARKS = [
    ("Bold", "Do not drive.", "not", "Do **not** drive."),
    ("Bold", "Do **not** drive.", "not", "Do not drive."),
    ("Heading", "Driving", "Driving", "## Driving"),
    ("Heading", "## Driving", "Driving", "### Driving"),
    ("Heading", "### Driving", "Driving", "Driving"),
    ("Bullets", "one\ntwo", "one\ntwo", "- one\n- two"),
    ("Bullets", "- one\n- two", "- one\n- two", "one\ntwo"),
    ("Numbers", "- one\n- two", "- one\n- two", "1. one\n2. two"),
]


@pytest.mark.parametrize(("button", "before", "selected", "after"), MARKS)
def test_a_button_marks_what_is_selected_and_undo_takes_it_back(editor, button, before, selected, after):
    write(editor, before)
    select(editor, selected)
    press(editor, button)
    assert text_in(editor) == after
    press(editor, "Undo")
    assert text_in(editor) == before


def test_keys_do_what_the_buttons_do(editor):
    write(editor, "word")
    editor.keyboard.press("Control+b")
    assert text_in(editor) == "**word**"
    editor.keyboard.press("Control+k")
    assert editor.get_by_role("dialog", name="Link").is_visible()
    editor.keyboard.press("Escape")
    assert editor.evaluate("document.activeElement.id") == "id_body"


def test_enter_goes_on_with_a_list_and_ends_it(editor):
    editor.focus(BOX)
    editor.keyboard.type("1. one\ntwo\n\nafter")
    assert text_in(editor) == "1. one\n2. two\nafter"


def test_a_link_to_a_section_is_chosen_by_typing_a_few_letters(editor):
    write(editor, "See what to do.")
    select(editor, "what to do")
    press(editor, "Link")
    dialog = editor.get_by_role("dialog", name="Link")
    dialog.get_by_label("Where it leads").fill("injection driv")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Put the link in").click()
    assert re.fullmatch(r"See \[what to do\]\([a-z-]+#[a-z0-9-]+\)\.", text_in(editor))


def test_a_link_may_be_a_whole_address(editor):
    press(editor, "Link")
    dialog = editor.get_by_role("dialog", name="Link")
    dialog.get_by_label("The words to press").fill("the NHS")
    dialog.get_by_role("button", name="Put the link in").click()
    assert "Choose a page" in dialog.get_by_role("alert").inner_text()
    dialog.get_by_label("Where it leads").fill("https://www.nhs.uk/a_(b)")
    editor.keyboard.press("Enter")
    assert text_in(editor) == "[the NHS](https://www.nhs.uk/a_%28b%29)"


def test_a_care_card_a_rule_a_figure_and_a_table_stand_on_lines_of_their_own_and_undo_takes_each_back(editor):
    write(editor, "First.")
    editor.keyboard.press("Control+End")
    press(editor, "Care card")
    card = editor.get_by_role("dialog", name="Care card")
    card.get_by_role("button", name="Put the card in").click()
    assert "Write the heading" in card.get_by_role("alert").inner_text()
    card.get_by_label("Heading").fill("Call 999 if:")
    editor.keyboard.press("Enter")
    with_card = "First.\n\n::: emergency Call 999 if:\n- \n:::\n"
    assert text_in(editor) == with_card

    editor.keyboard.press("Control+End")
    press(editor, "Our rule")
    rule = editor.get_by_role("dialog", name="Our rule")
    rule.get_by_label("Find").fill("driving")
    rule.get_by_role("radio").first.check()
    rule.get_by_role("button", name="Put it in").click()
    assert text_in(editor) == f"{with_card}\n[[rule:driving]]\n"

    editor.keyboard.press("Control+End")
    press(editor, "Picture")
    picture = editor.get_by_role("dialog", name="Picture")
    picture.get_by_label("pelvis", exact=True).check()
    picture.get_by_role("button", name="Insert image").click()
    assert "Say what the picture shows" in picture.get_by_role("alert").inner_text()
    picture.get_by_label("What it shows").fill("The pelvis")
    picture.get_by_label("Caption").fill('A "joint".')
    editor.keyboard.press("Enter")
    assert text_in(editor).endswith('[[rule:driving]]\n\n![The pelvis](pelvis "A ”joint”.")\n')
    editor.keyboard.press("Control+z")
    assert text_in(editor) == f"{with_card}\n[[rule:driving]]\n"

    editor.keyboard.press("Control+End")
    press(editor, "Table")
    editor.get_by_role("dialog", name="Table").get_by_role("button", name="Put the table in").click()
    assert text_in(editor).endswith("\n\n| Heading 1 | Heading 2 |\n| --- | --- |\n|   |   |\n|   |   |\n|   |   |\n")


def test_a_source_is_filled_in_once_and_used_again(editor):
    write(editor, "Less pain. No harm.")
    for words in ("pain.", "harm."):
        select(editor, words)
        press(editor, "Source")
        source = editor.get_by_role("dialog", name="Source")
        if words == "pain.":
            source.get_by_label("A new one").check()
            for label, said in {
                "Author": "Smith JA and others",
                "Year": "2020",
                "Title": "A trial of injections",
                "Journal": "Spine",
                "DOI": "doi:10.1000/182(x)",
            }.items():
                source.get_by_role("textbox", name=label).fill(said)
            source.get_by_label("How it was read").select_option("Only its abstract")
        else:
            source.get_by_role("radio", name="smith2020").check()
        source.get_by_role("button", name="Put the source in").click()
    assert text_in(editor) == (
        "Less pain.[^smith2020] No harm.[^smith2020]\n\n"
        "[^smith2020]: Smith JA and others. A trial of injections. *Spine*, 2020. "
        "[doi.org/10.1000/182(x)](https://doi.org/10.1000/182%28x%29). Read: abstract.\n"
    )


def test_a_source_in_an_empty_text_stands_on_a_line_of_its_own(editor):
    press(editor, "Source")
    source = editor.get_by_role("dialog", name="Source")
    source.get_by_label("A new one").check()
    source.get_by_role("textbox", name="Title").fill("A trial")
    source.get_by_role("textbox", name="Author").fill("Smith J")
    source.get_by_role("textbox", name="Journal").fill("Spine")
    source.get_by_label("How it was read").select_option("In full")
    source.get_by_role("button", name="Put the source in").click()
    assert text_in(editor) == "[^smith]\n\n[^smith]: Smith J. A trial. *Spine*, undated. Read: full text.\n"


def test_a_new_source_says_all_that_the_checks_ask_for(editor):
    press(editor, "Source")
    source = editor.get_by_role("dialog", name="Source")
    source.get_by_label("A new one").check()
    assert source.get_by_label("Who reports it").is_hidden()
    for label, said, asked in (
        ("Title", "Back pain", "Write the title"),
        ("Journal or publisher", "NHS", "who published it"),
        ("DOI or address", "www.nhs.uk/back", "Write its address"),
        ("How it was read", "Not itself, but as another reports it", "Choose how it was read"),
        ("Who reports it", "Jones", "Write who reports it"),
    ):
        source.get_by_role("button", name="Put the source in").click()
        assert asked in source.get_by_role("alert").inner_text()
        field = source.get_by_label(label, exact=True)
        field.select_option(said) if label.startswith("How") else field.fill(said)
    source.get_by_role("button", name="Put the source in").click()
    assert text_in(editor) == (
        "[^nhs]\n\n[^nhs]: NHS. Back pain. Undated. [nhs.uk/back](https://www.nhs.uk/back). Read: as reported by Jones.\n"
    )


def test_a_source_of_a_live_page_keeps_its_mark(editor):
    write(editor, "Words")
    press(editor, "Source")
    source = editor.get_by_role("dialog", name="Source")
    source.get_by_label("Find").fill("kao2017")
    source.get_by_role("radio", name="kao2017").check()
    source.get_by_role("button", name="Put the source in").click()
    assert text_in(editor).startswith("Words[^kao2017]\n\n[^kao2017]: Kao FC and others.")


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_in_the_form_and_its_dialogs(open_staff, width, scheme):
    page = open_staff(NEW, width=width, color_scheme=scheme)
    found = {"form": staff_violations(page)}
    for name in ("Link", "Care card", "Picture", "Source", "Our rule", "Table"):
        press(page, name)
        page.get_by_role("dialog").wait_for()
        found[name] = staff_violations(page)
        page.keyboard.press("Escape")
    page.fill(BOX, "[x](nowhere) 50% of people \x07")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("This could not be saved yet.").wait_for()
    found["refused"] = staff_violations(page)
    page.goto("/admin/articles/article/how-to-write/")
    found["how to write"] = staff_violations(page)
    assert {name: one for name, one in found.items() if one} == {}


def test_a_text_of_500_kb_is_written_as_quickly_and_previewed_only_when_asked(editor):
    posted = []
    editor.on("request", lambda request: posted.append(request.url) if request.url.endswith("/preview/") else None)
    editor.fill("#id_title", "Long")
    height = editor.locator(BOX).bounding_box()["height"]
    editor.fill(BOX, ("Some words in a line that goes on for a while and stops. " * 10 + "\n\n") * 880)
    assert len(text_in(editor)) > 500_000
    editor.get_by_text("press “Update preview” to see it").wait_for()
    typed = editor.evaluate(
        """async () => { const box = document.querySelector("#id_body"); box.focus(); box.setSelectionRange(250000, 250000);
        const began = performance.now();
        for (let key = 0; key < 50; key += 1) {
            document.execCommand("insertText", false, "x");
            await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        }
        return (performance.now() - began) / 50; }"""
    )
    assert typed < 100  # milliseconds for each letter, on a busy machine
    assert editor.locator(BOX).bounding_box()["height"] == height
    assert posted == []
    editor.get_by_role("button", name="Update preview").click()
    editor.frame_locator("iframe[title='Preview of the page']").get_by_text("Some words in a line").first.wait_for()
