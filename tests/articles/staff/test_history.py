"""Everything that an article ever said can be seen, compared, restored, and shown as readers had it on a date."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from siweb.articles.editorial.publishing import publish, take_down
from siweb.articles.importing import sync
from siweb.articles.models import Article, Publication
from siweb.articles.staff.history import shown_at
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, signed

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def article(db, content, clinician, editor):
    """Two texts: the first from a file, signed and live; the second a draft."""
    sync.import_folder(content("care"))
    article = Article.objects.get()
    signed(article.live, clinician)
    article.edit(front_matter.parse(article_file("Other words.\n")), by=editor, version=article.version, note="Clearer")
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
    for words in ("Edith Editor, <time", "Clearer", "From a file", "Approved</b> by Clara Clinician", "newest draft"):
        assert words in page


@pytest.mark.slow
def test_the_history_of_200_revisions_takes_the_queries_of_two_and_loads_no_text(see, article, editor):
    see("history/")  # what is remembered until the site's version moves is read now
    with CaptureQueriesContext(connection) as before:
        see("history/")
    for number in range(200):
        article.edit(front_matter.parse(article_file(f"Text {number}.\n")), by=editor, version=article.version)
    see("history/")
    with CaptureQueriesContext(connection) as after:
        assert see("history/").count('<li id="revision-') == 202
    assert len(after) == len(before) <= 16
    listed = [query["sql"] for query in after if 'FROM "articles_revision"' in query["sql"]]
    assert listed
    assert not any('"articles_revision"."text"' in sql for sql in listed)


def test_any_two_revisions_are_compared_word_by_word_with_labels(see):
    page = see("compare/?old=1&new=2")
    assert "removed: </span>Some</del>" in page
    assert "added: </span>Other</ins>" in page
    assert '<th scope="col">Revision 1</th>' in page
    assert "<h2>Title</h2>" not in page  # what is the same is not there


@pytest.mark.parametrize("asked", ["", "?old=1", "?old=1&new=999", "?old=x&new=-1", "?old=1&new=²"])
def test_revisions_that_are_not_there_are_asked_for(see, asked):
    assert "Choose two revisions" in see(f"compare/{asked}")


def test_an_old_text_is_restored_as_a_draft_and_readers_see_nothing_of_it(client, see, article):
    live = article.live_id
    client.post(f"/admin/articles/article/{article.pk}/restore/", {"number": 1, "version": article.version})
    article.refresh_from_db()
    assert (article.head.number, article.head.note) == (3, "Restored from revision 1")
    assert article.head.text == article.revisions.get(number=1).text
    assert article.live_id == live


def test_restoring_the_newest_text_makes_no_revision_and_says_so(client, see, article):
    posted = {"number": 2, "version": article.version}
    answer = client.post(f"/admin/articles/article/{article.pk}/restore/", posted, follow=True)
    assert "Revision 2 is the newest text already." in answer.content.decode()
    assert article.revisions.count() == 2


def test_a_text_that_cannot_be_shown_any_more_is_restored_as_a_draft_and_goes_no_further(client, see, article, editor):
    there = Article.objects.create(slug="there")
    there.edit(front_matter.parse(article_file()), by=editor, version=0)
    publish(there)
    article.edit(front_matter.parse(article_file("[x](there)\n")), by=editor, version=article.version)
    article.edit(front_matter.parse(article_file("No link.\n")), by=editor, version=article.version)
    take_down(there)
    posted = {"number": 3, "version": article.version}
    answer = client.post(f"/admin/articles/article/{article.pk}/restore/", posted, follow=True).content.decode()
    assert "Revision 3 is draft 5 now" in answer
    with pytest.raises(BadText, match="leads nowhere"):
        decide(Article.objects.get(pk=article.pk).head, KIND.REQUEST, editor)


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
    assert shown_at(article, first.at - MOMENT) is None
    assert shown_at(article, first.at) == first
    assert shown_at(article, second.at) == second
    assert shown_at(article, second.at + timedelta(days=1)) is None


def test_a_page_of_the_past_is_shown_in_our_frame_only_and_kept_as_a_file(client, see, article):
    page = Publication.objects.get()
    response = client.get(f"/admin/articles/article/{article.pk}/as-published/{page.pk}/")
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert page.html in response.content.decode()
    kept = client.get(f"/admin/articles/article/{article.pk}/as-published/{page.pk}/?download")
    assert kept.content.decode() == page.html
    assert kept.headers["Content-Type"].startswith("text/plain")
    assert "attachment" in kept.headers["Content-Disposition"]


def test_it_says_who_had_checked_a_page_by_then(see, article, clinician):
    first = article.page
    [approval] = first.revision.decisions.all()
    before, after = (timezone.localtime(approval.at + step) for step in (-MOMENT, MOMENT))
    assert "No clinician of this clinic had checked it by then" in see(f"live-on/?on={before:%Y-%m-%dT%H:%M:%S.%f}")
    assert "<b>Approved</b> by Clara Clinician" in see(f"live-on/?on={after:%Y-%m-%dT%H:%M:%S.%f}")
    assert "readers got revision 1" in see(f"live-on/?page={first.pk}")


def test_a_request_for_review_is_no_check(see, article, editor):
    decide(article.head, KIND.REQUEST, editor)
    decide(article.head, KIND.URGENT, editor)
    article.refresh_from_db()
    page = see(f"live-on/?on={timezone.localtime():%Y-%m-%dT%H:%M:%S.%f}")
    assert "Published as an urgent correction" in page
    assert "Sent for review" not in page


def test_when_nothing_was_live_it_says_so_and_when_the_first_page_came(see, article):
    page = see("live-on/?on=2020-01-01T10:00")
    assert "Nothing was live" in page
    assert "The first one was shown on" in page


def test_a_day_to_come_is_refused_in_words(see):
    assert "That day is still to come" in see("live-on/?on=2999-01-01T10:00", status=422)


@pytest.mark.parametrize("asked", ["x", "2026-13-01", "2026-02-31T10:00", "999999999999"])
def test_a_date_that_is_none_is_refused_in_words(see, asked):
    assert "That is no date" in see(f"live-on/?on={asked}", status=422)
