"""A repeated query is answered from memory: the newest 500, for ten minutes, and only by the index that found them."""

import pytest

from siweb.articles.search import live_index
from siweb.articles.search.remembered import MAX_AGE, MAX_ANSWERS, Remembered
from siweb.core.models import SiteVersion


class Counting:
    def __init__(self):
        self.asked = []

    def search(self, query, limit):
        self.asked.append(query)
        return f"{query} {limit}"


@pytest.fixture
def clock():
    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    return Clock()


def test_a_repeated_query_is_not_searched_again(clock):
    index = Counting()
    remembered = Remembered(index, clock)
    assert [remembered.search("hip", 6) for _ in range(3)] == ["hip 6"] * 3
    assert index.asked == ["hip"]
    assert remembered.search("hip", 2) == "hip 2"


def test_an_answer_is_forgotten_after_ten_minutes(clock):
    index = Counting()
    remembered = Remembered(index, clock)
    remembered.search("hip", 6)
    clock.now += MAX_AGE - 1
    remembered.search("hip", 6)
    clock.now += 1
    remembered.search("knee", 6)
    assert list(remembered._answers) == [("knee", 6)]
    remembered.search("hip", 6)
    assert index.asked == ["hip", "knee", "hip"]


def test_only_the_newest_answers_are_kept(clock):
    remembered = Remembered(Counting(), clock)
    for number in range(MAX_ANSWERS + 50):
        remembered.search(str(number), 6)
    assert len(remembered._answers) == MAX_ANSWERS
    assert ("0", 6) not in remembered._answers


@pytest.mark.slow
@pytest.mark.django_db
def test_the_memory_goes_with_the_version_of_the_site(shipped):
    shelf = live_index.Shelf()
    first = shelf.search("driving")
    assert shelf.search("driving") is first
    SiteVersion.move()
    shelf.rebuild()
    assert shelf.search("driving") is not first
