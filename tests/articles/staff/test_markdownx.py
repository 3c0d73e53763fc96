"""django-markdownx lends its field and widget; its views, its script, its style and its ways with text are out of reach."""

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from markdownx import settings as theirs
from markdownx.fields import MarkdownxFormField
from markdownx.utils import markdownify as default
from markdownx.widgets import AdminMarkdownxWidget

from siweb.articles.editorial.publishing import markdownify
from siweb.articles.forms import ArticleForm
from tests.support.rendering import dangers


def _views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from _views(pattern.url_patterns)


def test_no_view_of_its_own_can_be_reached():
    views = list(_views(get_resolver().url_patterns))
    modules = {getattr(getattr(view, "view_class", view), "__module__", "") for view in views}
    assert len(views) > 40
    assert [module for module in modules if module.startswith("markdownx")] == []


def test_its_addresses_are_ours():
    assert reverse("admin:articles_article_preview") == theirs.MARKDOWNX_URLS_PATH
    assert reverse("admin:articles_picture_upload") == theirs.MARKDOWNX_UPLOAD_URLS_PATH


def test_every_setting_of_the_audit_is_set():
    assert theirs.MARKDOWNX_MARKDOWNIFY_FUNCTION == "siweb.articles.editorial.publishing.markdownify"
    assert theirs.MARKDOWNX_UPLOAD_MAX_SIZE == 5 * 1024 * 1024
    assert set(theirs.MARKDOWNX_UPLOAD_CONTENT_TYPES) == {"image/jpeg", "image/png", "image/webp"}
    assert theirs.MARKDOWNX_IMAGE_MAX_SIZE["size"] == (1600, 1600)
    assert list(theirs.MARKDOWNX_SKIP_RESIZE) == []
    assert theirs.MARKDOWNX_EDITOR_RESIZABLE is False
    assert 800 <= theirs.MARKDOWNX_SERVER_CALL_LATENCY <= 1000
    assert "markdownx" in settings.INSTALLED_APPS


def test_what_it_would_render_is_rendered_by_us(shipped):
    hostile = "<script>alert(1)</script> [x](https://example.org) **b**\n"
    assert "<script>" in default(hostile)
    assert dangers(markdownify(hostile)) == []
    assert "<strong>b</strong>" in markdownify(hostile)


@pytest.mark.django_db  # the form offers the roles that no page has
def test_the_body_is_its_field_and_widget_with_none_of_its_files():
    field = ArticleForm.base_fields["body"]
    assert isinstance(field, MarkdownxFormField)
    assert isinstance(field.widget, AdminMarkdownxWidget)
    assert field.strip is False
    assert "markdownx/" not in str(ArticleForm().media)
    assert 'role="toolbar"' in str(ArticleForm()["body"])
