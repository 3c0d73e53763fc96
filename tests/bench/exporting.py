"""Taking 100,000 enquiries away while others use the site: python -m tests.bench.exporting

One worker of the real server sends the whole file, every column of it, and answers /healthz meanwhile. Prints the time,
the size, the most memory that the worker ever had, and what others waited. On PostgreSQL when DATABASE_URL is set. Takes
about two minutes, a few seconds with --small.
"""

import html
import http.client
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import run
from tests.support.serving import Site
from tests.support.staffing import cookie_of

EXPORT = "/admin/enquiries/enquiry/export/"
MEMORY, WAIT = 200, 100  # at most: megabytes; milliseconds, of 99 in 100
SIZE = run.sizes(enquiries=(100_000, 1_000), quiet_seconds=(5, 0.5))

_FILL = """
from tests.support.many_enquiries import make_enquiries
make_enquiries({count})
"""


def main():
    run.parts()
    with tempfile.TemporaryDirectory() as folder, Site.start(Path(folder), WORKERS="1") as site:
        site.manage("shell", "-v0", "-c", _FILL.format(count=SIZE.enquiries))
        cookie = cookie_of(site, "mona", "Practice managers")
        quiet, fetched = Others(site), {}
        quiet.wait_for(lambda: time.sleep(SIZE.quiet_seconds))
        before = megabytes(site.workers()[0])
        others = Others(site)
        others.wait_for(lambda: fetched.update(fetch(site, cookie)))
        memory = before, megabytes(site.workers()[0])
    sys.exit(run.report(figures(fetched, memory, quiet, others)))


def figures(fetched, memory, quiet, others):
    yield "enquiries in the file", "", f"{SIZE.enquiries:,}, {fetched['bytes'] / 1e6:.0f} MB"
    yield "its first byte, its last", "", f"{fetched['first']:.2f} s, {fetched['last']:.0f} s"
    figure = "{:.0f} MB, {:.0f} MB".format(*memory)
    yield run.check(
        "the worker's memory at its highest: before, after", f"after < {MEMORY} MB", figure, memory[1] < MEMORY
    )
    yield "others wait without an export: median, 99 in 100, longest", "", str(quiet)
    slow = others.slowest(0.99)
    what = "others wait during it: median, 99 in 100, longest"
    yield run.speed(what, f"99 in 100 < {WAIT} ms", str(others), slow < WAIT)


def fetch(site, cookie):
    """Download the file and forget it piece by piece, as a browser writes it to its disk."""
    headers = {"Cookie": f"session={cookie}", "Host": f"127.0.0.1:{site.port}"}
    page = site.get(EXPORT, **headers)
    token = html.unescape(re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1])
    ticked = [(name, value) for name, value in re.findall(r'type="checkbox" name="(\w+)" value="(\w+)"', page.text)]
    form = [("csrfmiddlewaretoken", token), ("first", "2000-01-01"), ("last", time.strftime("%Y-%m-%d"))]
    form += [("reason", "measuring"), ("do", "download"), *ticked]
    headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.url}
    headers["Cookie"] += f"; {page.headers['Set-Cookie'].partition(';')[0]}"
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=300)
    began, size = time.perf_counter(), 0
    connection.request("POST", EXPORT, urlencode(form), headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()[:2000]
    first = time.perf_counter() - began
    while piece := response.read1(65536):
        size += len(piece)
    return {"first": first, "last": time.perf_counter() - began, "bytes": size}


class Others:
    """Somebody who asks /healthz again and again."""

    def __init__(self, site):
        self.site, self.waits = site, []

    def wait_for(self, act):
        over = threading.Event()
        asking = threading.Thread(target=self._ask, args=(over,))
        asking.start()
        try:
            act()
        finally:
            over.set()
            asking.join()

    def _ask(self, over):
        while not over.wait(0.02):
            began = time.perf_counter()
            assert self.site.get("/healthz").status == 200
            self.waits.append((time.perf_counter() - began) * 1000)

    def slowest(self, part):
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * part))]

    def __str__(self):
        return f"{self.slowest(0.5):.0f} ms, {self.slowest(0.99):.0f} ms, {max(self.waits):.0f} ms"


def megabytes(process):
    """The most memory that a process ever had. Linux only."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024


if __name__ == "__main__":
    main()
