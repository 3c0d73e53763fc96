"""The staff's pages ask the database as often on a large site, and of an article with a long history, as on a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siweb.articles.models import Article, Decision
from tests.articles.staff.test_editor import address, filled
from tests.support.deciding import decide
from tests.support.many import make_articles

KIND = Decision.Kind
PAGES = ["/admin/", "/admin/articles/article/", "{article}change/", "{article}review/", "{article}history/"]


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    client.get("/admin/")  # the first request of a session writes that somebody is here
    return client


def queries(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return [query["sql"] for query in asked]


def assert_same(few, many):
    """As many queries, and the same ones but for their values."""
    assert len(few) == len(many), "\n".join(sorted(set(many) - set(few)))


def save(desk, article):
    article.refresh_from_db()
    number = article.head.number
    response = desk.post(address(article), filled(article, body=f"Words after {number}.\n"))
    assert response.status_code == 302
    article.refresh_from_db()
    assert article.head.number == number + 1


def publish(article, by):
    article.refresh_from_db()
    decide(article.head, KIND.URGENT, by)


def test_a_save_asks_no_more_of_a_long_history(desk, editor):
    [short], [long] = make_articles(1, 1, editor), make_articles(1, 40, editor, first=1)
    for article in (short, long):
        save(desk, article)  # from the second on, each asks whether it takes a pending version back
    few, many = (queries(lambda article=article: save(desk, article)) for article in (short, long))
    assert_same(few, many)


def test_a_save_asks_no_more_of_a_large_site(desk, editor):
    article = make_articles(5, 1, editor)[0]
    save(desk, article)
    few = queries(lambda: save(desk, article))
    make_articles(45, 3, editor, first=5)
    assert_same(few, queries(lambda: save(desk, article)))


@pytest.mark.slow
def test_publishing_asks_no_more_of_a_large_site_and_a_long_history(desk, editor):
    article = make_articles(5, 1, editor)[0]
    for _ in range(2):  # the first asks for the editor's rights too
        save(desk, article)
        few = queries(lambda: publish(article, editor))
    make_articles(45, 1, editor, first=5)
    for _ in range(20):
        save(desk, article)
    assert_same(few, queries(lambda: publish(article, editor)))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_more_of_a_large_site(desk, editor, page):
    article = make_articles(5, 2, editor)[0]
    path = page.format(article=f"/admin/articles/article/{article.pk}/")
    desk.get(path)
    few = queries(lambda: desk.get(path))
    make_articles(45, 4, editor, first=5)
    many = queries(lambda: desk.get(path))
    assert_same(few, many)
    assert len(many) <= 40


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_more_of_a_long_history(desk, editor, page):
    [short], [long] = make_articles(1, 2, editor), make_articles(1, 40, editor, first=1)
    few, many = [], []
    for article, asked in ((short, few), (long, many)):
        path = page.format(article=f"/admin/articles/article/{article.pk}/")
        desk.get(path)
        asked += queries(lambda path=path: desk.get(path))
    assert_same(few, many)
    assert Article.objects.count() == 2
