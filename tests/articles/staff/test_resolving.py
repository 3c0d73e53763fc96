"""A file's text beside the staff's: three texts, a proposal, a choice; whatever is chosen is a draft and nothing is lost."""

import random
import time

import pytest

from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from siweb.articles.text.merge import BOTH as AGAINST_EACH_OTHER
from siweb.articles.text.merge import FILE as BY_THE_FILE
from siweb.articles.text.merge import STAFF as BY_STAFF
from siweb.articles.text.merge import Merged
from tests.conftest import article_file
from tests.support.deciding import signed

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
        article.edit(front_matter.parse(article_file(OURS)), by=editor, version=article.version)
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
    assert choose(article, choice, article_file("By hand.\n") if choice == "edited" else "").status_code == 302
    article.refresh_from_db()
    assert article.head.parsed.body == body
    assert (article.head.source, article.incoming, article.live_id) == ("merge", None, live)


def merged(article):
    return Merged(article.base.text, article.head.text, article.incoming.text)


def test_changes_to_different_lines_go_together(apart):
    both = merged(apart())
    assert front_matter.parse(both.text).body == BOTH
    assert not both.contradicts
    assert [part.what for part in both.parts() if part.what] == [BY_STAFF, BY_THE_FILE]


def test_a_contradiction_is_shown_and_cannot_be_taken_as_it_is(apart, choose, client):
    article = apart(AGAINST)
    assert merged(article).contradicts
    assert [part.what for part in merged(article).parts() if part.what] == [AGAINST_EACH_OTHER]
    page = client.get(f"/admin/articles/article/{article.pk}/resolve/").content.decode()
    assert "There is no proposal: both changed the same lines" in page
    assert 'value="proposal"' not in page
    assert choose(article, "proposal").status_code == 422


def test_a_contradiction_in_the_title_is_shown_like_any_other(apart, editor):
    article = apart(AGAINST)
    ours = article.head.text.replace("title: A title", "title: By staff")
    theirs = article.incoming.text.replace("title: A title", "title: By the file")
    assert (
        "<<<<<<< staff\ntitle: By staff\n=======\ntitle: By the file\n>>>>>>> the file\n"
        in Merged(article.base.text, ours, theirs).text
    )


@pytest.mark.parametrize("mark", ["<<<<<<< staff", "=======", ">>>>>>> the file"])
def test_a_mark_that_is_left_in_the_box_is_refused_with_its_line(apart, choose, mark):
    article = apart(AGAINST)
    response = choose(article, "edited", article_file(f"One.\n\n{mark}\n\nTwo.\n"))
    assert response.status_code == 422
    assert "line 9: A mark is left here." in response.content.decode()
    assert Article.objects.get().incoming is not None


def test_what_was_written_in_the_box_is_not_dropped_by_another_button_unasked(apart, choose, client):
    article = apart()
    response = choose(article, "ours", article_file("Much that I typed.\n"))
    assert response.status_code == 422
    assert "Much that I typed." in response.content.decode()
    assert 'name="without_box"' in response.content.decode()
    again = {"choice": "ours", "text": article_file("Much that I typed.\n"), "version": article.version}
    client.post(f"/admin/articles/article/{article.pk}/resolve/", again | {"without_box": "yes"})
    article.refresh_from_db()
    assert article.head.parsed.body == OURS


def test_the_box_as_it_was_offered_stands_in_no_button_s_way(apart, choose):
    article = apart()
    assert choose(article, "file", merged(article).text.replace("\n", "\r\n")).status_code == 302


def test_three_hostile_texts_are_brought_together_quickly():
    chance = random.Random(1)
    texts = ["\n".join(chance.choice("ab") for _ in range(50_000)) for _ in range(3)]
    started = time.process_time()
    both = Merged(*texts)
    assert both.text
    assert list(both.parts())
    assert time.process_time() - started < 10


def test_a_text_that_cannot_be_read_as_a_file_is_refused_and_kept(apart, choose):
    article = apart()
    response = choose(article, "edited", "---\ntitle: [x\n---\n\nMuch that I typed\n")
    assert response.status_code == 422
    assert "Much that I typed" in response.content.decode()
    assert Article.objects.get().incoming is not None


def test_a_choice_is_a_draft_and_may_be_unfinished(apart, choose):
    article = apart()
    response = choose(article, "edited", article_file("[here](nowhere) and much that I typed\n"))
    assert response.status_code == 302
    assert "and much that I typed" in Article.objects.get().head.text


def test_a_choice_that_comes_too_late_changes_nothing_and_keeps_what_was_typed(apart, choose):
    article = apart()
    response = choose(article, "edited", article_file("Much that I typed.\n"), version=article.version - 1)
    assert response.status_code == 409
    assert "Much that I typed." in response.content.decode()
    assert Article.objects.get().incoming is not None


def test_what_was_typed_is_given_back_when_somebody_else_has_chosen_already(apart, choose):
    article = apart()
    choose(article, "file")
    response = choose(article, "edited", article_file("Much that I typed.\n"))
    assert response.status_code == 409
    assert "Much that I typed." in response.content.decode()
    assert "It is not saved: copy what you still need." in response.content.decode()
    article.refresh_from_db()
    assert article.head.parsed.body == FILE


def test_an_article_born_in_the_admin_has_no_text_in_common(db, content, editor, client):
    born = Article.objects.create(slug="care")
    born.edit(front_matter.parse(article_file(OURS)), by=editor, version=0)
    sync.import_folder(content("care", FILE))
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{born.pk}/resolve/").content.decode()
    assert "the two have no text in common that they come from" in page
    assert page.count("&lt;&lt;&lt;&lt;&lt;&lt;&lt; staff") == 2  # only where they differ


def test_nothing_to_choose_is_said_plainly(db, content, client, editor):
    sync.import_folder(content("care"))
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{Article.objects.get().pk}/resolve/").content.decode()
    assert "No file text waits for this article." in page
