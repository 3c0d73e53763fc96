"""Whether an enquiry that was acknowledged is kept, whatever happens: python -m tests.bench.enquiries [load] [kill] [power]

- load: 50 patients at once, beside a Django view that checks nothing and inserts one row (tests.bench.barrow);
- kill: all processes are killed while patients send, 20 times;
- power: 300 simulated power cuts (tests.bench.powercut), and the same with the disk's syncs left out, which must fail.

All three take about four minutes, each a few seconds with --small; load and kill use PostgreSQL when DATABASE_URL is set.
"""

import contextlib
import html
import os
import random
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psycopg

from tests.bench import load, posting, powercut, run, stored
from tests.support.serving import PROJECT, Site, free_port, until

SIZE = run.sizes(
    patients=(50, 5), rounds=(10, 1), seconds=(3, 0.5), warm_seconds=(1, 0.2),
    kills=(20, 1), patients_killed=(12, 4), kill_seconds=(2, 0.5), power_runs=(5, 2),
)  # fmt: skip
BAR = 0.3  # of the bare view's rate: a whole enquiry is a dozen statements, and the form is checked
TOO_FAST = 4  # seconds; a form that comes back sooner is a machine's


def main():
    parts = run.parts(PARTS)
    seed = int(os.environ.get("SEED") or secrets.randbelow(10_000))
    print(f"SEED={seed}", flush=True)
    failed = 0
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            failed |= run.report(list(PARTS[part](Path(folder), random.Random(seed))))
    sys.exit(failed)


def none(what, count):
    return run.check(what, "0", f"{count:,}", count == 0)


def started(kind, folder, **options):
    folder.mkdir()
    port = free_port()
    return kind.start(folder, PORT=port, SITE_URL=f"http://127.0.0.1:{port}", **options)


def form_of(site):
    """The site's form as a browser gets it, filled in and old enough to be sent."""
    page = site.get("/enquire/form/")
    hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|began)" value="([^"]+)"', page.text))
    hidden = {name: html.unescape(value) for name, value in hidden.items()}
    time.sleep(TOO_FAST)
    return posting.Form(site.port, cookie=page.headers["Set-Cookie"].partition(";")[0], **hidden)


@contextlib.contextmanager
def database_of(site):
    file = site.data_dir / powercut.DATABASE
    connection = psycopg.connect(site.database.url) if site.database else sqlite3.connect(file)
    with contextlib.closing(connection):
        yield connection


def held_by(site):
    with database_of(site) as connection:
        return stored.read(connection)


# --- Load -------------------------------------------------------------------------------------------------


class Barrow(Site):
    """The bare view in the place of the site: same environment, same server, a database of its own."""

    def begin(self):
        self.data_dir.mkdir()
        self.env |= {"DJANGO_SETTINGS_MODULE": "tests.bench.barrow_server"}
        subprocess.run([sys.executable, "-m", "tests.bench.barrow", "migrate"], cwd=PROJECT, env=self.env, check=True)
        command = [sys.executable, "-m", "gunicorn", "-c", "python:tests.bench.barrow_server", "tests.bench.barrow"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )


def under_load(folder, _chance):
    with contextlib.ExitStack() as ending:
        site = ending.enter_context(started(Site, folder / "site"))
        bare = ending.enter_context(started(Barrow, folder / "bare", fresh=True))
        forms = {site: form_of(site), bare: posting.Form(bare.port, csrfmiddlewaretoken="x" * 64, began="x" * 41)}
        done, used = {site: [], bare: []}, {}
        patients = ending.enter_context(posting.pool())
        for server, form in forms.items():
            done[server].append(patients.apply(posting.post, (form, SIZE.patients, SIZE.warm_seconds)))  # warm
            used[server] = -processor_seconds(server)
        for number in range(SIZE.rounds):
            for server in (site, bare) if number % 2 else (bare, site):
                done[server].append(patients.apply(posting.post, (forms[server], SIZE.patients, SIZE.seconds)))
        for server in (site, bare):
            used[server] += processor_seconds(server)
        yield from load_rows(site, done[site])
        yield from speed_rows(Speed(done[site][1:], used[site]), Speed(done[bare][1:], used[bare]))


def processor_seconds(server):
    return sum(map(load.processor_seconds, server.workers()))


def load_rows(site, loads):
    held = held_by(site)
    acknowledged = {key: page for posted in loads for key, page in posted.acknowledged.items()}
    yield "load: acknowledged", "", f"{len(acknowledged):,} of {SIZE.patients} patients at once"
    yield none("load: errors", sum(len(posted.refused) + len(posted.cut_off) for posted in loads))
    yield none("load: acknowledged and lost", held.lost(acknowledged))
    yield none("load: doubled", held.doubled + len(held.enquiries.keys() - acknowledged.keys()))
    yield none("load: without answers, event or mails", held.halves)
    yield none("load: taken for a machine's", held.marked)
    yield none("load: pages with another's reference", wrong_references(site, acknowledged))


def wrong_references(site, acknowledged):
    """Of some pages that confirm an enquiry, how many do not show its reference."""
    with database_of(site) as connection:
        references = stored.references(connection)
    some = list(acknowledged.items())[:: max(1, len(acknowledged) // 50)]
    shown = {key: re.findall(r"SIJ-[0-9A-Z]{4,5}", site.get(page).text) for key, page in some}
    return sum(set(shown[key]) != {references.get(key)} for key in shown)


class Speed:
    """What several rounds of one server's load come to."""

    def __init__(self, rounds, used):
        self.rates = [posted.rate for posted in rounds]
        self.busy = max(posted.busy for posted in rounds)
        self.each = used / sum(len(posted.acknowledged) for posted in rounds)
        self.errors = sum(len(posted.refused) + len(posted.cut_off) for posted in rounds)
        waits = sorted(wait for posted in rounds for wait in posted.waits)
        self.slow = waits[len(waits) * 95 // 100]

    def __str__(self):
        return (
            f"{median(self.rates):,.0f} a second, 95th of waits {self.slow * 1000:,.0f} ms, "
            f"{self.each * 1000:.1f} ms of processor each, {self.errors} errors"
        )


def speed_rows(site, bare):
    # Round by round: a moment when the machine is busy with other things touches both.
    ratio = median(ours / theirs for ours, theirs in zip(site.rates, bare.rates, strict=True))
    busy = max(site.busy, bare.busy)
    yield "load: the site", "", f"{site}"
    yield "load: a bare view", "", f"{bare}"
    yield run.speed("load: ratio of rates", f"≥ {BAR}", f"{ratio:.2f}", ratio >= BAR)
    yield "load: ratio of processor time", "", f"{bare.each / site.each:.2f}"
    yield run.speed("load: the patients' own load", "< 0.9", f"{busy:.2f} of a processor", busy < 0.9)


# --- Kill -------------------------------------------------------------------------------------------------


def killed(folder, chance):
    tally = Tally()
    with started(Site, folder / "site") as site, posting.pool() as patients:
        form = form_of(site)
        for _ in range(SIZE.kills):
            before = len(held_by(site).enquiries)
            sending = patients.apply_async(posting.post, (form, SIZE.patients_killed, posting.PATIENCE))
            until(lambda before=before: len(held_by(site).enquiries) > before, "the patients send", site.log)
            time.sleep(chance.uniform(0, SIZE.kill_seconds))
            site.stop(signal.SIGKILL)
            posted = sending.get()
            site.serve()
            tally.after_the_kill(posted, held_by(site))
            again = patients.apply(posting.post_again, (form, posted.cut_off))
            tally.after_sending_again(again, held_by(site), is_corrupt(site))
    yield from tally.rows()


class Tally:
    """What all the kills have come to."""

    def __init__(self):
        self.acknowledged, self.cut_off, self.had = {}, 0, 0
        self.errors = self.lost = self.doubled = self.halves = self.corrupt = 0

    def after_the_kill(self, posted, held):
        self.acknowledged |= posted.acknowledged
        self.cut_off += len(posted.cut_off)
        self.had += len(held.enquiries.keys() & set(posted.cut_off))
        self._count(posted, held, unheard=set(posted.cut_off))

    def after_sending_again(self, again, held, corrupt):
        self.acknowledged |= again.acknowledged
        self.corrupt += corrupt
        self._count(again, held)

    def _count(self, posted, held, unheard=frozenset()):
        self.errors += len(posted.refused)
        self.lost += held.lost(self.acknowledged)
        self.doubled += held.doubled + len(held.enquiries.keys() - self.acknowledged.keys() - unheard)
        self.halves += held.halves

    def rows(self):
        yield (
            "kill: acknowledged",
            "",
            f"{len(self.acknowledged):,} of {SIZE.patients_killed} patients, {SIZE.kills} times killed",
        )
        yield "kill: cut off, and sent again", "", f"{self.cut_off:,}, of which {self.had} were already stored"
        yield none("kill: errors", self.errors)
        yield none("kill: acknowledged and lost", self.lost)
        yield none("kill: doubled", self.doubled)
        yield none("kill: without answers, event or mails", self.halves)
        if not os.environ.get("DATABASE_URL"):  # PostgreSQL itself is not killed
            yield none("kill: corrupt", self.corrupt)


def is_corrupt(site):
    if site.database:
        return False
    with database_of(site) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"


# --- Power cuts --------------------------------------------------------------------------------------------


def without_power(folder, chance):
    if os.environ.get("DATABASE_URL"):
        yield "power", "", "not measured: PostgreSQL writes its own files"
        return
    site, seed = powercut.prepare(folder), chance.random()
    runs = [
        # what, the pragmas that differ from the site's own, whether it must be spotless; None: to be seen only
        ("as the site is set", (), True),
        ("without syncs, which must fail", ("synchronous=OFF",), False),
        ("as it is set with a newer SQLite", ("journal_mode=WAL",), True),
        ("Django's default", ("journal_mode=DELETE",), None),
        ("WAL and NORMAL, as often advised", ("journal_mode=WAL", "synchronous=NORMAL"), None),
    ]
    for number, (what, pragmas, spotless) in enumerate(runs[: SIZE.power_runs]):
        outcome = powercut.cut(site, folder / str(number), seed, *pragmas)
        bar = {True: "0 lost, 0 corrupt", False: "some", None: ""}[spotless]
        yield run.check(f"power: {what}", bar, str(outcome), spotless in (None, outcome.spotless))
    yield "power: each", "", f"{powercut.SIZE.sent} enquiries sent, {powercut.SIZE.cuts} cuts"


PARTS = {"load": under_load, "kill": killed, "power": without_power}


if __name__ == "__main__":
    main()
