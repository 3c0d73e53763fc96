"""Pages that the law or safety asks for stay where they are: each of them, against every way to lose it."""

import pytest
from django.core.exceptions import ValidationError

from siweb.articles.editorial import scheduling
from siweb.articles.editorial.publishing import publish
from siweb.articles.importing import sync
from siweb.articles.models import Article, OldAddress
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import PROTECTED, BadText
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, tomorrow

ANOTHER = {"page": "topic", "topic": "page"}


def kind_of(slug):
    return "topic" if slug == "when-to-get-help" else "page"


def retire(slug, article, content, editor, clinician):
    decide(article.live, KIND.RETIRE, clinician)


def rename_by_a_file(slug, article, content, editor, clinician):
    content.folder.joinpath(f"{slug}.md").unlink()
    sync.import_folder(content("elsewhere", aliases=f"[{slug}]"))


def claim_it_as_an_old_address(slug, article, content, editor, clinician):
    other = Article.objects.create(slug="elsewhere")
    other.edit(front_matter.parse(article_file("Words.\n", aliases=f"[{slug}]")), by=editor, version=0)
    publish(other)


def move_it_by_a_file(slug, article, content, editor, clinician):
    sync.import_folder(content(slug, kind=ANOTHER[kind_of(slug)]))


def draft_elsewhere(slug, article, editor):
    text = front_matter.parse(article_file("Words.\n", kind=ANOTHER[kind_of(slug)]))
    revision = article.edit(text, by=editor, version=article.version)
    decide(revision, KIND.REQUEST, editor)
    return revision


def publish_it_elsewhere(slug, article, content, editor, clinician):
    revision = draft_elsewhere(slug, article, editor)
    decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.PUBLISH, clinician)


def correct_it_elsewhere(slug, article, content, editor, clinician):
    decide(draft_elsewhere(slug, article, editor), KIND.URGENT, editor)


def schedule_it_away(slug, article, content, editor, clinician):
    revision = draft_elsewhere(slug, article, editor)
    decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.SCHEDULE, clinician)


WAYS = (
    retire,
    rename_by_a_file,
    claim_it_as_an_old_address,
    move_it_by_a_file,
    publish_it_elsewhere,
    correct_it_elsewhere,
    schedule_it_away,
)


@pytest.fixture
def article(db, content, slug):
    sync.import_folder(content(slug, kind=kind_of(slug)))
    return Article.objects.get(slug=slug)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("slug", PROTECTED)
def test_it_stays(client, article, slug, way, content, editor, clinician):
    address = article.page.url
    with pytest.raises((ValidationError, BadText, sync.RefusedError), match="has to (keep its address|stay)"):
        way(slug, article, content, editor, clinician)
    assert client.get(address).status_code == 200
    assert not OldAddress.objects.exists()


@pytest.mark.parametrize("slug", PROTECTED)
def test_a_schedule_from_before_does_not_take_it_away(client, article, slug, editor, clinician, monkeypatch):
    revision, at = draft_elsewhere(slug, article, editor), tomorrow()
    decide(revision, KIND.APPROVE, clinician)
    with monkeypatch.context() as patch:
        patch.setattr("siweb.articles.editorial.publishing.PROTECTED", ())
        decide(revision, KIND.SCHEDULE, clinician, publish_at=at)
    assert scheduling.publish_due(at) == 0
    assert "has to keep its address" in revision.decisions.get(kind=KIND.CANCEL).note
    assert client.get(article.page.url).status_code == 200


@pytest.mark.parametrize("slug", PROTECTED)
def test_a_file_that_is_gone_changes_nothing(client, article, slug, content):
    content.folder.joinpath(f"{slug}.md").unlink()
    sync.import_folder(content("other"))
    assert client.get(article.page.url).status_code == 200


@pytest.mark.parametrize("slug", PROTECTED)
def test_its_words_can_be_changed(client, article, slug, content, editor):
    text = front_matter.parse(article_file("Better words.\n", kind=kind_of(slug)))
    revision = article.edit(text, by=editor, version=article.version)
    decide(revision, KIND.URGENT, editor)
    assert "Better words" in client.get(article.page.url).content.decode()
