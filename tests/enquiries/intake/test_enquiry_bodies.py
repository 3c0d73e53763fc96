"""Hostile bodies: bytes, sizes, fields and parts (security.md, section 4; the numbers are its rows)."""

from urllib.parse import quote_plus

import pytest
from django.conf import settings
from django.test import Client

from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.questions import screening
from siweb.enquiries.questions.forms import NEEDS, TIMES
from tests.support.enquiring import ANSWERS, CHECK, FOR_ANOTHER, FORM, Page, ask, posted, refused, send, sent, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """A browser as the server sees it, with its cookie; `strict.token` is the form's."""
    client = Client(enforce_csrf_checks=True)
    client.token = Page(client.get(FORM)).fields()["csrfmiddlewaretoken"][0]
    return client


def percent(data, **raw):
    """A body as a browser writes it, with some values exactly as given in bytes."""
    pairs = [(name, value) for name, value in data.items() if name not in raw]
    lines = [b"%s=%s" % (name.encode(), _quoted(one)) for name, many in pairs for one in _each(many)]
    return b"&".join([*lines, *(b"%s=%s" % (name.encode(), value) for name, value in raw.items())])


def _each(value):
    return value if isinstance(value, list) else [value]


def _quoted(text):
    return quote_plus(text, safe="*").encode()


def post_body(client, body, kind="application/x-www-form-urlencoded", **headers):
    return client.generic("POST", CHECK, body, content_type=kind, **headers)


# --- 2, 3: bytes that are no text -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"Maria%ED%A0%80", "Maria\ufffd\ufffd\ufffd"),  # half a surrogate pair
        (b"Maria%FF%FE", "Maria\ufffd\ufffd"),
        (b"Maria%C3", "Maria\ufffd"),
        (b"Maria%", "Maria%"),
        (b"Maria%ZZ", "Maria%ZZ"),
        (b"Maria+%2B", "Maria +"),
    ],
)
@pytest.mark.parametrize("name", ["name", "words"])
def test_bytes_that_are_no_text_are_replaced(client, name, raw, wanted):
    response = post_body(client, percent(posted(do="send"), **{name: raw}))
    assert response.status_code == 302
    assert getattr(Answers.objects.get(), name) == wanted


# --- 14 to 16: sizes of a body ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "status"), [(60_000, 422), (settings.BODY_LIMIT + 1, 413), (3_000_000, 413)])
def test_a_body_beyond_the_limit_is_refused_with_a_page(strict, size, status):
    body = percent(posted(do="send", csrfmiddlewaretoken=strict.token))
    refused(post_body(strict, body + b"&words=" + b"x" * (size - len(body) - 7)), status)


@pytest.mark.parametrize("length", ["300000000", "9" * 400, "-1", "1e3", "0x10", "²", "1²"])
def test_an_announced_length_is_judged_before_anything_is_read(strict, length):
    class Unread:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    refused(post_body(strict, b"", CONTENT_LENGTH=length, **{"wsgi.input": Unread()}), 413)


def test_everything_ticked_and_at_its_longest_fits(strict):
    longest = dict.fromkeys(("name", "asker", "relation", "language"), "😀" * 100)
    ticked = {"times": [key for key, _ in TIMES], "needs": [key for key, _ in NEEDS], "tell": list(screening.KEYS)}
    more = {"phone": "0161 496 0000 " + "😀" * 86, "email": "x" * 64 + "@" + f"{'y' * 59}." * 3 + "example"}
    data = posted(
        FOR_ANOTHER, do="send", csrfmiddlewaretoken=strict.token, words="😀" * 4000, **longest, **ticked, **more
    )
    assert post_body(strict, percent(data)).status_code == 302
    said = Answers.objects.get()
    assert (said.words, said.name, said.tell) == (data["words"], data["name"], ticked["tell"])


@pytest.mark.parametrize("count", [101, 1001])
def test_too_many_fields_are_refused_with_a_page(strict, count):
    body = percent({"csrfmiddlewaretoken": strict.token}) + b"&a=" * count
    refused(post_body(strict, body), 400)


# --- 21, 22, 29: fields twice, none and too many ----------------------------------------------------------------


def test_of_fields_sent_twice_the_last_one_counts_and_one_row_is_made(client):
    data = posted(do="send") | {"name": ["Ann", "Bea"], "who": ["other", "me"], "key": ["", posted()["key"]]}
    assert client.post(CHECK, data).status_code == 302
    assert Answers.objects.get().name == "Bea"
    assert stored()[:2] == [1, 1]


@pytest.mark.parametrize(
    "data", [{}, {"do": "send"}, {"do": "change"}, {"do": "nonsense"}, {"": ""}, {"do": ["send", "send"]}]
)
def test_a_form_without_fields_is_told_what_is_missing(client, data):
    response = client.post(CHECK, data)
    refused(response)
    assert Page(response).texts["problem-title"] == "There is a problem"


def test_fields_that_the_form_does_not_have_change_nothing(client):
    extra = {
        **{"id": "1", "pk": "1", "reference": "SIJ-AAAA", "ref": "SIJ-AAAA", "state": "closed", "outcome": "booked"},
        **{"spam_reason": "x", "spam_confirmed": "1", "owner": "1", "call": "may_be_booked", "hold_reason": "x"},
        **{"version": "99", "created_at": "2001-01-01", "due_at": "2099-01-01", "submission_key": "x", "status": "x"},
        **{
            "phone_doubtful": "1",
            "phone_note": "x",
            "phone_raw": "x",
            "place_id": "99",
            "via": "phone",
            "source": "phone",
        },
        **{
            "answers_id": "x",
            "consent": "on",
            "link_hash": "x",
            "enquiry": "x",
            "at": "2001-01-01",
            "next": "//evil.example",
        },
    }
    plain, loaded = sent(client), sent(client, **extra)
    assert loaded.reference != "SIJ-AAAA"
    for name in (
        "state",
        "outcome",
        "call",
        "owner",
        "version",
        "spam_reason",
        "spam_confirmed",
        "hold_reason",
        "due_at",
    ):
        assert getattr(loaded, name) == getattr(plain, name)
    ours = {"id", "_state", "enquiry_id", "at"}
    assert {n: v for n, v in vars(loaded.answers).items() if n not in ours} == {
        n: v for n, v in vars(plain.answers).items() if n not in ours
    }


KEYS = ["", "x", "0" * 32, "{}", "urn:uuid:", "../../x", "1" * 5000, "²" * 32, None]
BEGUN = ["", "x", "began:::", "began:1xVgRd:x", "a" * 5000, "é", "\ud7ff", None]


@pytest.mark.parametrize(("key", "began"), [*((key, None) for key in KEYS), *((None, began) for began in BEGUN)])
def test_whatever_the_form_carries_back_makes_one_enquiry(client, key, began):
    assert send(client, key=key, began=began).status_code == 302
    assert (Enquiry.objects.get().spam_reason, stored()[:2]) == ("", [1, 1])


# --- 23 to 28: bodies that are put together wrongly -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("application/x-www-form-urlencoded; charset=utf-16", (400,)),
        ("application/x-www-form-urlencoded; charset=latin-1", (400,)),
        ("application/x-www-form-urlencoded; charset=utf-7", (400,)),
        ("application/x-www-form-urlencoded; charset=hex", (400, 302)),
        ("application/x-www-form-urlencoded; charset=nonsense", (302,)),  # unknown: it is read as UTF-8, as it was sent
        ("application/x-www-form-urlencoded; charset=", (302,)),
        ("application/json", (403,)),  # no token can be read
        ("text/plain", (403,)),
        ("", (403,)),
        ("multipart/form-data", (400,)),
        ("multipart/form-data; boundary=", (400,)),
        ("multipart/form-data; boundary=é", (400,)),
        ("multipart/form-data; boundary=" + "x" * 300, (400, 403)),
    ],
)
def test_a_body_of_another_kind_is_no_fault(strict, kind, statuses):
    body = percent(posted(do="send", csrfmiddlewaretoken=strict.token))
    response = post_body(strict, body, kind)
    assert response.status_code in statuses
    if response.status_code == 302:
        assert Answers.objects.get().name == ANSWERS["name"]
    else:
        refused(response, response.status_code)


BOUNDARY = "XXBOUNDARYXX"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def multipart(data, last=f"--{BOUNDARY}--\r\n"):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'
        for name, many in data.items()
        for one in _each(many)
    ]
    return "".join([*parts, last]).encode()


def test_a_form_in_parts_is_taken(strict):
    data = posted(do="send", csrfmiddlewaretoken=strict.token)
    assert post_body(strict, multipart(data), MULTIPART).status_code == 302
    assert Answers.objects.get().name == ANSWERS["name"]


def test_a_form_in_parts_that_is_cut_anywhere_is_taken_whole_or_not_at_all(strict):
    data = posted(do="send", csrfmiddlewaretoken=strict.token)
    whole = multipart({"csrfmiddlewaretoken": strict.token} | data)
    for end in range(0, len(whole) - 40, 97):
        response = post_body(strict, whole[:end], MULTIPART)
        assert response.status_code in (200, 400, 403, 422), end  # 200: the check page, when "send" was cut off
        assert stored() == [0, 0, 0, 0], end


@pytest.mark.parametrize("status", [200, 403, 429])
def test_what_to_do_with_the_answers_comes_last_so_that_a_body_cut_short_does_nothing(
    client, strict, monkeypatch, status
):
    if status == 429:
        monkeypatch.setattr("siweb.enquiries.intake.spam.MOST_AN_HOUR", 0)
    page = Page({200: ask, 403: lambda _: send(strict), 429: send}[status](client))
    sending = [a for _, a in page.elements if "name" in a and (a["name"], a.get("value")) != ("do", "change")]
    names = [attrs["name"] for attrs in sending if attrs["name"] not in ("viewport", "description", "robots")]
    assert names[-1] == "do"
    assert set(names) > set(ANSWERS) - {"tell"}


@pytest.mark.parametrize("name", ["name", "asker", "relation", "language", "phone", "email", "words"])
def test_a_nul_in_a_part_is_refused(strict, name):
    data = posted(FOR_ANOTHER, do="send", csrfmiddlewaretoken=strict.token)
    refused(post_body(strict, multipart(data | {name: "a\0b"}), MULTIPART))


@pytest.mark.parametrize(
    "head",
    [
        'Content-Disposition: form-data; name="name"; filename="a.txt"',
        'Content-Disposition: form-data; name="name\0"',
        "Content-Disposition: form-data",
        "Content-Disposition: attachment",
        "",
        'Content-Disposition: form-data; name="' + "n" * 5000 + '"',
    ],
)
def test_a_part_with_an_odd_head_is_no_name(strict, head):
    data = posted(do="send", csrfmiddlewaretoken=strict.token, name=None)
    odd = f"--{BOUNDARY}\r\n{head}\r\n\r\nAnn!\r\n--{BOUNDARY}--\r\n"
    response = post_body(strict, multipart(data, odd), MULTIPART)
    assert response.status_code in (400, 422)
    refused(response, response.status_code)


def test_a_file_is_not_taken_for_an_answer(strict):
    data = posted(do="send", csrfmiddlewaretoken=strict.token)
    odd = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="scan"; filename="x.html"\r\n\r\n<b>\r\n--{BOUNDARY}--\r\n'
    assert post_body(strict, multipart(data, odd), MULTIPART).status_code == 302
    assert stored()[:2] == [1, 1]


@pytest.mark.parametrize(
    "cookie", ["\0", "=", ";;;", "csrf", "csrf=" + "x" * 5000, "csrf=é", "session=x; csrf=\x01", "a=" * 500]
)
def test_a_junk_cookie_is_no_fault(strict, cookie):
    strict.cookies.clear()
    assert strict.get(FORM, HTTP_COOKIE=cookie).status_code == 200
    refused(strict.post(CHECK, posted(do="send"), HTTP_COOKIE=cookie), 403)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é" * 32, "\0" * 64, "x" * 64, "x" * 32])
def test_a_junk_token_is_refused_and_the_answers_are_kept(strict, token):
    response = strict.post(CHECK, posted(do="send", csrfmiddlewaretoken=token))
    refused(response, 403)
    assert Page(response).fields()["words"] == [ANSWERS["words"]]
