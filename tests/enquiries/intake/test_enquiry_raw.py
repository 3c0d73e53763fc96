"""Hostile requests that only the real server sees (security.md, section 4, rows 14, 16, 30, 34, 49 and 50)."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.support.enquiring import CHECK, FORM, begun, posted

pytestmark = pytest.mark.server


def answer_of(site, *lines, body=b"", patience=20):
    """The status of the first answer to these raw lines, or None where the connection was ended without one; and the rest."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=patience) as connection:
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    found = re.match(rb"HTTP/1\.1 (\d+)", received)
    return (int(found[1]) if found else None), received


HOST = "Host: 127.0.0.1:{port}"
RAW = {
    "two hosts": (["GET /enquire/ HTTP/1.1", HOST, "Host: evil.example"], (400, None)),
    "another host": (["GET /enquire/ HTTP/1.1", "Host: evil.example"], (400,)),
    "a host with @": (["GET /enquire/ HTTP/1.1", "Host: 127.0.0.1@evil.example"], (400,)),
    "a whole address": (["GET http://evil.example/enquire/form/ HTTP/1.1", HOST], (200, 400, 404)),
    "both lengths": (
        ["POST /enquire/check/ HTTP/1.1", HOST, "Content-Length: 4", "Transfer-Encoding: chunked"],
        (400, 411, 413, 403, None),
    ),
    "two lengths": (["POST /enquire/check/ HTTP/1.1", HOST, "Content-Length: 4", "Content-Length: 5"], (400, None)),
    "an odd length": (["POST /enquire/check/ HTTP/1.1", HOST, "Content-Length: +4"], (400, None)),
    "a length that is no number": (["POST /enquire/check/ HTTP/1.1", HOST, "Content-Length: \xb2"], (400, 413, None)),
    "an odd coding": (["POST /enquire/check/ HTTP/1.1", HOST, "Transfer-Encoding: xchunked"], (400, 501, None)),
    "a header of 9 KB": (["GET /enquire/ HTTP/1.1", HOST, "X-Long: " + "x" * 9000], (400, 431)),
    "a cookie of 9 KB": (["GET /enquire/form/ HTTP/1.1", HOST, "Cookie: csrf=" + "x" * 9000], (400, 431)),
    "70 headers": (["GET /enquire/ HTTP/1.1", HOST, *(f"X-{n}: 1" for n in range(70))], (400, 431)),
    "a line of 5 KB": (["GET /enquire/sent/" + "x" * 5000 + "/ HTTP/1.1", HOST], (400, 414)),
    "a NUL in a header": (["GET /enquire/ HTTP/1.1", HOST, "User-Agent: a\0b"], (400,)),
    "a bare CR in a header": (["GET /enquire/ HTTP/1.1", HOST, "User-Agent: a\rforged: line"], (400,)),
    "a folded header": (["GET /enquire/ HTTP/1.1", HOST, "User-Agent: a", " forged: line"], (400,)),
    "a blank before the colon": (["GET /enquire/ HTTP/1.1", HOST, "X-Forwarded-For : 1.2.3.4"], (400,)),
    "a NUL in the path": (["GET /enquire/\0/ HTTP/1.1", HOST], (400, 404)),
    "bytes in the path": (["GET /enquire/yours/\xff\xfe/ HTTP/1.1", HOST], (400, 404)),
    "no such method": (["FORGED /enquire/check/ HTTP/1.1", HOST], (400, 403, 405)),
    "HTTP/9": (["GET /enquire/ HTTP/9.9", HOST], (400, 505)),
    "300 MB announced": (["POST /enquire/check/ HTTP/1.1", HOST, "Content-Length: 300000000"], (413,)),
    "chunks without end": (["POST /enquire/check/ HTTP/1.1", HOST, "Transfer-Encoding: chunked"], (400, 403, 411, 413)),
}


@pytest.mark.parametrize("case", RAW)
def test_the_server_refuses_requests_that_could_be_read_in_two_ways(site, case):
    lines, statuses = RAW[case]
    status, received = answer_of(site, *(line.format(port=site.port) for line in lines), body=b"name=Ann")
    assert status in statuses
    assert b"SIJ-" not in received
    assert b"evil.example" not in received
    assert received.count(b"HTTP/1.1 ") <= 1
    assert "forged" not in site.log().lower()
    assert site.get("/enquire/").status == 200


def test_a_header_with_an_underscore_cannot_pass_for_the_proxys(site):
    status, _ = answer_of(
        site,
        "GET /enquire/form/ HTTP/1.1",
        HOST.format(port=site.port),
        "X_Forwarded_For: 1.2.3.4",
        "Connection: close",
    )
    assert status in (200, 400)


_COUNT = "from siweb.enquiries.models import *; print(Enquiry.objects.count(), Answers.objects.count(), Outbox.objects.count())"


def test_the_same_form_sent_twenty_times_at_once_is_one_enquiry(site):
    form = site.get(FORM)
    token, key = (re.search(rf'name="{name}" value="(.*?)"', form.text)[1] for name in ("csrfmiddlewaretoken", "key"))
    data = posted(do="send", key=key, csrfmiddlewaretoken=token, began=begun())
    headers = {
        "Cookie": form.headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    before = [int(n) for n in site.manage("shell", "-v0", "-c", _COUNT).split()]

    def press(_):
        return site.get(CHECK, method="POST", body=urlencode(data, doseq=True), **headers)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert {answer.status for answer in answers} == {302}
    references = {re.search("SIJ-[0-9A-Z]+", site.get(answer.headers["Location"]).text)[0] for answer in answers}
    assert len(references) == 1
    after = [int(n) for n in site.manage("shell", "-v0", "-c", _COUNT).split()]
    # The beginning was signed with another key, which is no sign of a machine: acknowledgement and notification are queued.
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 2]
