"""The box in which an article's text is written: django-markdownx's widget with our own template, script and style.

Its own script catches Tab, breaks undo and writes error messages into the text; its two views are open to anybody. None
of that is used: settings.py turns it off, and tests/articles/staff/test_markdownx.py looks that nothing of it can be reached.
"""

from django.forms.widgets import Script
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget


class ArticleBox(AdminMarkdownxWidget):
    template_name = "staff/articles/box.html"

    class Media:
        extend = False  # not its script and style
        css = {"all": ["css/staff/editor.css"]}
        js = [Script("js/editor/main.js", type="module")]


class BodyField(MarkdownxFormField):
    """Markdown as it was typed: blanks at the ends mean something there."""

    def __init__(self, **options):
        super().__init__(widget=ArticleBox(attrs={"rows": 30, "spellcheck": "true"}), strip=False, **options)
