"""The staff's side at the size of the largest clinic: python -m tests.bench.staff

300 articles beside ten, 200 revisions beside one, 500 kB of text beside 10: each pair is measured in turns, in one process
over a database that is thrown away, through the pages themselves. Prints times, their ratio and how many queries each
needs. Takes about three minutes, a few seconds with --small.

With the larger of a pair, this takes at most so many times as long, and else the exit code is 1:

- 200 revisions: a save 1.7, the history 12;
- 300 articles: the list 18, a save 2, publishing 3.5, the dashboard 7;
- 500 kB, fifty times the text: opening the editor 2.5, the preview 6, the checks 40, a save 7.5, opening the review 27,
  publishing 5.

The 300 articles are measured after the ten, in the same run.
"""

import os
import sys
from statistics import median_high

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402  only now are the settings ready
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from siweb.accounts.roles import EDITORS  # noqa: E402
from siweb.articles.editorial.workflow import decide  # noqa: E402
from siweb.articles.forms import fields_of  # noqa: E402
from siweb.articles.models import Article, Decision  # noqa: E402
from tests.bench import run  # noqa: E402
from tests.support.many import make_articles  # noqa: E402

SIZE = run.sizes(
    few=(10, 3), many=(300, 6), revisions=(200, 5), turns=(7, 3),
    ordinary=(10_000, 4_000), large=(500_000, 10_000),  # characters
)  # fmt: skip
MOST_QUERIES = 12  # of the list
BARS = {  # times as long, at most: about half as much again as was measured
    ("revisions", "a save"): 1.7,
    ("revisions", "the history"): 12,
    ("articles", "the list"): 18,
    ("articles", "a save"): 2,
    ("articles", "publishing"): 3.5,
    ("articles", "the dashboard"): 7,
    ("text", "opening the editor"): 2.5,
    ("text", "the preview"): 6,
    ("text", "the checks"): 40,
    ("text", "a save"): 7.5,
    ("text", "opening the review"): 27,
    ("text", "publishing"): 5,
}
ADMIN = "/admin/articles/article/"
SENTENCES = "This is a sentence about a joint, and it has the length of most of them. It says little. It is short. "
PARAGRAPH = SENTENCES * 8 + "\n\n"


def main():
    run.parts()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    setup_test_environment()
    try:
        rows = list(measured())
    finally:
        runner.teardown_databases(databases)
    sys.exit(run.report(rows, ("what", "small, large", "ratio")))


def measured():
    desk, few, many, revisions = Desk(), SIZE.few, SIZE.many, SIZE.revisions
    short, long = make_articles(1, 1, desk.editor)[0], make_articles(1, revisions, desk.editor, first=1)[0]
    make_articles(few - 2, 1, desk.editor, first=2)
    for name, act in {"a save": desk.save, "the history": lambda article: desk.see(article, "history")}.items():
        pair = desk.beside(lambda act=act: act(short), lambda act=act: act(long))
        yield row(f"{name}: 1 revision, {revisions}", *pair, most=BARS["revisions", name])
    acts = {
        "the list": desk.list,
        "a save": lambda: desk.save(long),
        "publishing": lambda: desk.publish(long),
        "the dashboard": desk.dashboard,
    }
    before = {name: desk.times(act) for name, act in acts.items()}
    make_articles(many - few, revisions, desk.editor, first=few)
    for name, act in acts.items():
        what = f"{name}: {few} articles, {many} with {revisions} revisions each"
        most_queries = MOST_QUERIES if name == "the list" else None
        yield row(what, before[name], desk.times(act), most=BARS["articles", name], most_queries=most_queries)
    yield from text_sizes(desk)


def text_sizes(desk):
    """Compare an ordinary text with a very large one."""
    [ordinary], [large] = (
        make_articles(1, 2, desk.editor, first=SIZE.many + number, words=PARAGRAPH * (size // len(PARAGRAPH)))
        for number, size in enumerate((SIZE.ordinary, SIZE.large))
    )
    acts = {
        "opening the editor": lambda article: desk.see(article, "change"),
        "the preview": lambda article: desk.post("preview/", article),
        "the checks": lambda article: desk.post("checks/", article),
        "a save": desk.save,
        "opening the review": lambda article: desk.see(article, "review"),
        "publishing": desk.publish,
    }
    for name, act in acts.items():
        pair = desk.beside(lambda act=act: act(ordinary), lambda act=act: act(large))
        what = f"{name}: {SIZE.ordinary // 1000} kB, {SIZE.large // 1000} kB"
        yield row(what, *pair, most=BARS["text", name], same=False)


class Desk:
    """An editor at work."""

    def __init__(self):
        self.editor = User.objects.create_user("edith", is_staff=True)
        self.editor.groups.add(Group.objects.get(name=EDITORS))
        self.client, self.clock, self.saved = Client(), run.clock(connection.vendor), 0
        self.client.force_login(self.editor)
        self.list()

    def list(self):
        self._is_there(self.client.get(ADMIN), 200)

    def dashboard(self):
        self._is_there(self.client.get("/admin/"), 200)

    def see(self, article, page):
        self._is_there(self.client.get(f"{ADMIN}{article.pk}/{page}/"), 200)

    def post(self, page, article):
        self._is_there(self.client.post(f"{ADMIN}{page}", self._fields(article)), 200)

    def save(self, article):
        self.saved += 1
        fields = self._fields(article)
        fields["body"] = f"Save {self.saved}.\n\n{fields['body']}"
        self._is_there(self.client.post(f"{ADMIN}{article.pk}/change/", fields), 302)

    def publish(self, article):
        self.save(article)
        article.refresh_from_db()
        decide(article.head, Decision.Kind.URGENT, self.editor, note="Because.")

    def _fields(self, article):
        article = Article.objects.select_related("head").get(pk=article.pk)
        return fields_of(article.head.parsed) | {"slug": article.slug, "version": article.version, "note": ""}

    def _is_there(self, response, status):
        assert response.status_code == status, response.content.decode()[:2000]

    def times(self, act):
        """Return (how long it takes, how many queries) for each turn, after a first time that does not count."""
        act()
        return [self._once(act) for _ in range(SIZE.turns)]

    def _once(self, act):
        with CaptureQueriesContext(connection) as asked:
            began = self.clock()
            act()
            return self.clock() - began, len(asked)

    def beside(self, small, large):
        """Return the times of two things done in turns: a machine that does other things too has bad moments."""
        small(), large()
        return zip(*[(self._once(small), self._once(large)) for _ in range(SIZE.turns)], strict=True)


def row(what, small, large, *, most, same=True, most_queries=None):
    """Compare the best times; `same` asks for as many queries in both, and `most_queries` limits them."""
    (fast, few), (slow, many) = (
        (min(seconds), median_high(queries))
        for seconds, queries in (zip(*times, strict=True) for times in (small, large))
    )
    good = (few == many or not same) and many <= (most_queries or many)
    return run.ratio(what, fast, slow, most, f"{few} and {many} queries", good)


if __name__ == "__main__":
    main()
