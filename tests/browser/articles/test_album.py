"""The pages of pictures in a real browser: narrow, wide, light and dark; what is too large is refused as it is chosen."""

import pytest

from tests.browser.website.test_accessibility import violations
from tests.support.painting import noisy, saved

pytestmark = pytest.mark.browser

LIST = "/admin/articles/picture/"


def jpeg(data):
    return {"name": "Left hip.jpg", "mimeType": "image/jpeg", "buffer": data}


def test_a_picture_is_sent_looked_at_and_removed(open_staff):
    page = open_staff(LIST)
    page.set_input_files("#picture", jpeg(b"x" * 5_300_000))
    said = "document.querySelector('#picture').validationMessage"
    assert "larger than 5 MB" in page.evaluate(said)
    page.set_input_files("#picture", jpeg(saved(noisy((1700, 900)), "JPEG")))
    assert page.evaluate(said) == ""
    page.get_by_label("What it shows").fill("A hip")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/change/")
    for address in (LIST, page.url):
        for width, scheme in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            shown = open_staff(address, width=width, color_scheme=scheme)
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(shown) == []
            buttons = shown.locator("#content-main [type=submit]").all()
            assert all(button.bounding_box()["height"] >= 44 for button in buttons)
    page.get_by_role("button", name="Remove the picture").click()
    page.wait_for_url(f"**{LIST}")
    assert page.get_by_text("left-hip").count() == 1  # in the sentence that says that it is gone
