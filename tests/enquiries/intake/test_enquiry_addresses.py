"""Hostile headers, addresses and methods (security.md, section 4; the numbers are its rows)."""

import pytest

from siweb.enquiries.intake import private_links
from siweb.enquiries.models import Enquiry
from tests.support.enquiring import CHECK, FORM, posted, refused, send, sent, stored

pytestmark = pytest.mark.django_db


# --- 34, 49, 51: headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver@evil.example", "testserver\r\nX: y", "testserver:x", "", "[::1", "a" * 5000]
)
@pytest.mark.parametrize("path", [FORM, "/enquire/", CHECK])
def test_a_host_that_is_not_ours_is_refused(client, host, path):
    response = client.get(path, HTTP_HOST=host)
    assert response.status_code == 400
    refused(client.post(CHECK, posted(do="send"), HTTP_HOST=host), 400)


@pytest.mark.parametrize(
    "forwarded", ["not-an-ip", "x" * 10_000, "1.2.3.4," * 1300, ",,,", "\0", "::::", "é", "' OR 1", "127.0.0.1"]
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.7", "::1", "", "unix:"])
def test_junk_about_where_it_came_from_is_no_fault(client, forwarded, peer):
    assert send(client, address=peer, forwarded=forwarded).status_code == 302
    assert stored()[:2] == [1, 1]


@pytest.mark.parametrize(
    "header",
    [
        "USER_AGENT",
        "REFERER",
        "ORIGIN",
        "ACCEPT_LANGUAGE",
        "X_FORWARDED_HOST",
        "X_FORWARDED_PROTO",
        "ACCEPT_ENCODING",
        "RANGE",
    ],
)
@pytest.mark.parametrize("value", ["a\r\n2026-01-01 ERROR forged: line", "\0", "é" * 3000, "<script>"])
def test_a_junk_header_is_no_fault_and_writes_no_line(client, capfd, header, value):
    assert client.post(CHECK, posted(do="send"), **{f"HTTP_{header}": value}).status_code == 302
    written = capfd.readouterr()
    assert "forged" not in written.out + written.err


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/", "%00"]
)
@pytest.mark.parametrize("name", ["next", "url", "redirect", "action", "do"])
def test_the_way_stays_on_this_site(client, name, target):
    response = client.post(f"{CHECK}?{name}={target}", posted(do="send") | {"next": target})
    assert (response.status_code, response.url.startswith("/enquire/sent/")) == (302, True)


# --- 45, 52: addresses and methods ------------------------------------------------------------------------------

ODD = [
    *("%00", "a%00b", "%FF%FE", "%ED%A0%80", "..%2f..%2fetc", "%2e%2e", "x" * 3000, "%0d%0aX-A:%20b"),
    *("é", "%25", "<script>", "a b", "'", ":::", "W10:1:1"),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["/enquire/sent/{}/", "/enquire/yours/{}/", "/enquire/{}/", "/{}/"])
def test_an_odd_address_is_not_found(client, path, odd):
    for response in (client.get(path.format(odd)), client.get(path.format(odd) + "?q=%00")):
        assert response.status_code == 404
        assert "<script>" not in response.content.decode()
        assert "X-A" not in response.headers


@pytest.mark.parametrize("odd", ODD)
def test_a_post_to_an_odd_private_link_is_not_found(client, odd):
    for act in ("correct", "withdraw", "withdraw-now", ""):
        assert client.post(f"/enquire/yours/{odd}/", {"do": act}).status_code == 404


METHODS = ("get", "head", "options", "put", "patch", "delete", "trace")


@pytest.mark.parametrize("method", METHODS)
def test_no_method_but_post_changes_anything(client, method):
    enquiry = sent(client)
    page = send(client).url
    token = private_links.make_link(enquiry)
    before = stored(), list(Enquiry.objects.values())
    for path in (
        "/enquire/",
        FORM,
        CHECK,
        page,
        f"/enquire/yours/{token}/",
        "/enquire/withdrawn/",
        "/enquire/corrected/",
    ):
        for query in ("", "?do=withdraw-now&do=send&name=Ann"):
            response = getattr(client, method)(path + query)
            allowed = (200, 302) if method in ("get", "head") else (405,)
            assert response.status_code in allowed, (path, query)
            if method == "head":
                assert response.content == b""
    assert (stored(), list(Enquiry.objects.values())) == before


@pytest.mark.parametrize("path", ["/enquire/", FORM, "/enquire/sent/x/", "/enquire/withdrawn/", "/enquire/corrected/"])
def test_a_page_that_takes_nothing_refuses_a_post(client, path):
    assert client.post(path, posted(do="send")).status_code == 405
    assert stored() == [0, 0, 0, 0]
