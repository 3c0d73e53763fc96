"""What the real server answers: headers on everything, compressed bodies, strangers' Host headers, bodies too large."""

import contextlib
import gzip
import re
import socket

import brotli
import pytest

from tests.support.serving import PATIENCE, until

pytestmark = pytest.mark.server

ARTICLE = "/guide/anatomy/"
USEFUL = "/guide/anatomy/useful/"
ON_EVERYTHING = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}
FORMS = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


def exchange(site, request, then=b""):
    """Send raw bytes, and return all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        connection.sendall(then)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def head(site, first_line, *lines):
    lines = [first_line, f"Host: 127.0.0.1:{site.port}", *lines]
    return "\r\n".join([*lines, "", ""]).encode()


def static_file(site):
    """The address of a file that a page asks for."""
    return re.search(r'"(/static/figures/[^"]+)"', site.get(ARTICLE).text)[1]


@pytest.mark.parametrize(
    ("status", "path", "asked"),
    [
        (200, ARTICLE, {}),
        (200, ARTICLE, {"method": "HEAD"}),
        (200, "/search/?q=jab", {}),
        (200, "/healthz", {}),
        (301, "/guide/anatomy", {}),
        (400, "/", {"Host": "evil.example"}),
        (400, USEFUL, {"method": "POST", "body": "useful=perhaps"}),
        (403, USEFUL, {"method": "POST", "body": "useful=yes", "Origin": "https://evil.example"}),
        (403, "/", {"method": "POST", "body": "a=b"}),
        (404, "/guide/nothing/", {}),
        (404, "/static/nothing.css", {}),
        (405, USEFUL, {"method": "PUT"}),
        (413, USEFUL, {"method": "POST", "body": "x" * 70_000}),
    ],
)
def test_every_answer_carries_every_security_header(site, status, path, asked):
    answer = site.get(path, **asked)
    assert answer.status == status
    check_headers(answer)


def check_headers(answer):
    missing = {name for name, value in ON_EVERYTHING.items() if not answer.headers.get(name, "").startswith(value)}
    assert not missing, f"{answer.status} without {missing}"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_unchanged_pages_and_static_files_carry_them_too(site):
    for path in (ARTICLE, static_file(site)):
        first = site.get(path)
        check_headers(first)
        remembered = {key: first.headers[key] for key in ("ETag", "Last-Modified") if key in first.headers}
        asked = {"If-None-Match": remembered.get("ETag"), "If-Modified-Since": remembered.get("Last-Modified")}
        again = site.get(path, **{name: value for name, value in asked.items() if value})
        assert (again.status, again.body) == (304, b"")
        check_headers(again)


@pytest.mark.parametrize(
    ("status", "path", "asked"),
    [
        (400, "/", {"Host": "evil.example"}),
        (403, "/", {"method": "POST", "body": "a=b"}),
        (404, "/guide/nothing/", {}),
        (413, USEFUL, {"method": "POST", "body": "x" * 70_000}),
    ],
)
def test_an_error_keeps_a_way_onward(site, status, path, asked):
    answer = site.get(path, **asked)
    assert answer.status == status
    for number in ('href="tel:999"', 'href="tel:111"', 'href="tel:+44'):
        assert number in answer.text, number


def test_static_files_may_be_kept_for_ever_and_their_names_say_what_is_in_them(site):
    hashed = static_file(site)
    assert re.search(r"\.[0-9a-f]{12}\.\w+$", hashed)
    forever, plain = site.get(hashed), site.get(re.sub(r"\.[0-9a-f]{12}", "", hashed))
    assert forever.body == plain.body
    assert "immutable" in forever.headers["Cache-Control"]
    assert int(re.search(r"max-age=(\d+)", forever.headers["Cache-Control"])[1]) >= 365 * 24 * 3600
    assert "immutable" not in plain.headers["Cache-Control"]


@pytest.mark.parametrize("path", [ARTICLE, "/sitemap.xml"])
def test_br_gzip_and_identity_are_the_same_text(site, path):
    texts, sizes, tags = set(), {}, set()
    for form, plain in FORMS.items():
        answer = site.get(path, Accept_Encoding=form)
        assert answer.headers.get("Content-Encoding", "identity") == form
        assert "Accept-Encoding" in answer.headers["Vary"]
        texts.add(plain(answer.body))
        sizes[form] = len(answer.body)
        tags.add(answer.headers["ETag"])
    assert len(texts) == 1
    assert len(tags) == 3, "a cache could give one reader another's form"
    assert sizes["br"] < sizes["gzip"] < sizes["identity"]


@pytest.mark.parametrize(
    ("accepted", "form"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("BR;q=0, gzip;q=1.0", "gzip"),
        ("br; q=0.000, gzip;q=0", "identity"),
        ("gzip;q=0.5", "gzip"),
        ("", "identity"),
    ],
)
def test_a_browser_gets_a_form_that_it_accepts(site, accepted, form):
    assert site.get(ARTICLE, Accept_Encoding=accepted).headers.get("Content-Encoding", "identity") == form


def test_a_page_of_another_form_or_text_is_not_called_unchanged(site):
    tag = site.get(ARTICLE, Accept_Encoding="br").headers["ETag"]
    assert site.get(ARTICLE, Accept_Encoding="br", If_None_Match=f'"other", {tag}').status == 304
    assert site.get(ARTICLE, Accept_Encoding="gzip", If_None_Match=tag).status == 200
    assert site.get("/guide/causes/", Accept_Encoding="br", If_None_Match=tag).status == 200


@pytest.mark.parametrize("path", [ARTICLE, "/guide/nothing/", "/search/?q=jab"])
def test_head_is_get_without_the_body(site, path):
    whole = site.get(path)
    answer = exchange(site, head(site, f"HEAD {path} HTTP/1.1", "Connection: close"))
    headers, _, body = answer.partition(b"\r\n\r\n")
    assert body == b""
    assert f"HTTP/1.1 {whole.status} ".encode() in headers
    assert f"content-length: {len(whole.body)}".encode() in headers.lower()


HOSTILE = [
    b"evil.example",
    b"{ours}@evil.example",
    b"{ours}.evil.example",
    b"evil.example:80@{ours}",
    b"{ours} evil.example",
    b"{ours}\r\nHost: evil.example",
    b"<script>evil</script>",
    b"\xff\xfe",
    b"",
]


@pytest.mark.parametrize("host", HOSTILE)
def test_a_host_that_is_not_ours_is_refused_and_leaves_no_trace(site, host):
    ours = f"127.0.0.1:{site.port}".encode()
    lines = [b"GET / HTTP/1.1", b"Host: " + host.replace(b"{ours}", ours), b"Connection: close", b"", b""]
    answer = exchange(site, b"\r\n".join(lines))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"evil" not in answer
    assert "evil" not in site.get("/").text


def test_what_a_stranger_says_of_the_host_elsewhere_is_not_believed(site):
    forwarded = site.get("/guide/", X_Forwarded_Host="evil.example", Forwarded="host=evil.example")
    assert (forwarded.status, "evil" in forwarded.text) == (200, False)
    absolute = exchange(site, head(site, "GET http://evil.example/guide/ HTTP/1.1", "Connection: close"))
    assert b"evil" not in absolute


def test_a_malformed_request_leaves_no_address_in_the_log(site):
    with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as connection:
        connection.sendall(b"NONSENSE\r\n\r\n")
        assert b"400" in connection.recv(1000)
    assert "ip=" not in site.log()


BLOCK = b"x" * 65536


def test_a_huge_announced_body_is_refused_unread(site):
    answer, sent = pour(site, "Content-Length: 300000000", BLOCK)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'href="tel:999"' in answer
    assert sent < 20_000_000, "only what the system's buffers hold may be taken"
    assert files_with_a_piece_of_it(site) == []


def test_a_body_in_chunks_is_never_read(site):
    answer, sent = pour(site, "Transfer-Encoding: chunked", b"10000\r\n" + BLOCK + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 4")
    assert sent < 20_000_000
    assert files_with_a_piece_of_it(site) == []


def pour(site, framing, block):
    """Send a body for as long as the server lets us, at most 300 MB: its answer, and how much was sent."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(head(site, f"POST {USEFUL} HTTP/1.1", framing))
        answer, sent = connection.recv(65536), 0
        with contextlib.suppress(OSError):
            while sent < 300_000_000:
                sent += connection.send(block)
        with contextlib.suppress(OSError):
            answer += connection.recv(65536)
    return answer, sent


def files_with_a_piece_of_it(site):
    """The files of the site that hold a piece of a body. Others may change meanwhile: the job runner writes too."""
    found = []
    for path in site.folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a journal that the job runner has just removed
            if path.is_file() and BLOCK[:1000] in path.read_bytes():
                found.append(path)
    return found


def test_a_body_that_was_written_to_a_file_would_be_found(site):
    (site.folder / "upload").write_bytes(BLOCK)
    assert files_with_a_piece_of_it(site) == [site.folder / "upload"]
    (site.folder / "upload").unlink()


HALF_SENT = [
    pytest.param("GET / HTTP/1.1\r\nHost: 127", id="headers"),
    pytest.param(f"POST {USEFUL} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\nContent-Length: 100\r\n\r\nuse", id="body"),
]


@pytest.fixture
def half_sent(site):
    """Forty connections that begin a request and then say nothing more."""
    with contextlib.ExitStack() as open_ones:

        def begin(request):
            connections = []
            for _ in range(40):
                connection = socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE)
                connections.append(open_ones.enter_context(connection))
                connection.sendall(request.replace("{port}", str(site.port)).encode())
            return connections

        yield begin


@pytest.mark.parametrize("request_", HALF_SENT)
def test_forty_half_sent_requests_hold_nobody_up(site, half_sent, request_):
    begun = half_sent(request_)
    assert [site.get(path).status for path in ("/", "/search/?q=jab", "/healthz") * 5] == [200] * 15
    assert all(map(is_open, begun)), "others were answered only when these had been given up"


@pytest.mark.full
@pytest.mark.parametrize("request_", HALF_SENT)
def test_half_sent_requests_are_given_up(site, half_sent, request_):
    for connection in half_sent(request_):
        until(lambda c=connection: over(c), "the server ends the connection")


def is_open(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False
    finally:
        connection.settimeout(PATIENCE)


def over(connection):
    try:
        return connection.recv(65536) == b""
    except ConnectionResetError:
        return True
