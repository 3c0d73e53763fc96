"""The desk of a clinic with 100,000 enquiries beside one with 1,000: python -m tests.bench.desk

Each tab's first page, the dashboard and six kinds of search are timed through the pages themselves, in turns, in one process
over two databases that are thrown away (PostgreSQL's when DATABASE_URL is set, else SQLite's files). Most of the enquiries are
closed or erased, and ten times as many wait to be worked on. Takes about three minutes, most of them for writing;
with --small a few seconds.

Among 100,000 each tab takes at most twice as long as among 1,000, and a search three times as long; none needs
more than 15 queries.
"""

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median_high

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402  only now are the settings ready
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from siweb.accounts.roles import RECEPTION  # noqa: E402
from siweb.enquiries.models import Answers, Enquiry  # noqa: E402
from siweb.enquiries.staff.tabs import TABS  # noqa: E402
from tests.bench import run  # noqa: E402
from tests.support.inbox import fill  # noqa: E402

SIZE = run.sizes(
    few=(1_000, 100), many=(100_000, 300), few_working=(40, 2), many_working=(400, 6),  # working: in each queue
    turns=(10, 1), times=(3, 2),
)  # fmt: skip
BARS = {"tab": 2, "search": 3}  # times as long, at most
MOST_QUERIES = 15
LIST = "/admin/enquiries/enquiry/"


def main():
    run.parts()
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "few.sqlite3")  # a file, as on a server
        runner = DiscoverRunner(verbosity=0, interactive=False)
        databases = runner.setup_databases()
        setup_test_environment()
        try:
            with contextlib.closing(Desk()) as desk:
                rows = list(measured(desk))
        finally:
            runner.teardown_databases(databases)
    sys.exit(run.report(rows, ("what", f"{SIZE.few:,}, {SIZE.many:,}", f"ratio ({connection.vendor})")))


def measured(desk):
    for what, kind, act in desk.acts():
        fast, slow, queries = desk.beside(act)
        yield run.ratio(what, fast, slow, BARS.get(kind), f"{queries} queries", queries <= MOST_QUERIES)


class Desk:
    """A receptionist at work in two databases."""

    def __init__(self):
        self.users = [User.objects.create_user(name, is_staff=True) for name in ("rita", "rosa")]
        for user in self.users:
            user.groups.add(Group.objects.get(name=RECEPTION))
        self.client, self.clock = Client(), run.clock(connection.vendor)
        self.client.force_login(self.users[0])
        self.fill(SIZE.few, SIZE.few_working)
        self.few = connection.settings_dict["NAME"]
        connection.close()
        connection.creation.clone_test_db("many", verbosity=0, autoclobber=True)
        self.many = connection.creation.get_test_db_clone_settings("many")["NAME"]
        self.use(self.many)
        self.fill(SIZE.many - SIZE.few, SIZE.many_working - SIZE.few_working, first=SIZE.few)

    def close(self):
        self.use(self.few)
        connection.creation.destroy_test_db(suffix="many", verbosity=0)

    def use(self, name):
        connection.close()
        connection.settings_dict["NAME"] = name

    def fill(self, count, working, first=0):
        began = time.perf_counter()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA cache_size = -500000")  # until it is closed: rows come in no order of their keys
        fill(count, working, self.users, first=first, seed=first + count)
        with connection.cursor() as cursor:
            # what PostgreSQL does by itself in time, and SQLite is told to
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        print(f"{Enquiry.objects.count():,} enquiries in {time.perf_counter() - began:.0f} s", flush=True)

    def acts(self):
        """(what, kind, how) of everything that is measured; what is searched for is in both."""
        yield "the dashboard", "", lambda: self.client.get("/admin/")
        for tab in TABS:
            yield f"tab {tab.label}", "tab", lambda key=tab.key: self.client.get(LIST, {"tab": key})
        self.use(self.few)
        one = Answers.objects.filter(enquiry__state="closed").first()
        searches = {
            "phone": f"0{one.phone.removeprefix('+44')}",
            "the end of a phone": one.phone[-6:],
            "reference": one.enquiry.reference,
            "e-mail": one.email,
            "name": one.name,
            "a first name alone": one.name.split()[0],
        }
        for kind, words in searches.items():
            yield f"search by {kind}", "search", lambda words=words: self.found(words)

    def found(self, words):
        response = self.client.post(f"{LIST}search/", {"words": words})
        assert b'class="quiet reference"' in response.content, words
        return response

    def beside(self, act):
        """(its best time among few, among many, its queries), in turns: a machine that does other things has bad moments."""
        best, queries = {self.few: [], self.many: []}, []
        for name in [self.few, self.many] * SIZE.turns:
            self.use(name)
            act()  # the first time after coming here does not count
            for _ in range(SIZE.times):
                taken, asked = self._once(act)
                best[name].append(taken)
                queries.append(asked)  # once in ten seconds the session is written too
        return min(best[self.few]), min(best[self.many]), median_high(queries)

    def _once(self, act):
        with CaptureQueriesContext(connection) as asked:
            began = self.clock()
            response = act()
            taken = self.clock() - began
        assert response.status_code == 200
        return taken, len(asked)


if __name__ == "__main__":
    main()
