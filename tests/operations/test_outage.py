"""While the database is away: pages held go on being served, others say whom to call, and all fixes itself."""

import contextlib
import signal
import subprocess
import sys
import time

import pytest

from tests.support.serving import Site, free_port, until

pytestmark = pytest.mark.server

HELD, NOT_HELD = "/guide/anatomy/", "/guide/causes/"


@pytest.fixture(scope="module")
def small_site(tmp_path_factory):
    """One worker that keeps its pages, as on a public site."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with Site.start(tmp_path_factory.mktemp("site"), PORT=port, SITE_URL=address, WORKERS="1") as site:
        yield site


@contextlib.contextmanager
def database_away(site):
    """Move SQLite's files out of the way, or let PostgreSQL turn everybody away; put right afterwards."""
    if site.database:
        site.database.refuse()
        try:
            yield
        finally:
            site.database.admit()
        return
    files = {path: path.with_name(f"away-{path.name}") for path in site.data_dir.glob("site.sqlite3*")}
    assert files
    for path, away in files.items():
        path.rename(away)
    try:
        yield
        made = sorted(path.name for path in site.data_dir.glob("site.sqlite3*"))
    finally:
        for path, away in files.items():
            away.replace(path)
    assert made == [], "an empty database was made in place of the missing one"


def status_of(site, path):
    return site.get(path).status


def test_pages_held_go_on_and_others_say_whom_to_call(small_site):
    before = small_site.get(HELD)
    with database_away(small_site):
        for _ in range(3):
            held = small_site.get(HELD)
            assert (held.status, held.body) == (200, before.body)
            away = small_site.get(NOT_HELD)
            assert away.status == 503
        for number in ('href="tel:999"', 'href="tel:111"', 'href="tel:+44'):
            assert number in away.text, number
        assert away.headers["Retry-After"] == "60"
        assert away.headers["Cache-Control"] == "no-store"
        for name in ("Content-Security-Policy", "X-Frame-Options", "Permissions-Policy", "Referrer-Policy"):
            assert away.headers[name]
        assert status_of(small_site, "/healthz") == 503
    until(lambda: status_of(small_site, NOT_HELD) == 200, "the site recovers by itself")
    assert status_of(small_site, "/healthz") == 200


def test_what_needs_no_database_goes_on(small_site):
    with database_away(small_site):
        assert "/guide/procedure/" in small_site.get("/search/?q=jab").text
        assert status_of(small_site, "/static/favicon.svg") == 200


def test_staff_are_told_the_same_though_their_session_cannot_be_read(small_site):
    with database_away(small_site):
        away = small_site.get("/admin/", Cookie=f"session={'x' * 32}")
    assert (away.status, away.headers["Retry-After"]) == (503, "60")
    assert 'href="tel:999"' in away.text


def test_a_worker_that_starts_without_the_database_waits_for_it(small_site):
    with database_away(small_site):
        old = small_site.get("/healthz").status
        small_site.process.send_signal(signal.SIGHUP)  # new workers, who have never seen the database
        until(lambda: "starting without the database" in small_site.log(), "a new worker says so", small_site.log)
        away = until(lambda: answer_of_new_worker(small_site), "the new worker answers")
        assert (old, away.status) == (503, 503)
        assert 'href="tel:999"' in away.text
    until(lambda: status_of(small_site, HELD) == 200, "it finds the database by itself")
    until(lambda: "/guide/procedure/" in small_site.get("/search/?q=jab").text, "it makes its index")


LONG_WRITE = """
import sys
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("CREATE TABLE filler (words TEXT)")
    for _ in range(100):
        cursor.execute("INSERT INTO filler VALUES (%s)", ["x" * 100_000])
    print("written", flush=True)
    sys.stdin.read()
    transaction.set_rollback(True)
"""


def test_a_long_write_shuts_no_reader_out(small_site):
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", LONG_WRITE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=small_site.project, env=small_site.env, **pipes) as writer:
        assert writer.stdout.readline() == b"written\n"
        began = time.monotonic()
        assert [status_of(small_site, path) for path in (HELD, f"{HELD}?fresh", "/healthz")] == [200] * 3
        assert time.monotonic() - began < 2  # needs 0.02 s; a reader that is shut out waits for 20 s
        assert writer.poll() is None
        writer.stdin.close()
    assert writer.returncode == 0


def answer_of_new_worker(site):
    """The page that the old worker held, asked for until the answer is another's."""
    answer = site.get(HELD)
    return answer if answer.status != 200 else None
