"""A file's text beside the staff's: three texts, a proposal, a choice; whatever is chosen is a draft and nothing is lost."""

import pytest

from siweb.articles import files, sync
from siweb.articles.models import Article
from siweb.articles.staff.resolve import proposed

from .conftest import article_file
from .deciding import signed

BASE = "First.\n\nSecond.\n\nThird.\n"
OURS = "First, by staff.\n\nSecond.\n\nThird.\n"
FILE = "First.\n\nSecond.\n\nThird, by the file.\n"
AGAINST = "First, by the file.\n\nSecond.\n\nThird.\n"
BOTH = "First, by staff.\n\nSecond.\n\nThird, by the file.\n"


@pytest.fixture
def apart(content, clinician, editor, db):
    def apart(of_file=FILE):
        sync.import_folder(content("care", BASE))
        article = Article.objects.get()
        signed(article.live, clinician)
        article.edit(files.parse(article_file(OURS)), by=editor, version=article.version)
        sync.import_folder(content("care", of_file))
        return Article.objects.get()

    return apart


@pytest.fixture
def choose(client, editor):
    client.force_login(editor)

    def choose(article, choice, text="", version=None):
        version = article.version if version is None else version
        return client.post(
            f"/admin/articles/article/{article.pk}/resolve/", {"choice": choice, "text": text, "version": version}
        )

    return choose


CHOSEN = {"ours": OURS, "file": FILE, "proposal": BOTH, "edited": "By hand.\n"}


@pytest.mark.parametrize(("choice", "body"), CHOSEN.items())
def test_every_choice_makes_a_draft_and_readers_see_what_they_saw(apart, choose, choice, body):
    article = apart()
    live = article.live_id
    assert choose(article, choice, article_file("By hand.\n")).status_code == 302
    article.refresh_from_db()
    assert article.head.parsed.body == body
    assert (article.head.source, article.incoming, article.live_id) == ("merge", None, live)


def test_changes_to_different_lines_go_together_and_to_the_same_contradict(apart):
    text, contradicts = proposed(apart())
    assert files.parse(text).body == BOTH
    assert not contradicts


def test_a_contradiction_is_shown_and_cannot_be_taken_as_it_is(apart, choose, client):
    article = apart(AGAINST)
    _, contradicts = proposed(article)
    assert contradicts
    page = client.get(f"/admin/articles/article/{article.pk}/resolve/").content.decode()
    assert "The two change the same lines" in page
    assert 'value="proposal"' not in page
    assert choose(article, "proposal").status_code == 422


def test_a_text_that_cannot_be_shown_is_refused_and_kept(apart, choose):
    article = apart()
    typed = article_file("[here](nowhere) and much that I typed\n")
    response = choose(article, "edited", typed)
    assert response.status_code == 422
    assert "and much that I typed" in response.content.decode()
    assert Article.objects.get().incoming is not None


def test_a_choice_that_comes_too_late_changes_nothing_and_keeps_what_was_typed(apart, choose):
    article = apart()
    response = choose(article, "edited", article_file("Much that I typed.\n"), version=article.version - 1)
    assert response.status_code == 409
    assert "Much that I typed." in response.content.decode()
    assert Article.objects.get().incoming is not None


def test_an_article_born_in_the_admin_has_no_text_in_common(db, content, editor, client):
    born = Article.objects.create(slug="care")
    born.edit(files.parse(article_file(OURS)), by=editor, version=0)
    sync.import_folder(content("care", FILE))
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{born.pk}/resolve/").content.decode()
    assert "There is none: the article was begun here." in page


def test_nothing_to_choose_leads_to_the_history(db, content, client, editor):
    sync.import_folder(content("care"))
    client.force_login(editor)
    assert client.get(f"/admin/articles/article/{Article.objects.get().pk}/resolve/").url.endswith("/history/")
