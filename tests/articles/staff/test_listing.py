"""The staff's list of articles: tabs, search, words for every state, few queries, and who may see it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.staff.article_list import TABS
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import decide, signed
from tests.support.many import make_articles

LIST = "/admin/articles/article/"
KIND = Decision.Kind


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def titles(response):
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', response.content.decode())


def tab_counts(response):
    found = re.findall(r"<li><a href=\"\?tab=(\w+)[^>]*>[^<]* <span>(\d+)", response.content.decode())
    return {key: int(count) for key, count in found}


@pytest.fixture
def six(content, editor, clinician):
    """One article in each place, named for it."""
    for slug in ("unchecked", "checked", "drafted", "asked", "sent", "gone-away"):
        content(slug, title=slug.title())
    sync.import_folder(content.folder)
    articles = {article.slug: article for article in Article.objects.all()}
    signed(articles["checked"].live, clinician)
    for slug in ("drafted", "asked", "sent"):
        article = articles[slug]
        text = front_matter.parse(article_file("Other words.\n", title=slug.title()))
        revision = article.edit(text, by=editor, version=article.version)
        if slug != "drafted":
            decide(revision, KIND.REQUEST, editor)
        if slug == "asked":
            decide(revision, KIND.ASK, clinician)
    decide(articles["gone-away"].live, KIND.RETIRE, clinician)
    return articles


IN = {
    "action": ["Asked", "Sent"],
    "drafts": ["Asked", "Drafted"],
    "review": ["Sent"],
    "published": ["Asked", "Checked", "Drafted", "Sent", "Unchecked"],
    "unchecked": ["Asked", "Drafted", "Sent", "Unchecked"],
    "overdue": [],
    "retired": ["Gone-Away"],
    "all": ["Asked", "Checked", "Drafted", "Gone-Away", "Sent", "Unchecked"],
}


@pytest.mark.parametrize("tab", [tab.key for tab in TABS])
def test_each_tab_holds_what_it_says_and_counts_it(desk, six, tab):
    response = desk.get(LIST, {"tab": tab})
    assert titles(response) == IN[tab]
    assert tab_counts(response) == {key: len(held) for key, held in IN.items()}
    text = response.content.decode()
    assert re.search(rf'\?tab={tab}" aria-current="page"', text)
    if not IN[tab]:
        assert "No check is overdue." in text


def test_states_stand_in_words(desk, six):
    text = desk.get(LIST).content.decode()
    for words in ("published, not yet checked", ">published<", ">draft<", "changes requested", "in review", "retired"):
        assert words in text
    assert "Edith Editor, " in text


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("SENT", ["Sent"]),
        ("gone-aw", ["Gone-Away"]),
        ("  check ed ", ["Checked", "Unchecked"]),
        ("no such words", []),
        ("<script>alert(1)</script>\0", []),
        ("x" * 5000, []),
    ],
)
def test_the_search_looks_in_titles_and_addresses(desk, six, q, found):
    response = desk.get(LIST, {"q": q})
    assert titles(response) == found
    assert "<script>alert" not in response.content.decode()


def test_a_search_in_the_wrong_tab_says_where_to_look(desk, six):
    text = desk.get(LIST, {"q": "checked", "tab": "retired"}).content.decode()
    assert "Nothing in “Retired” has “checked”" in text
    assert '<a href="?tab=all&amp;q=checked">Look in all articles (2)</a>' in text


def test_an_unknown_tab_is_all(desk, six):
    assert titles(desk.get(LIST, {"tab": "nonsense"})) == IN["all"]


def test_a_site_without_articles_says_so(desk, db):
    assert "There is no article yet." in desk.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["anonymous", "reception", "nobody's"])
def test_only_those_who_write_articles_see_it(client, six, who, reception, django_user_model):
    if who == "reception":
        client.force_login(reception)
    elif who == "nobody's":
        client.force_login(django_user_model.objects.create_user("norma", is_staff=True))
    response = client.get(LIST)
    assert response.status_code in (302, 403)
    assert "Unchecked" not in response.content.decode()


def test_the_list_changes_nothing(desk, six):
    assert desk.post(LIST).status_code == 405


@pytest.mark.slow
def test_its_queries_are_few_and_do_not_grow(desk, editor):
    counts = []
    for first, count, revisions in ((0, 30, 2), (30, 30, 20)):
        make_articles(count, revisions, by=editor, first=first)
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(desk.get(LIST))) == first + count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
