"""The search index keeps up with the site, and making it leaves the processor to readers."""

import time

import pytest
from django.db import OperationalError

from siweb.articles.search import live_index
from siweb.core.models import SiteVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(monkeypatch):
    """The versions that an index was made for, from 0; `built.meanwhile` is what happens while one is made."""

    class Built(list):
        meanwhile = staticmethod(lambda: None)

    built, first = Built(), SiteVersion.current()

    def index(*_):
        built.append(SiteVersion.current() - first)
        built.meanwhile()
        return object()

    monkeypatch.setattr(live_index, "Index", index)
    return built


def test_an_index_is_made_once_for_a_version(built):
    shelf = live_index.Shelf()
    shelf.rebuild()
    shelf.rebuild()
    SiteVersion.move()
    shelf.rebuild()
    assert built == [0, 1]


@pytest.mark.slow
def test_a_change_while_an_index_is_made_is_not_missed(built):
    shelf = live_index.Shelf()
    shelf.rebuild()

    def publish_once():
        built.meanwhile = lambda: None
        SiteVersion.move()
        shelf.rebuild()  # turned away: one is being made

    built.meanwhile = publish_once
    SiteVersion.move()
    shelf.rebuild()
    assert built == [0, 1, 2]
    assert shelf.version == SiteVersion.current()


def test_a_rebuild_that_the_database_broke_off_is_tried_again(built, monkeypatch):
    shelf, slept = live_index.Shelf(), []
    current = SiteVersion.current

    def away_at_first():
        if not slept:
            raise OperationalError
        return current()

    monkeypatch.setattr(live_index, "native_sleep", slept.append)
    monkeypatch.setattr(live_index.connection, "close", lambda: None)  # it holds the test's transaction
    monkeypatch.setattr(live_index.SiteVersion, "current", away_at_first)
    shelf._rebuild_apart()
    assert slept == [live_index.RETRY]
    assert built == [0]


def test_the_work_rests_most_of_the_time():
    rest, began = live_index._rests(), time.thread_time()
    start = time.perf_counter()
    while time.thread_time() - began < 0.05:
        rest()
    assert time.perf_counter() - start > 0.05 * 3  # it should be five times as long; control: without rest, once
