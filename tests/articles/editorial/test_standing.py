"""How articles stand: what readers see, what is in the making, what somebody has to do; for many in few queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from siweb.articles.editorial.status import standings
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import decide, in_a_year, signed
from tests.support.many import make_articles

KIND = Decision.Kind


@pytest.fixture
def article(content):
    def make(slug="care", body="Some words.\n", **front):
        sync.import_folder(content(slug, body, **front))
        return Article.objects.get(slug=slug)

    return make


@pytest.fixture
def of(db):
    """of(article) is its standing now, or on another day."""
    return lambda article, today=None: next(s for s in standings(today=today) if s.article.pk == article.pk)


def edit(article, by, words="Other words.\n", **front):
    article.refresh_from_db()
    return article.edit(front_matter.parse(article_file(words, **front)), by=by, version=article.version)


def test_a_file_that_nobody_has_checked(db, article, of):
    standing = of(article(title="Looking after it"))
    assert (standing.title, standing.live, standing.draft) == ("Looking after it", State.UNCHECKED, None)
    assert (standing.source, standing.due, standing.flags, standing.needs_action) == ("file", None, [], False)
    assert timezone.now() - standing.article.live_since < timedelta(minutes=1)


def test_a_draft_stands_beside_what_readers_see(article, of, editor):
    care = article(title="Live title")
    edit(care, editor, title="New title")
    standing = of(care)
    assert (standing.title, standing.live, standing.draft) == ("Live title", State.UNCHECKED, State.DRAFT)
    assert (standing.drafted.author, standing.source) == (editor, "file + staff edit")


@pytest.mark.parametrize(
    ("moves", "state", "needs_action"),
    [
        ((), State.DRAFT, False),
        ((KIND.REQUEST,), State.IN_REVIEW, True),
        ((KIND.REQUEST, KIND.WITHDRAW), State.DRAFT, False),
        ((KIND.REQUEST, KIND.ASK), State.CHANGES_REQUESTED, True),
        ((KIND.REQUEST, KIND.APPROVE), State.APPROVED, True),
        ((KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE), State.SCHEDULED, False),
        ((KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH), None, False),
    ],
)
def test_the_states_of_a_draft(article, of, editor, clinician, moves, state, needs_action):
    care = article()
    revision = edit(care, editor)
    for kind in moves:
        decide(revision, kind, editor if kind in (KIND.REQUEST, KIND.WITHDRAW) else clinician)
    standing = of(care)
    assert (standing.draft, standing.needs_action) == (state, needs_action)


@pytest.mark.parametrize("title", ["Pain", "No", "It's: “hard” # 1", '"Quoted" \\ 🦴', "x" * 200, "é" * 200])
def test_a_text_that_was_never_live_has_its_own_title(db, of, editor, title):
    born = Article.objects.create(slug="born")
    born.edit(
        front_matter.parse(article_file(title="'" + title.replace("'", "''") + "'")), by=editor, version=born.version
    )
    standing = of(born)
    assert (standing.title, standing.live, standing.source) == (title, None, "staff only")


def test_an_article_without_any_text_has_its_address_for_a_title(db, of):
    assert of(Article.objects.create(slug="empty")).title == "empty"


def test_a_retired_article(article, of, clinician):
    care = article()
    decide(care.live, KIND.RETIRE, clinician)
    standing = of(care)
    assert (standing.live, standing.draft, standing.is_retired, standing.drafted) == (None, State.RETIRED, True, None)


@pytest.mark.parametrize(
    ("days", "overdue", "soon"), [(-31, False, False), (-30, False, True), (0, False, True), (1, True, False)]
)
def test_when_a_check_is_due(article, of, clinician, days, overdue, soon):
    care = article()
    signed(care.live, clinician)
    standing = of(care, in_a_year() + timedelta(days=days))
    assert (standing.due, standing.check.by) == (in_a_year(), clinician)
    assert (standing.is_overdue, standing.is_due_soon) == (overdue, soon)
    assert standing.needs_action == (overdue or soon)


def test_an_urgent_correction_waits_for_a_clinician(article, of, editor, clinician):
    care = article()
    revision = edit(care, editor)
    decide(revision, KIND.URGENT, editor)
    assert [flag.words for flag in of(care).flags] == ["urgent correction, to be confirmed"]
    signed(revision, clinician)
    assert of(care).flags == []


def test_a_file_that_changed_and_a_file_that_went(article, of, editor, content):
    care = article()
    edit(care, editor)
    article("care", "The file says otherwise.\n")
    assert [flag.words for flag in of(care).flags] == ["the file has changed: needs a decision"]
    (content.folder / "care.md").unlink()
    article("other")
    assert [flag.words for flag in of(care).flags][1:] == ["file gone"]
    assert of(care).source == "file + staff edit, file gone"


RULE = "driving\n:   May I drive?\n:   {}\n"


def test_a_page_quotes_a_rule_that_has_changed_since_it_was_checked(article, of, clinician):
    article("our-rules", RULE.format("Ask us."), kind="rules")
    care = article("care", "[[rule:driving]]\n")
    signed(care.live, clinician)
    assert of(care).changed == ()
    article("our-rules", RULE.format("Not on the day."), kind="rules")
    assert of(care).changed == ("rule:driving",)
    assert [flag.words for flag in of(care).flags] == ["not checked since it changed: the rule “May I drive?”"]
    decide(care.live, KIND.CONFIRM, clinician)
    assert of(care).changed == ()


def test_many_are_read_in_few_queries_and_no_text_is(db, editor):
    counts, asked = [], ""
    for first, count, revisions in ((0, 3, 1), (3, 20, 10)):
        make_articles(count, revisions, by=editor, first=first)
        with CaptureQueriesContext(connection) as queries:
            assert [(s.states, s.flags, s.source, s.title, s.due) for s in standings()]
        counts.append(len(queries))
        asked += " ".join(query["sql"] for query in queries)
    assert counts == [3, 3]
    assert re.findall(r'"(?:text|html|outline)"(?!, 1, )', asked) == []
