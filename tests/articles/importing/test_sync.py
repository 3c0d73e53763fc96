"""Files and staff edits meet by the rules of sync.py: the promises one by one. Random histories are in test_histories.py."""

import pytest

from siweb.articles.editorial.publishing import publish
from siweb.articles.importing import sync
from siweb.articles.models import Article, StaleError
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import signed


def text(name):
    return front_matter.parse(article_file(f"Text {name}.\n"))


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


def test_a_save_without_a_change_makes_no_revision(article, editor):
    typed_in_a_browser = front_matter.parse(article.live.text.replace("\n", "\r\n"))
    article.edit(typed_in_a_browser, by=editor, version=article.version)
    assert article.revisions.count() == 1


def test_a_stale_save_is_refused_and_changes_nothing(article, editor):
    article.edit(text("theirs"), by=editor, version=article.version)
    with pytest.raises(StaleError, match="Your text is kept"):
        article.edit(text("mine"), by=editor, version=article.version - 1)
    assert article.revisions.count() == 2


def test_a_draft_is_not_shown_until_it_is_published(article, editor):
    article.edit(text("a draft"), by=editor, version=article.version)
    article.refresh_from_db()
    assert "draft" not in article.page.html
    publish(article)
    article.refresh_from_db()
    assert "draft" in article.page.html


def test_what_was_live_before_is_still_known_exactly(article, editor):
    article.edit(text("the second"), by=editor, version=article.version)
    publish(article)
    assert ["Some words" in page.html for page in article.publications.order_by("at")] == [True, False]


def test_a_signed_text_is_never_replaced_by_a_file(article, clinician, content):
    signed(article.live, by=clinician)
    assert sync.import_folder(content("care", "New words from a file.\n")).outcomes["care"] == "HEAD_ONLY"
    article.refresh_from_db()
    assert "Some words" in article.page.html


def test_a_file_for_an_article_born_in_the_admin_waits_for_a_person(db, content, editor):
    born = Article.objects.create(slug="care")
    born.edit(text("from the admin"), by=editor, version=0)
    sync.import_folder(content("care"))
    assert Article.objects.waiting_for_a_choice().get() == born
    assert Article.objects.published().count() == 0
