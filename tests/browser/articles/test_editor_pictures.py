"""Pictures by button, paste and drop in a real browser: what they show is asked for, and a failure writes nothing."""

import base64
import io

import pytest
from PIL import Image

from tests.browser.articles.test_editor_paste import PASTE

pytestmark = pytest.mark.browser

NEW = "/admin/articles/article/add/"
BOX = "#id_body"


def png(colour):
    file = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "PNG")
    return file.getvalue()


def dialog_of(page):
    return page.get_by_role("dialog", name="Picture")


def test_a_picture_is_chosen_from_this_computer(open_staff):
    page = open_staff(NEW)
    page.get_by_role("toolbar").get_by_role("button", name="Picture").click()
    dialog = dialog_of(page)
    dialog.locator("input[type=file]").set_input_files(
        {"name": "My hip.png", "mimeType": "image/png", "buffer": png("navy")}
    )
    dialog.get_by_role("button", name="Insert image").click()
    assert "Say what the picture shows" in dialog.get_by_role("alert").inner_text()
    dialog.get_by_label("What it shows").fill("A joint [left]")
    dialog.get_by_role("button", name="Insert image").click()
    dialog.wait_for(state="hidden")
    assert page.input_value(BOX) == "![A joint \\[left\\]](my-hip)\n"
    frame = page.frame_locator("iframe[title='Preview of the page']")
    frame.get_by_alt_text("A joint [left]").wait_for()
    page.get_by_role("toolbar").get_by_role("button", name="Picture").click()
    dialog.get_by_label("my-hip").check()
    assert dialog.get_by_label("What it shows").input_value() == "A joint [left]"


def test_a_pasted_picture_asks_what_it_shows(open_staff):
    page = open_staff(NEW)
    page.evaluate(PASTE, ["<img src='file:///c:/x.png'>", "", base64.b64encode(png("teal")).decode()])
    dialog = dialog_of(page)
    dialog.get_by_label("What it shows").fill("A needle")
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert page.input_value(BOX) == "![A needle](scan)\n"


def test_a_dropped_file_that_is_no_picture_is_refused_in_words(open_staff):
    page = open_staff(NEW)
    drop = """type => { const data = new DataTransfer(); data.items.add(new File(["x"], "x", { type }));
        return document.querySelector("#id_body").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })); }"""
    assert page.evaluate(drop, "application/pdf") is False
    page.get_by_role("alert").filter(has_text="Only pictures can be dropped here").wait_for()
    assert page.evaluate(drop, "image/png") is False
    assert dialog_of(page).is_visible()


@pytest.mark.parametrize("fault", ["not a picture", "signed out", "away"])
def test_a_failed_upload_is_said_beside_the_text_and_writes_nothing(open_staff, fault):
    page = open_staff(NEW)
    page.fill(BOX, "My words.")
    page.get_by_role("toolbar").get_by_role("button", name="Picture").click()
    dialog = dialog_of(page)
    data = b"<script>" if fault == "not a picture" else png("red")
    dialog.locator("input[type=file]").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": data})
    dialog.get_by_label("What it shows").fill("A joint")
    if fault == "signed out":
        page.context.clear_cookies()
    if fault == "away":
        page.context.set_offline(True)
    dialog.get_by_role("button", name="Insert image").click()
    said = {"not a picture": "picture", "signed out": "signed out", "away": "could not be reached"}[fault]
    dialog.get_by_role("alert").filter(has_text=said).wait_for()
    assert dialog.get_by_label("What it shows").input_value() == "A joint"
    assert page.input_value(BOX) == "My words."
