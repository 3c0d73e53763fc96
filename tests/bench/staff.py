"""The staff's side at the size of the largest clinic: python -m tests.bench.staff

300 articles beside ten, 200 revisions beside one, 500 kB of text beside 10: each pair is measured in turns, in one process
over a database that is thrown away, through the pages themselves. Prints times, their ratio and how many queries each
needs. Takes about three minutes.
"""

import os
import sys
import time
from statistics import median

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
from tests.bench import load  # noqa: E402
from tests.support.many import make_articles  # noqa: E402

FEW, MANY, LONG = 10, 300, 200
MOST_QUERIES = 12  # of the list
TURNS = 7
ADMIN = "/admin/articles/article/"
SENTENCES = "This is a sentence about a joint, and it has the length of most of them. It says little. It is short. "
PARAGRAPH = SENTENCES * 8 + "\n\n"
ORDINARY, LARGE = 10_000, 500_000  # characters


def main():
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    setup_test_environment()
    try:
        rows = [("what", "small, large", "ratio"), *measured()]
    finally:
        runner.teardown_databases(databases)
    load.table(rows)
    if any(row[-1].endswith("FAILS") for row in rows):
        sys.exit(1)


def measured():
    desk = Desk()
    short, long = make_articles(1, 1, desk.editor)[0], make_articles(1, LONG, desk.editor, first=1)[0]
    make_articles(FEW - 2, 1, desk.editor, first=2)
    yield desk.beside("a save: 1 revision, 200", lambda: desk.save(short), lambda: desk.save(long), same=True)
    yield desk.beside(
        "the history: 1 revision, 200", lambda: desk.see(short, "history"), lambda: desk.see(long, "history")
    )
    before = [
        desk.times(act) for act in (desk.list, lambda: desk.save(long), lambda: desk.publish(long), desk.dashboard)
    ]
    make_articles(MANY - FEW, LONG, desk.editor, first=FEW)
    after = [
        desk.times(act) for act in (desk.list, lambda: desk.save(long), lambda: desk.publish(long), desk.dashboard)
    ]
    names = ("the list", "a save", "publishing", "the dashboard")
    for name, small, large in zip(names, before, after, strict=True):
        most = MOST_QUERIES if name == "the list" else None
        yield row(f"{name}: 10 articles, 300 with 200 revisions each", small, large, same=True, most=most)
    yield from sizes(desk)


def sizes(desk):
    """An ordinary text beside a very large one."""
    [ordinary], [large] = (
        make_articles(1, 2, desk.editor, first=MANY + number, words=PARAGRAPH * (size // len(PARAGRAPH)))
        for number, size in enumerate((ORDINARY, LARGE))
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
        yield desk.beside(f"{name}: 10 kB, 500 kB", lambda act=act: act(ordinary), lambda act=act: act(large))


class Desk:
    """An editor at work."""

    def __init__(self):
        self.editor = User.objects.create_user("edith", is_staff=True)
        self.editor.groups.add(Group.objects.get(name=EDITORS))
        self.client, self.saved = Client(), 0
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

    def times(self, act, turns=TURNS):
        """(how long it takes, how many queries), after a first time that does not count."""
        act()
        return [self._once(act) for _ in range(turns)]

    def _once(self, act):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            act()
            return time.perf_counter() - began, len(asked)

    def beside(self, what, small, large, same=False):
        """A row of two things done in turns: a machine that does other things too has bad moments."""
        small(), large()
        done = [(self._once(small), self._once(large)) for _ in range(TURNS)]
        return row(what, *zip(*done, strict=True), same=same)


def row(what, small, large, same=False, most=None):
    """`same`: as many queries in both, else it fails; `most`: no more than so many."""
    (fast, few), (slow, many) = ([median(figures) for figures in zip(*times, strict=True)] for times in (small, large))
    fails = same and few != many or most and many > most
    said = f"{slow / fast:.1f} times; {few:.0f} and {many:.0f} queries" + ("  FAILS" if fails else "")
    return what, f"{fast * 1000:.0f} ms, {slow * 1000:.0f} ms", said


if __name__ == "__main__":
    main()
