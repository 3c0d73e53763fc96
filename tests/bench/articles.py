"""The site with 1,000 articles of 1,000 words: python -m tests.bench.articles

Imports them, searches them, and asks for pages: beside a site with ten, while the index is made again, and while all
of them change. Takes about four minutes, a few seconds with --small. Figures are for one worker.
"""

import contextlib
import http.client
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench import load, run
from tests.bench.library import KEPT, make_project
from tests.support.serving import Site, free_port

SIZE = run.sizes(few=(10, 10), many=(1000, 20), rounds=(6, 1), seconds=(3, 0.5), page_turns=(100, 5))
FEW, MANY = SIZE.few, SIZE.many

# What goes on beside the readers. Both write as often: a write alone makes readers wait a little.
_BESIDE = """
import time
from django.db.models import F
from siweb.core.models import SiteVersion
print("begun", flush=True)
while True:
    SiteVersion.objects.update(number=F("number") + {step})
    time.sleep(0.5)
"""
UNMOVED, MOVED = _BESIDE.format(step=0), _BESIDE.format(step=1)  # when it moves, the index is made again


def main():
    run.parts()
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        sites = {count: prepared(folder / str(count), count) for count in (FEW, MANY)}
        for site in sites.values():
            ending.callback(site.close)
        many = sites[MANY]
        rows = [row(f"import of {MANY:,} articles", "≤ 60 s", many.imported, 60, "{:.1f} s")]
        rows += search_rows(many)
        for site in sites.values():
            began = time.monotonic()
            site.serve()
            site.started = time.monotonic() - began
        rows += page_rows(sites)
        rows += rebuild_rows(many)
        rows += [(f"a reader's longest wait while {MANY:,} articles change", "", longest_wait_during_import(many))]
        rows += [
            ("start when nothing has changed", "", f"{many.started:.1f} s; {FEW} articles {sites[FEW].started:.1f} s")
        ]
    sys.exit(run.report(rows))


def row(what, bar, value, limit, form, scale=1):
    """Return a row about speed, which fails above the limit; `scale` turns the value into what is shown."""
    return run.speed(what, bar, form.format(value * scale), value <= limit)


def prepared(folder, count):
    """A site over so many articles, imported but not started."""
    project, slugs, author = make_project(folder / "project", count)
    port = free_port()
    site = Site(folder, project, PORT=port, SITE_URL=f"http://127.0.0.1:{port}", WORKERS="1")
    site.path, site.author = f"/guide/{slugs[5]}/", author
    site.manage("migrate", "-v0")
    began = time.monotonic()
    site.manage("import_content")
    site.imported = time.monotonic() - began
    return site


def search_rows(site):
    command = [sys.executable, "-m", "tests.bench.searching", *sys.argv[1:]]
    env = site.env | {"DJANGO_SETTINGS_MODULE": "siweb.config.settings"}
    done = subprocess.run(command, cwd=site.project, env=env, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    yield row("search, 95th of 100", "≤ 20 ms", found["p95"], 0.020, "{:.1f} ms", 1000)
    yield (
        "search, middle and slowest",
        "",
        f"{found['p50'] * 1000:.1f} ms, {found['max'] * 1000:.1f} ms; "
        f"{found['queries']} queries, {found['found']} found something",
    )
    yield (
        "making the index",
        "",
        f"{found['alone']:.1f} s at a start, {found['beside']:.1f} s beside requests, {found['memory']:.0f} MB",
    )


def page_rows(sites):
    waits = {count: [] for count in sites}
    readers = {count: reading(site, fresh=True) for count, site in sites.items()}
    for _ in range(SIZE.page_turns):  # in short turns: a machine that does other things too has bad moments
        for count, reader in readers.items():
            waits[count] += itertools.islice(reader, 10)
    few, many = median(waits[FEW]), median(waits[MANY])
    yield row("a page that is not held, beside ten articles", "about 1.0", many / few, 1.1, "{:.2f}")
    yield "such a page", "", f"{many * 1000:.1f} ms; ten articles {few * 1000:.1f} ms"
    memory = {count: load.resident_megabytes(site.workers()[0]) for count, site in sites.items()}
    yield "a worker's memory", "", f"{memory[MANY]:.0f} MB; ten articles {memory[FEW]:.0f} MB"


def rebuild_rows(site):
    """Waits with and without the index being made all the time, in turns."""
    for fresh, what in ((False, "a page that is held"), (True, "a page that is not held")):
        waits = {UNMOVED: [], MOVED: []}
        for beside in (UNMOVED, MOVED) * SIZE.rounds:
            with going_on(site, beside):
                waits[beside].append(percentiles(during(SIZE.seconds, reading(site, fresh))))
        without, while_made = middle(waits[UNMOVED]), middle(waits[MOVED])
        # Five milliseconds are what one turn of another thread takes from a request.
        yield row(
            f"{what}, 95th, while the index is made", "+ 5 ms", while_made[95] - without[95], 0.005, "{:+.1f} ms", 1000
        )
        for name, figures in (("without", without), ("while it is made", while_made)):
            said = ", ".join(f"{of}th {wait * 1000:.1f}" for of, wait in figures.items())
            yield f"  {name}", "", f"{said} ms"


def during(seconds, waits):
    """Yield waits for so long, and at least one."""
    end = time.monotonic() + seconds
    yield next(waits)
    yield from itertools.takewhile(lambda _: time.monotonic() < end, waits)


def reading(site, fresh):
    """Ask for a page over and over, and yield how long each answer took; `fresh` goes past the page cache."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    with contextlib.closing(connection):
        for number in itertools.count():
            if number % 20 == 0:
                assert (
                    site.get("/robots.txt").status == 200
                )  # requests past the cache do not look whether the site has moved
            time.sleep(0.002)
            began = time.perf_counter()
            ask(connection, f"{site.path}?fresh={number}" if fresh else site.path)
            yield time.perf_counter() - began


def ask(connection, path):
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"


@contextlib.contextmanager
def going_on(site, script):
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
    with subprocess.Popen(command, cwd=site.project, env=site.env, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def percentiles(waits):
    waits = sorted(waits)
    return {of: waits[min(len(waits) - 1, len(waits) * of // 100)] for of in (50, 95, 99, 100)}


def middle(rounds):
    """The middle of the rounds' figures."""
    return {of: median(figures[of] for figures in rounds) for of in rounds[0]}


def longest_wait_during_import(site):
    for path in (site.project / "content" / "articles").glob("*.md"):
        if path.stem not in KEPT:
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{site.author.paragraph()}\n", encoding="utf-8")
    began = time.monotonic()
    command = [sys.executable, "manage.py", "import_content"]
    with subprocess.Popen(command, cwd=site.project, env=site.env, stdout=subprocess.DEVNULL) as process:
        waits = list(itertools.takewhile(lambda _: process.poll() is None, reading(site, fresh=False)))
    assert process.returncode == 0
    return f"{max(waits) * 1000:.0f} ms of {time.monotonic() - began:.0f} s"


if __name__ == "__main__":
    main()
