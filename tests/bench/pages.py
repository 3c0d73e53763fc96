"""How many articles the site serves, beside a bare application that returns the same bytes: python -m tests.bench.pages

Both run under the same gunicorn settings with one worker, so that the readers have a processor of their own; the two
take turns, because a machine has better and worse moments. Takes about two minutes, a few seconds with --small.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from statistics import median

from tests.bench import load, run
from tests.support.serving import PROJECT, Site, free_port, until

PATH = "/guide/anatomy/"
BAR = 0.85
SIZE = run.sizes(rounds=(30, 3), seconds=(1, 0.3))
OWN_HEADERS = {"server", "date", "connection"}  # gunicorn's


def main():
    run.parts()
    with contextlib.ExitStack() as ending, tempfile.TemporaryDirectory() as folder:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        site = ending.enter_context(Site.start(folder, PORT=port, SITE_URL=address, WORKERS="1"))
        request = load.request_for(PATH, port)
        answer = load.answer_to(port, request)
        bare = Bare(site, answer)
        ending.callback(bare.stop)
        until(bare.answers, "the bare application answers")
        assert without_date(bare.answer(request)) == without_date(load.answer_to(port, request)), "not the same answer"
        sys.exit(run.report(compare(site, bare, request, len(answer))))


class Bare:
    """The bare application under gunicorn, returning what the site returned."""

    def __init__(self, site, answer):
        self.port = free_port()
        head, _, body = answer.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [line.split(": ", 1) for line in lines if line.split(":")[0].lower() not in OWN_HEADERS]
        shown = {"status": status.split(" ", 1)[1], "headers": headers, "body": body.decode("latin-1")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:tests.bench.bare", "tests.bench.bare"],
            cwd=PROJECT,
            env=site.env
            | {
                "PORT": str(self.port),
                "BARE_ANSWER": json.dumps(shown),
                "DJANGO_SETTINGS_MODULE": "siweb.config.settings",
            },
        )

    def answers(self):
        try:
            return self.answer(load.request_for("/", self.port))
        except ConnectionError:
            return False

    def answer(self, request):
        return load.answer_to(self.port, request)

    workers, _children = Site.workers, Site._children

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def without_date(answer):
    return [line for line in answer.split(b"\r\n") if not line.startswith(b"Date:")]


def compare(site, bare, request, size):
    rates, costs, busy = {site: [], bare: []}, {site: [], bare: []}, []
    for server in (site, bare):
        load.run(server.port, request, SIZE.seconds)  # warm
    for number in range(SIZE.rounds):
        for server in (site, bare) if number % 2 else (bare, site):
            before = load.processor_seconds(server.workers()[0])
            done = load.run(server.port, request, SIZE.seconds)
            rates[server].append(done.rate)
            costs[server].append((load.processor_seconds(server.workers()[0]) - before) / done.requests * 1e6)
            busy.append(done.busy)
    ratio = median(rates[site]) / median(rates[bare])
    cost = median(costs[bare]) / median(costs[site])
    yield "the site", "", f"{median(rates[site]):,.0f} requests/s, {median(costs[site]):.0f} µs of processor each"
    yield "a bare application", "", f"{median(rates[bare]):,.0f} requests/s, {median(costs[bare]):.0f} µs each"
    yield run.speed("ratio of requests/s", f"≥ {BAR}", f"{ratio:.2f}", ratio >= BAR)
    yield "ratio of processor time", "", f"{cost:.2f}"
    yield "the readers' own load", "< 0.9", f"{max(busy):.2f} of a processor"
    rounds = f"{SIZE.rounds} rounds of {SIZE.seconds} s"
    yield "one answer", "", f"{size:,} bytes, one worker, {load.READERS} connections, {rounds}"


if __name__ == "__main__":
    main()
