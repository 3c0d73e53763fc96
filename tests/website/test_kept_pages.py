"""What a stranger sends beside an address changes no byte of a page that is kept for all readers."""

import contextlib
import http.client
import re

import pytest

from tests.support.serving import PATIENCE, Site, free_port

pytestmark = pytest.mark.server

# Header lines as they are sent: names of a gateway, of other frameworks and proxies, and nonsense.
HEADERS = (
    *(
        "SCRIPT_NAME: /evil",
        "SCRIPT_NAME: /guide",
        "SCRIPT-NAME: /evil",
        "Script_Name: //evil.example",
        "SCRIPT_NAME: /",
    ),
    *("PATH_INFO: /evil", "PATH-INFO: /evil", "REQUEST_URI: /evil", "RAW_URI: /evil", "SCRIPT_URL: /evil"),
    *("REDIRECT_URL: /evil", "REMOTE_USER: root", "REMOTE-USER: root", "REMOTE_ADDR: 10.0.0.1", "QUERY_STRING: a=b"),
    *("SERVER_NAME: evil.example", "SERVER-NAME: evil.example", "SERVER_PORT: 1", "wsgi.url_scheme: ftp", "HTTPS: on"),
    *("X-Script-Name: /evil", "X-Forwarded-Prefix: /evil", "X-Forwarded-Path: /evil", "X-Original-URL: /admin/"),
    *("X-Rewrite-URL: /admin/", "X-HTTP-Method-Override: POST", "X-Method-Override: DELETE", "X-HTTP-Method: PUT"),
    *("X-Forwarded-Host: evil.example", "X-Forwarded-Server: evil.example", "X-Host: evil.example"),
    *("X-Forwarded-Port: 1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: nonsense", "X-Real-IP: 203.0.113.9"),
    *("X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl", "X-Forwarded-Scheme: https", "X-Url-Scheme: https"),
    *("X-Forwarded_Proto: https", "Front-End-Https: on", "Forwarded: host=evil.example;proto=https", "Via: 1.1 evil"),
    *("Accept: application/json", "Accept: text/plain", "Accept-Language: cy", "Accept-Charset: utf-16"),
    *("X-Requested-With: XMLHttpRequest", "X-Background: yes", "X-CSRFToken: evil", "Origin: null"),
    *("Origin: https://evil.example", "Referer: https://evil.example/", "Sec-Fetch-Site: cross-site"),
    *(
        "User-Agent: <script>",
        "DNT: 1",
        "Save-Data: on",
        "Range: bytes=0-9",
        "Cache-Control: no-cache",
        "Pragma: no-cache",
    ),
    *("Authorization: Basic cm9vdDpyb290", "Upgrade-Insecure-Requests: 1", "Expect: 100-continue", "TE: trailers"),
    *("Cookie: a=b", "Cookie: csrf=evil", "Cookie: sessionid=evil; messages=evil"),
    *(
        "If-Modified-Since: Thu, 01 Jan 2015 00:00:00 GMT",
        'If-Match: "evil"',
        "Content-Type: text/evil",
        "Content-Length: 0",
    ),
)
LIKE_STAFF = ("Cookie: session=evil", "Cookie: session =evil", "Cookie: a=b;\tsession=evil")  # these get no kept page
QUERIES = (
    "utm_source=x",
    "a",
    "=",
    "%00",
    "next=//evil.example",
    "page=2",
    "fbclid=" + "x" * 2000,
    "day=9999-12-31",
    "&&&",
)


# What is compared beside the body: everything that could change what a reader sees or how it is kept.
SHOWN = ("Content-Type", "Cache-Control", "Content-Security-Policy", "ETag", "Vary", "Location", "Set-Cookie", "Link")


@pytest.fixture(scope="module")
def kept_site(tmp_path_factory):
    """A site of one worker that believes for a second what it knows, as a public one does."""
    port = free_port()
    with Site.start(
        tmp_path_factory.mktemp("kept"), PORT=port, SITE_URL=f"http://127.0.0.1:{port}", WORKERS="1"
    ) as site:
        yield site


@pytest.fixture(scope="module")
def plain(kept_site):
    """{path: the page as it is} of every page that is the same for all readers."""
    addresses = re.findall("<loc>http://[^/]+([^<]+)</loc>", read(kept_site, "/sitemap.xml")[2].decode())
    articles = [path for path in addresses if path.startswith("/guide/") and path != "/guide/"]
    paths = ["/sitemap.xml", "/robots.txt", *addresses, *(f"{path}print/" for path in articles)]
    pages = {path: read(kept_site, path) for path in paths}
    return {path: page for path, page in pages.items() if "public" in str(page[1])}


def read(site, path, header=""):
    """(status, headers, body) of a page, asked for with one more header line."""
    name, _, value = header.partition(": ")
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Connection": "close"} | ({name: value} if header else {}))
        answer = connection.getresponse()
        return answer.status, {name: answer.headers[name] for name in SHOWN}, answer.read()


def test_sixty_odd_headers_are_tried_on_a_page_of_their_own_each(plain):
    assert len(set(HEADERS)) == len(HEADERS) >= 60
    assert len(plain) >= len(HEADERS) // 2
    assert {status for status, *_ in plain.values()} == {200}


def test_no_header_changes_a_byte_of_a_page_that_is_kept(kept_site, plain):
    paths = list(plain)[:5]
    assert [(h, path) for h in HEADERS for path in paths if read(kept_site, path, h) != plain[path]] == []


def test_no_query_changes_a_byte_of_a_page_that_is_kept(kept_site, plain):
    paths = list(plain)[:5]
    assert [(q, path) for q in QUERIES for path in paths if read(kept_site, f"{path}?{q}") != plain[path]] == []


def test_no_header_or_query_changes_a_byte_for_those_who_come_after_it(kept_site, plain):
    """Each page is asked for in an odd way first, after a start that has forgotten all of them."""
    odd = [("", header) for header in (*HEADERS, *LIKE_STAFF)] + [(f"?{query}", "") for query in QUERIES]
    for some in (odd[at : at + len(plain)] for at in range(0, len(odd), len(plain))):
        kept_site.stop()
        kept_site.serve()
        attempts = list(zip(plain, some, strict=False))
        for path, (query, header) in attempts:
            read(kept_site, f"/evil{path}{query}", header)  # which is `path` below a SCRIPT_NAME
            read(kept_site, path + query, header)
        assert [attempt for attempt in attempts if read(kept_site, attempt[0]) != plain[attempt[0]]] == []
