"""Everything that an article ever said can be seen, compared, restored, and shown as readers had it on a date."""

from datetime import timedelta

import pytest

from siweb.articles import files, sync
from siweb.articles.models import Article, Publication
from siweb.articles.staff.history import shown_at

from .conftest import article_file
from .deciding import KIND, decide, signed


@pytest.fixture
def article(db, content, clinician, editor):
    """Two texts: the first from a file, signed and live; the second a draft."""
    sync.import_folder(content("care"))
    article = Article.objects.get()
    signed(article.live, clinician)
    article.edit(files.parse(article_file("Other words.\n")), by=editor, version=article.version, note="Clearer")
    return article


@pytest.fixture
def see(client, editor, article):
    client.force_login(editor)

    def see(page, status=200):
        response = client.get(f"/admin/articles/article/{article.pk}/{page}")
        assert response.status_code == status
        return response.content.decode()

    return see


def test_the_history_tells_who_wrote_and_decided_what(see):
    page = see("history/")
    for words in ("Edith Editor", "“Clearer”", "from a file", "Approved</b> by Clara Clinician", "newest draft"):
        assert words in page


def test_the_history_of_many_revisions_takes_the_same_queries(see, article, editor, django_assert_max_num_queries):
    for number in range(40):
        article.edit(files.parse(article_file(f"Text {number}.\n")), by=editor, version=article.version)
    with django_assert_max_num_queries(20) as queries:
        see("history/")
    listed = [query["sql"] for query in queries if 'FROM "articles_revision"' in query["sql"]]
    assert listed
    assert not any('"articles_revision"."text"' in sql for sql in listed)


def test_any_two_revisions_are_compared_word_by_word_with_labels(see):
    page = see("compare/?old=1&new=2")
    assert "removed: </span>Some</del>" in page
    assert "added: </span>Other</ins>" in page
    assert "Choose two revisions" in see("compare/?old=1&new=999")


def test_an_old_text_is_restored_as_a_draft_and_readers_see_nothing_of_it(client, see, article):
    live = article.live_id
    client.post(f"/admin/articles/article/{article.pk}/restore/", {"number": 1, "version": article.version})
    article.refresh_from_db()
    assert (article.head.number, article.head.note) == (3, "Restored from revision 1")
    assert article.head.text == article.revisions.get(number=1).text
    assert article.live_id == live


@pytest.mark.parametrize(
    "posted", [{}, {"number": "9", "version": "1"}, {"number": "1", "version": "99"}, {"number": "x"}]
)
def test_a_restore_that_makes_no_sense_or_comes_too_late_changes_nothing(client, see, article, posted):
    response = client.post(f"/admin/articles/article/{article.pk}/restore/", posted, follow=True)
    assert "errorlist" in response.content.decode() or 'class="error"' in response.content.decode()
    assert article.revisions.count() == 2


def test_what_was_live_at_a_moment_is_the_page_as_it_was(article, clinician, editor):
    first = article.page
    decide(article.head, KIND.REQUEST, editor)
    decide(article.head, KIND.APPROVE, clinician)
    decide(article.head, KIND.PUBLISH, clinician)
    article.refresh_from_db()
    second = article.page
    decide(article.live, KIND.RETIRE, clinician)
    moment = timedelta(microseconds=1)
    assert shown_at(article, first.at - moment) is None
    assert shown_at(article, first.at) == first
    assert shown_at(article, second.at) == second
    assert shown_at(article, second.at + timedelta(days=1)) is None


def test_a_page_of_the_past_is_shown_in_our_frame_only_and_kept_as_a_file(client, see, article):
    page = Publication.objects.get()
    response = client.get(f"/admin/articles/article/{article.pk}/as-published/{page.pk}/")
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert page.html.split("\n")[0] in response.content.decode()
    kept = client.get(f"/admin/articles/article/{article.pk}/as-published/{page.pk}/?download")
    assert kept.content.decode() == page.html
    assert kept.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in kept.headers["Content-Disposition"]


@pytest.mark.parametrize("asked", ["x", "2026-13-01", "2026-02-31T10:00", "999999999999"])
def test_a_date_that_is_none_is_refused_in_words(see, asked):
    assert "That is no date" in see(f"live-on/?on={asked}", status=422)
