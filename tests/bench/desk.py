"""The desk of a clinic with 100,000 enquiries beside one with 1,000: python -m tests.bench.desk

Each tab's first page, the dashboard and four kinds of search are timed through the pages themselves, in one process, over a
database that is thrown away (PostgreSQL's when DATABASE_URL is set). Most of the enquiries are closed or erased, and ten times
as many wait to be worked on. Takes about five minutes, most of them for writing.
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

from siweb.enquiries.models import Answers, Enquiry  # noqa: E402
from siweb.enquiries.staff.desk import TABS  # noqa: E402
from siweb.roles import RECEPTION  # noqa: E402
from tests.inbox import fill  # noqa: E402

from . import load  # noqa: E402

FEW, MANY = 1_000, 100_000
WORKING = {FEW: 40, MANY: 400}  # in each queue
BARS = {"tab": 2, "search": 3}  # times as long, at most
MOST_QUERIES = 15
TURNS = 15
LIST = "/admin/enquiries/enquiry/"


def main():
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    setup_test_environment()
    try:
        rows = list(measured())
    finally:
        runner.teardown_databases(databases)
    load.table([("what", "1,000, 100,000", f"ratio ({connection.vendor})"), *rows])
    if any(row[-1].endswith("FAILS") for row in rows):
        sys.exit(1)


def measured():
    desk = Desk()
    before = desk.filled(FEW, 0)
    after = desk.filled(MANY, FEW)
    for what, (kind, times, _) in before.items():
        _, later, queries = after[what]
        ratio = median(later) / median(times)
        bar = BARS.get(kind)
        fails = bar and (ratio > bar or queries > MOST_QUERIES)
        said = f"{ratio:.1f} times{f' (≤ {bar})' if bar else ''}; {queries} queries{'  FAILS' if fails else ''}"
        yield what, f"{median(times) * 1000:.1f} ms, {median(later) * 1000:.1f} ms", said


class Desk:
    """A receptionist at work."""

    def __init__(self):
        self.users = [User.objects.create_user(name, is_staff=True) for name in ("rita", "rosa")]
        for user in self.users:
            user.groups.add(Group.objects.get(name=RECEPTION))
        self.client = Client()
        self.client.force_login(self.users[0])

    def filled(self, count, first):
        """{what: (kind, its times, its queries)} with so many enquiries."""
        began = time.perf_counter()
        fill(count - first, WORKING[count] - WORKING.get(first, 0), self.users, first=first, seed=count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{Enquiry.objects.count():,} enquiries in {time.perf_counter() - began:.0f} s", flush=True)
        return {what: (kind, *self.times(act)) for what, (kind, act) in self.acts().items()}

    def acts(self):
        acts = {"the dashboard": ("", lambda: self.client.get("/admin/"))}
        for tab in TABS:
            acts[f"tab {tab.label}"] = ("tab", lambda key=tab.key: self.client.get(LIST, {"tab": key}))
        one = Answers.objects.filter(enquiry__state="closed").order_by("enquiry__reference").last()
        searches = {
            "phone": f"0{one.phone.removeprefix('+44')}",
            "the end of a phone": one.phone[-6:],
            "reference": one.enquiry.reference,
            "e-mail": one.email,
            "name": one.name,
            "a first name alone": one.name.split()[0],
        }
        for kind, words in searches.items():
            acts[f"search by {kind}"] = ("search", lambda words=words: self.found(words))
        return acts

    def found(self, words):
        response = self.client.post(f"{LIST}search/", {"words": words})
        assert b'class="quiet reference"' in response.content, words
        return response

    def times(self, act):
        """(how long it took each time, how many queries), after a first time that does not count."""
        act()
        times = []
        for _ in range(TURNS):
            with CaptureQueriesContext(connection) as asked:
                began = time.perf_counter()
                response = act()
                times.append(time.perf_counter() - began)
            assert response.status_code == 200
        return times, len(asked)


if __name__ == "__main__":
    main()
