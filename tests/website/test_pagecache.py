"""The page cache keeps what is the same for every reader, for as long as the site's version stands."""

import gzip

import brotli
import pytest
from django.db import OperationalError

from siweb.website.page_cache import PageCache

PUBLIC = [("Content-Type", "text/html"), ("Cache-Control", "public, no-cache")]


class Site:
    """A site behind the cache: counts how often it is asked, and can be changed."""

    def __init__(self, **options):
        self.asked, self.version, self.moves = 0, 1, 0
        self.status, self.headers, self.body = "200 OK", PUBLIC, b"<p>first words</p>" * 50
        options = {"seconds": 0.0} | options
        self.cache = PageCache(
            self.application,
            hosts=["clinic.example"],
            staff_cookie="session",
            uncached="/static/",
            queries={"/search/": {"q"}, "/admin/": None},
            version=self.read_version,
            moved=self.count_move,
            **options,
        )

    def application(self, environ, start_response):
        self.asked += 1
        self.query = environ["QUERY_STRING"]
        start_response(self.status, self.headers)
        return [self.body]

    def read_version(self):
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    def count_move(self):
        self.moves += 1

    def get(self, path="/", method="GET", **environ):
        environ = {"HTTP_HOST": "clinic.example", "wsgi.url_scheme": "https", "QUERY_STRING": ""} | environ
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer.update(status=status, headers=dict(headers))

        answer["body"] = b"".join(self.cache(environ | {"REQUEST_METHOD": method, "PATH_INFO": path}, start_response))
        return answer


@pytest.fixture
def site():
    return Site()


def test_a_page_is_made_once_and_then_kept(site):
    assert site.get()["body"] == site.get()["body"] == site.body
    assert site.asked == 1


def test_a_moved_version_empties_the_cache_and_is_told(site):
    site.get()
    site.version, site.body = 2, b"second words"
    assert site.get()["body"] == b"second words"
    assert site.moves == 2


def test_the_version_is_not_asked_for_again_within_its_seconds():
    site = Site(seconds=3600.0)
    site.get()
    site.version = 2
    site.get()
    assert site.asked == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"QUERY_STRING": "q=hip", "path": "/search/"},
        {"QUERY_STRING": "utm=x", "path": "/admin/"},
        {"HTTP_COOKIE": "session=abc"},
        {"HTTP_COOKIE": "session =abc"},
        {"HTTP_COOKIE": "a;  session\t= abc"},
        {"HTTP_COOKIE": "other=1; session=abc"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "clinic.example:81"},
        {"path": "/static/css/site.css"},
    ],
)
def test_what_is_not_the_same_for_everybody_goes_to_django(site, request_):
    site.get(**request_)
    site.get(**request_)
    assert site.asked == 2
    assert not site.cache.pages


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", PUBLIC),
        ("301 Moved Permanently", PUBLIC),
        ("200 OK", [("Cache-Control", "no-store")]),
        ("200 OK", []),
        ("200 OK", [*PUBLIC, ("Set-Cookie", "a=b")]),
    ],
)
def test_what_is_not_a_public_page_is_not_kept(site, status, headers):
    site.status, site.headers = status, headers
    assert site.get()["status"] == status
    site.get()
    assert site.asked == 2


@pytest.mark.parametrize("path", ["/", "/guide/", "/search/", "/searching/"])
@pytest.mark.parametrize("query", ["utm_source=x", "a", "&", "%71=hip", "Q=hip"])
def test_a_query_that_a_page_does_not_read_costs_nothing(site, path, query):
    site.get(path)
    assert site.get(path, QUERY_STRING=query)["body"] == site.body
    assert site.asked == 1


@pytest.mark.parametrize(
    ("path", "query", "reaches"),
    [
        ("/search/", "utm_source=x&q=hip&q=knee", "q=hip&q=knee"),
        ("/search/", "utm_source=x", ""),
        ("/admin/articles/", "next=/&x", "next=/&x"),
        ("/enquire/form/", "utm_source=x", ""),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_of_a_query_a_page_gets_only_what_it_reads(site, path, query, reaches, method):
    site.headers = []  # a page that is not kept
    site.get(path, method=method, QUERY_STRING=query)
    assert site.query == reaches


@pytest.mark.parametrize("cookie", ["xsession=abc", "a=session=abc", "session"])
def test_a_cookie_that_is_not_staffs_leaves_a_page_kept(site, cookie):
    site.get()
    site.get(HTTP_COOKIE=cookie)
    assert site.asked == 1


def test_scheme_and_host_have_pages_of_their_own(site):
    site.get()
    site.get(**{"wsgi.url_scheme": "http"})
    assert site.asked == 2


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0,gzip;q=0", None),
        ("br;q=0.5", "br"),
        ("zstd", None),
        ("x" * 9000, None),
    ],
)
def test_each_browser_gets_the_smallest_form_that_it_reads(site, accepted, encoding):
    site.get()
    answer = site.get(HTTP_ACCEPT_ENCODING=accepted)
    assert answer["headers"].get("Content-Encoding") == encoding
    assert {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding](answer["body"]) == site.body
    assert answer["headers"]["Content-Length"] == str(len(answer["body"]))
    assert answer["headers"]["Vary"] == "Accept-Encoding, Cookie"


def test_a_page_that_the_browser_has_is_not_sent_again(site):
    first = site.get(HTTP_ACCEPT_ENCODING="br")
    again = site.get(HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first["headers"]["ETag"])
    assert (again["status"], again["body"]) == ("304 Not Modified", b"")
    other = site.get(HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=first["headers"]["ETag"])
    assert other["status"] == "200 OK"


def test_head_sends_the_same_headers_and_no_body(site):
    page = site.get()
    head = site.get(method="HEAD")
    assert head["body"] == b""
    assert head["headers"] == page["headers"]


def test_pages_held_are_served_while_the_database_is_away(site):
    site.get()
    site.version = OperationalError()
    assert site.get()["body"] == site.body
    assert site.asked == 1


def test_nothing_is_kept_before_the_version_is_known():
    site = Site()
    site.version = OperationalError()
    site.get()
    assert not site.cache.pages


def test_a_page_made_while_the_version_moved_is_not_kept(site):
    make = site.application

    def overtaken(environ, start_response):
        site.cache.version = 99  # another request has seen it move
        return make(environ, start_response)

    site.cache.application = overtaken
    site.get()
    assert not site.cache.pages


def test_the_memory_is_bounded_and_the_oldest_page_goes_first():
    site = Site(most_bytes=3000)
    for number in range(20):
        site.get(f"/{number}/")
    assert site.cache.bytes <= 3000
    assert ("https", "clinic.example", "/19/") in site.cache.pages
    assert ("https", "clinic.example", "/0/") not in site.cache.pages
    assert site.cache.bytes == sum(page.size for page in site.cache.pages.values())


def test_a_page_asked_for_twice_at_once_is_counted_once(site):
    make, inside = site.application, []

    def slow(environ, start_response):
        if not inside:
            inside.append(1)
            site.get()  # the second request, while the first is still being made
        return make(environ, start_response)

    site.cache.application = slow
    site.get()
    assert site.cache.bytes == sum(page.size for page in site.cache.pages.values())
