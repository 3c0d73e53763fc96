"""Finished public pages, kept in memory in front of Django.

Nearly every request of a reader is for one of a few dozen pages that are the same for everybody. They are kept
compressed, with their headers, for as long as the site's version stands; each process asks the database for the version
at most once a second. While the database is away, the pages held go on being served.

What could shape a page is part of its key, or never reaches Django: a query that no view reads is taken away here, so that
links with campaign codes lead to the page that is kept.
"""

import gzip
import hashlib
import logging
import time
from collections import OrderedDict

import brotli
from django.db import Error as DatabaseError

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024 * 1024


class PageCache:
    """A WSGI application in front of another.

    `hosts` are the Host headers that are ours; `staff_cookie` makes it step aside; `queries` are, for the beginning of a
    path, the names that its pages read in a query, or None for all; `version()` says what the pages depend on and `moved()`
    is called when that has changed; `seconds` is how long an answer of `version` is believed.
    """

    def __init__(
        self, application, *, hosts, staff_cookie, uncached, queries, version, moved, seconds, most_bytes=MOST_BYTES
    ):
        self.application, self.hosts, self.uncached = application, frozenset(hosts), uncached
        self.staff_cookie, self.queries = staff_cookie, queries
        self.read_version, self.moved, self.seconds, self.most_bytes = version, moved, seconds, most_bytes
        self.version, self.look_again = None, 0.0
        self.pages, self.bytes = OrderedDict(), 0

    def __call__(self, environ, start_response):
        if environ.get("QUERY_STRING"):
            environ["QUERY_STRING"] = self._readable_query(environ["PATH_INFO"], environ["QUERY_STRING"])
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        self._look()
        page = self.pages.get(key)
        if page is not None:
            return page.send(environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        return self._fetch(key, environ, start_response)

    def _readable_query(self, path, query):
        """The part of a query that some view reads."""
        names = next((names for start, names in self.queries.items() if path.startswith(start)), ())
        if names is None:
            return query
        return "&".join(part for part in query.split("&") if part.partition("=")[0] in names)

    def _key(self, environ):
        """What a page is kept under; None for a request that must go to Django."""
        host, path = environ.get("HTTP_HOST"), environ.get("PATH_INFO", "")
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("QUERY_STRING")
            or host not in self.hosts
            or path.startswith(self.uncached)
            or self._is_staffs(environ.get("HTTP_COOKIE", ""))
        ):
            return None
        return environ["wsgi.url_scheme"], host, path

    def _is_staffs(self, cookies):
        """Whether Django would find staff's cookie in there: it takes blanks off names."""
        return self.staff_cookie in cookies and any(
            name.strip() == self.staff_cookie and has_value
            for name, has_value, _ in (part.partition("=") for part in cookies.split(";"))
        )

    def _look(self):
        """Ask for the version, unless that was done a moment ago; forget every page when it has moved."""
        now = time.monotonic()
        if now < self.look_again:
            return
        self.look_again = now + self.seconds
        try:
            version = self.read_version()
        except DatabaseError:
            log.warning("the database is away: pages held go on being served")
            return
        if version != self.version:
            self.pages.clear()
            self.bytes, self.version = 0, version
            self.moved()

    def _fetch(self, key, environ, start_response):
        """Let Django answer, and keep the answer when it is the same for every reader."""
        version, held_back = self.version, {}

        def hold_back(status, headers, exc_info=None):
            held_back.update(status=status, headers=headers, exc_info=exc_info)

        body = self.application(environ, hold_back)
        if not _is_public(held_back["status"], held_back["headers"]):
            start_response(held_back["status"], held_back["headers"], held_back["exc_info"])
            return body
        try:
            page = Page(held_back["headers"], b"".join(body))
        finally:
            if hasattr(body, "close"):
                body.close()
        if version is not None and version == self.version:
            self._keep(key, page)
        return page.send(environ, start_response)

    def _keep(self, key, page):
        if (made_meanwhile := self.pages.pop(key, None)) is not None:
            self.bytes -= made_meanwhile.size
        self.pages[key] = page
        self.bytes += page.size
        while self.bytes > self.most_bytes:
            _, oldest = self.pages.popitem(last=False)
            self.bytes -= oldest.size


def _is_public(status, headers):
    sent = {name.lower(): value for name, value in headers}
    return status.startswith("200 ") and "public" in sent.get("cache-control", "") and "set-cookie" not in sent


class Page:
    """One finished page: its bytes as they are, gzipped and brotli'd, each with its headers."""

    def __init__(self, headers, body):
        common = [(n, v) for n, v in headers if n.lower() not in ("content-length", "etag", "vary")]
        common.append(("Vary", "Accept-Encoding, Cookie"))
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        forms = {"": body, "gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body, quality=10)}
        self.forms = {
            name: _Form(name, data, f'"{digest}{name and f"-{name}"}"', common) for name, data in forms.items()
        }
        self.size = sum(map(len, forms.values()))

    def send(self, environ, start_response):
        form = self.forms[_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and form.etag in asked:
            start_response("304 Not Modified", form.unchanged_headers)
            return []
        start_response("200 OK", form.headers)
        return [form.body] if environ["REQUEST_METHOD"] != "HEAD" else []


class _Form:
    def __init__(self, encoding, body, etag, common):
        self.body, self.etag = body, etag
        self.unchanged_headers = [*common, ("ETag", etag)]
        self.headers = [*self.unchanged_headers, ("Content-Length", str(len(body)))]
        if encoding:
            self.headers.append(("Content-Encoding", encoding))


_known_encodings = {}


def _encoding(accepted):
    """ "br", "gzip" or "" for an Accept-Encoding header; browsers send few different ones, so the answers are kept."""
    if (known := _known_encodings.get(accepted)) is not None:
        return known
    parts = (part.partition(";q=") for part in accepted.lower().replace(" ", "").split(","))
    offered = {name for name, _, weight in parts if not weight or weight.strip("0.")}
    encoding = next((name for name in ("br", "gzip") if name in offered), "")
    if len(_known_encodings) < 1000:
        _known_encodings[accepted] = encoding
    return encoding
