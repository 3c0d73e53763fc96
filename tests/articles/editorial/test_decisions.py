"""What readers see of a decision, and that it is seen at once; two decisions about one article never interleave."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory

from siweb.articles.editorial import publishing, workflow
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from siweb.clinics.models import Clinic
from siweb.core.models import SiteVersion
from siweb.website.page_cache import PageCache
from tests.conftest import article_file
from tests.support.deciding import KIND, decide

PAGE = "/guide/care/"


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


def write(article, by, words="Other words.\n"):
    article.refresh_from_db()
    return article.edit(front_matter.parse(article_file(words)), by=by, version=article.version)


def checked_line(client):
    said = client.get(PAGE).content.decode()
    return " ".join(said[said.index('<div class="checked"') :].partition("</p>")[0].split())


# --- the line of the page ---------------------------------------------------------------------------------


def test_a_page_that_nobody_has_checked_says_so(client, article):
    assert "Not yet checked by a clinician at this clinic." in checked_line(client)


def test_a_checked_page_names_the_clinician_and_the_next_check(client, article, clinician):
    due = decide(article.live, KIND.APPROVE, clinician).review_due
    assert "Checked by Clara Clinician on" in checked_line(client)
    assert f", next check by {due:%-d %B %Y}." in checked_line(client)


def test_an_urgent_correction_says_so_until_it_is_confirmed(client, article, editor, clinician):
    revision = write(article, editor)
    decide(revision, KIND.URGENT, editor)
    assert "Corrected urgently on" in checked_line(client)
    assert "Not yet checked by a clinician" in checked_line(client)
    decide(revision, KIND.APPROVE, clinician)
    assert "urgently" not in checked_line(client)
    assert "Checked by Clara Clinician" in checked_line(client)


def test_a_second_reader_is_named_beside_the_only_clinician(client, article, editor, clinician):
    Clinic.objects.update(one_clinician=True)
    revision = write(article, clinician)
    decide(revision, KIND.URGENT, clinician)
    assert "Corrected urgently" in checked_line(client)
    decide(revision, KIND.READ, editor)
    decide(revision, KIND.APPROVE, clinician)
    assert "Checked by Clara Clinician, who wrote part of it, and read by Edith Editor, on" in checked_line(client)


def test_a_confirmation_is_the_newest_check(client, article, clinician, django_user_model):
    from tests.conftest import with_role

    decide(article.live, KIND.APPROVE, clinician)
    decide(article.live, KIND.CONFIRM, with_role(django_user_model, "cora", "Clinicians", "Colleague"))
    assert "Checked by Cora Colleague on" in checked_line(client)


def test_a_retired_page_is_gone(client, article, clinician):
    decide(article.live, KIND.RETIRE, clinician)
    assert client.get(PAGE).status_code == 404


def test_a_page_that_others_point_at_is_not_retired(client, article, content, clinician):
    sync.import_folder(content("rest", "See [care](care).\n"))
    with pytest.raises(ValidationError, match="Other pages point at this one: rest. Take these links out first"):
        decide(article.live, KIND.RETIRE, clinician)
    assert client.get(PAGE).status_code == 200


def test_a_retired_text_can_come_back_by_review(client, article, editor, clinician):
    decide(article.live, KIND.RETIRE, clinician)
    for kind, by in ((KIND.REQUEST, editor), (KIND.APPROVE, clinician), (KIND.PUBLISH, clinician)):
        decide(article.live, kind, by)
    assert client.get(PAGE).status_code == 200


# --- at once ---------------------------------------------------------------------------------------------

SEEN = {KIND.APPROVE, KIND.CONFIRM, KIND.URGENT, KIND.PUBLISH, KIND.RETIRE}


@pytest.mark.parametrize("kind", workflow.BY_KIND)
def test_the_page_cache_hears_of_every_decision_that_readers_see(article, editor, clinician, kind):
    Clinic.objects.update(one_clinician=True)
    before_it = {
        KIND.APPROVE: (),
        KIND.CONFIRM: (KIND.APPROVE,),
        KIND.RETIRE: (),
        KIND.REQUEST: (),
        KIND.URGENT: (),
        KIND.PUBLISH: (KIND.REQUEST, KIND.APPROVE),
        KIND.SCHEDULE: (KIND.REQUEST, KIND.APPROVE),
        KIND.CANCEL: (KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE),
    }.get(kind, (KIND.REQUEST,))
    revision = article.live if kind in (KIND.APPROVE, KIND.CONFIRM, KIND.RETIRE) else write(article, editor)
    for step in before_it:
        decide(revision, step, clinician)
    version = SiteVersion.current()
    decide(revision, kind, clinician)
    assert (SiteVersion.current() > version) == (kind in SEEN)


def test_a_page_held_in_memory_is_made_again_after_a_decision(client, article, clinician):
    def application(environ, start_response):
        response = client.get(PAGE)
        start_response("200 OK", list(response.items()))
        return [response.content]

    options = {
        "staff_cookie": "session",
        "uncached": (),
        "queries": {},
        "version": SiteVersion.current,
        "moved": lambda: None,
    }
    cache = PageCache(application, hosts={"testserver"}, seconds=0, **options)

    def read():
        environ = RequestFactory().get(PAGE).environ | {"HTTP_HOST": "testserver"}
        return b"".join(cache(environ, lambda *_: None)).decode()

    assert "Not yet checked" in read()
    decide(article.live, KIND.APPROVE, clinician)
    assert "Checked by Clara Clinician" in read()


# --- whole, or not at all ---------------------------------------------------------------------------------


def test_a_text_that_cannot_be_shown_is_neither_sent_nor_scheduled(article, content, editor, clinician):
    sync.import_folder(content("rest"))
    revision = write(article, editor, "See [rest](rest).\n")
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    publishing.take_down(Article.objects.get(slug="rest"))
    for kind in (KIND.SCHEDULE, KIND.PUBLISH):
        with pytest.raises(BadText, match="leads nowhere"):
            decide(revision, kind, clinician)
    assert [decision.kind for decision in revision.decisions.all()] == [KIND.REQUEST, KIND.APPROVE]
    article.refresh_from_db()
    assert article.live != revision
    other = write(article, editor, "See [rest](rest) again.\n")
    with pytest.raises(BadText, match="leads nowhere"):
        decide(other, KIND.REQUEST, editor)


def test_what_was_read_before_a_decision_does_not_count(article, editor, clinician):
    """Somebody's copy of the decisions is old: the table is asked about what is written down."""
    revision = write(article, editor)
    mine = Article.objects.get(pk=article.pk).revisions.prefetch_related("decisions").get(pk=revision.pk)
    decide(revision, KIND.REQUEST, editor)
    with pytest.raises(ValidationError, match="This text is in review"):
        decide(mine, KIND.REQUEST, editor)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads cannot share the tests' SQLite database in memory")
@pytest.mark.django_db(transaction=True)
def test_of_many_decisions_at_once_exactly_one_is_made(content, editor, clinician):
    sync.import_folder(content("care"))
    article = Article.objects.get()
    revision = write(article, editor)

    def decided(kind):
        try:
            decide(revision, kind, clinician)
            return 1
        except ValidationError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decided, [KIND.REQUEST] * 12)) == 1
        assert sum(pool.map(decided, [KIND.ASK, KIND.WITHDRAW] * 6)) == 1
    assert Decision.objects.count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads cannot share the tests' SQLite database in memory")
@pytest.mark.django_db(transaction=True)
def test_decisions_and_imports_at_once_end(content, editor, clinician, tmp_path):
    sync.import_folder(content("care"))
    article = Article.objects.get()
    revision = write(article, editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)

    def work(number):
        try:
            if number % 2:
                folder = tmp_path / str(number)
                folder.mkdir()
                (folder / "care.md").write_text(article_file(f"From a file, {number}.\n"), encoding="utf-8")
                sync.import_folder(folder)
            else:
                decide(revision, KIND.PUBLISH, clinician)
        except ValidationError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    article.refresh_from_db()
    assert workflow.state_of(article, revision) == State.PUBLISHED
