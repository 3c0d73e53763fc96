"""A published change reaches readers through every worker's page cache: within two seconds, for staff at once."""

import contextlib
import http.client
import os
import signal
import threading
import time

import pytest

from tests.support.serving import PATIENCE, Site, free_port

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="tells workers apart by Linux's /proc"),
]

BAR = 2.0  # seconds
PATH = "/guide/anatomy/"


@pytest.fixture(scope="module")
def cached_site(tmp_path_factory):
    """Two workers that believe for a second what they know, as on a public site."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with Site.start(tmp_path_factory.mktemp("site"), PORT=port, SITE_URL=address, WORKERS="2") as site:
        yield site


@pytest.fixture
def connections(cached_site):
    """One kept-open connection to each worker."""
    workers = cached_site.workers()
    assert len(workers) == 2
    with contextlib.ExitStack() as open_ones:
        kept = []
        for awake, asleep in (workers, reversed(workers)):
            os.kill(asleep, signal.SIGSTOP)
            try:
                connection = http.client.HTTPConnection("127.0.0.1", cached_site.port, timeout=PATIENCE)
                open_ones.callback(connection.close)
                read(connection)  # only the one that is awake can have taken it
            finally:
                os.kill(asleep, signal.SIGCONT)
            kept.append(connection)
            assert awake != asleep
        yield kept


def read(connection, **headers):
    connection.request("GET", PATH, headers=headers)
    return connection.getresponse().read().decode()


def publish_while(site, words, look):
    """Publish a new summary, calling `look` over and over meanwhile and for a while after; when it was published."""
    published = []
    publisher = threading.Thread(target=lambda: published.append(site.publish("anatomy", summary=words)))
    publisher.start()
    while not published or time.time() < published[0] + BAR + 0.5:
        assert publisher.is_alive() or published, "it could not be published"
        look()
        time.sleep(0.01)
    publisher.join()
    return published[0]


def test_every_worker_shows_a_published_change_within_two_seconds(cached_site, connections):
    words = "Two workers know this sentence."
    seen = {connection: [] for connection in connections}

    def look():
        for connection, answers in seen.items():
            asked = time.time()
            answers.append((asked, words in read(connection)))

    published = publish_while(cached_site, words, look)
    for answers in seen.values():
        late = [asked - published for asked, new in answers if not new]
        assert min(late) < 0, "the old page was there before"
        assert max(late) < BAR
        assert answers[-1][1]


def test_staff_see_it_at_once(cached_site, connections):
    """Tried until a reader was shown what was kept: a worker may look for news in the moment of the change."""
    for number in range(10):
        if staff_are_first(cached_site, connections, f"Staff know sentence {number} first."):
            return
    raise AssertionError("nothing was kept, so this shows nothing")


def staff_are_first(site, connections, words):
    """Publish, see that staff are never shown what was before, and say whether a reader was."""
    readers, staff = [], []

    def look():
        for connection in connections:
            asked = time.time()
            staff.append((asked, words in read(connection, Cookie="a=b; session=anything")))
            readers.append((asked, words in read(connection)))

    published = publish_while(site, words, look)
    assert [asked for asked, new in staff if not new and asked > published] == []
    return any(not new and asked > published for asked, new in readers)
