""" "Was this page useful?" keeps a day's counts and nothing about who answered."""

import pytest
from django.test import Client

from siweb.articles import views
from siweb.articles.models import Usefulness
from siweb.core.client_address import client_address
from siweb.core.rate_limit import MOST_ADDRESSES, Throttle

pytestmark = pytest.mark.django_db

PATH = "/guide/causes/useful/"


@pytest.fixture(autouse=True)
def _nobody_has_answered_yet(monkeypatch):
    monkeypatch.setattr(views, "_answers", Throttle(most=3, seconds=3600))


@pytest.fixture
def strict_client(shipped):
    return Client(enforce_csrf_checks=True)


def counts():
    return list(Usefulness.objects.values_list("yes", "no"))


def test_answers_of_a_day_share_one_row(strict_client):
    for answer in ("yes", "no", "yes"):
        response = strict_client.post(PATH, {"useful": answer})
        assert (response.status_code, response.url) == (302, PATH)
    assert counts() == [(2, 1)]


def test_the_reader_is_thanked_and_led_onward_without_a_cookie(strict_client):
    response = strict_client.post(PATH, {"useful": "yes"}, follow=True)
    assert b"Thank you" in response.content
    assert b'href="/guide/causes/"' in response.content
    assert not strict_client.cookies


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_sites_page_is_refused(strict_client, headers, status):
    assert strict_client.post(PATH, {"useful": "yes"}, headers=headers).status_code == status
    assert len(counts()) == (status == 302)


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 400), ({"useful": "maybe"}, 400), ({"useful": ""}, 400), ({"useful": "yes", "more": "x" * 300}, 413)],
)
def test_an_answer_that_is_none_counts_nothing(strict_client, data, status):
    response = strict_client.post(PATH, data)
    assert response.status_code == status
    assert b'href="tel:999"' in response.content
    assert counts() == []


def test_one_address_cannot_drown_the_others(strict_client):
    for _ in range(5):
        assert strict_client.post(PATH, {"useful": "no"}).status_code == 302
    assert strict_client.post(PATH, {"useful": "yes"}, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert counts() == [(1, 3)]


def test_an_article_that_is_not_there_takes_no_answers(strict_client):
    assert strict_client.post("/guide/nothing/useful/", {"useful": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("peer", "forwarded", "wanted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # anybody can write that header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", " , ", "127.0.0.1"),
        ("127.0.0.1", "x" * 10_000, "x" * 45),
    ],
)
def test_only_our_own_proxies_are_believed_about_addresses(rf, peer, forwarded, wanted):
    assert client_address(rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)) == wanted


def test_the_memory_of_addresses_is_bounded_and_scrambled(rf):
    throttle = Throttle(most=1, seconds=3600)
    for number in range(MOST_ADDRESSES + 1):
        throttle.allows(rf.get("/", REMOTE_ADDR=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))
    assert len(throttle.counts) <= MOST_ADDRESSES
    assert not any(b"10." in key for key in throttle.counts)
