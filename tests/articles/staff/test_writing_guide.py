"""The page that shows editors what can be written."""

from django.urls import reverse

from siweb.articles.rendering.document import Document
from siweb.articles.staff.writing_guide import SIGN
from siweb.articles.text.front_matter import Text
from siweb.core.shared_texts import GROUPS, LEVELS


def test_the_example_of_a_warning_sign_is_one():
    source = "\n\n[^smith2020]: Someone. A title. *Journal*, 2017. [x](https://example.org). Read: abstract.\n"
    [sign] = Document(Text("Signs", "Examples.", "signs", body=SIGN + source)).offer.signs
    assert sign.contrast
    assert sign.is_on_form


def test_the_page_shows_how_a_sign_is_written_and_every_level_and_group(client, editor, shipped):
    client.force_login(editor)
    shown = client.get(reverse("admin:articles_article_how_to_write")).content.decode()
    assert "level: emergency" in shown
    assert all(level in shown for level in LEVELS)
    assert all(group in shown for group in GROUPS)
    assert "[[signs:eyes:eye]]" in shown
