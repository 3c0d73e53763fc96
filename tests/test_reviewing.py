"""Who may decide what about a text, as a table; and that a decision is about one exact text."""

import pytest

from siweb.articles import reviewing, sync
from siweb.articles.models import Article, Decision

from .deciding import decide

KIND = Decision.Kind


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


def write(article, by, words="Other words.\n"):
    from siweb.articles import files

    from .conftest import article_file

    article.refresh_from_db()
    return article.edit(files.parse(article_file(words)), by=by, version=article.version)


def test_way(article, editor, clinician):
    revision = write(article, editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    article.refresh_from_db()
    print(reviewing.state_of(article, revision))
    print([m.kind for m in reviewing.possible(article, revision, clinician)])
    decide(revision, KIND.SCHEDULE, clinician)
