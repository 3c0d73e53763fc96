"""Hostile input, with what is expected of each (security.md, section 4; the numbers are its rows).

Not here: 31 (a machine's marks) is in test_enquiry_spam.py and 35 to 38 (Markdown) in test_hostile_markdown.py. 39 to 44
(the editor and uploads), 46 and 47 (the admin's lists), the `next` of the sign-in (48) and the export that 20 speaks of
come with those pages.
"""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_plus

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from siweb.enquiries import links, outbox, screening
from siweb.enquiries.forms import NEEDS, TIMES
from siweb.enquiries.models import Answers, Enquiry, EnquiryEvent, Outbox

from .enquiring import ANSWERS, CHECK, FOR_ANOTHER, FORM, Page, ask, begun, posted, send, sent

pytestmark = pytest.mark.django_db

LINES = ("name", "asker", "relation", "language", "phone", "email")  # of one line
FIELDS = (*LINES, "words")


@pytest.fixture
def strict():
    """A browser as the server sees it, with its cookie; `strict.token` is the form's."""
    client = Client(enforce_csrf_checks=True)
    client.token = Page(client.get(FORM)).fields()["csrfmiddlewaretoken"][0]
    return client


@pytest.fixture
def staff(django_user_model):
    """The browser of somebody who may read enquiries."""
    browser = Client()
    browser.force_login(django_user_model.objects.create_superuser("sam"))
    return browser


def stored():
    return [table.objects.count() for table in (Enquiry, Answers, EnquiryEvent, Outbox)]


def refused(response, status=422):
    """Refused with that status, on a page with the numbers to call, and nothing is stored."""
    assert response.status_code == status
    assert 'href="tel:999"' in response.content.decode()
    assert stored() == [0, 0, 0, 0]


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


# --- 1 to 3: bytes that are no text -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIELDS)
def test_a_nul_is_refused_with_a_message_beside_its_field(client, name):
    response = send(client, FOR_ANOTHER, **{name: "maria@b.cc\0"})
    refused(response)
    assert "Type this again: it holds a character that cannot be stored." in Page(response).texts[f"id_{name}_error"]


@pytest.mark.parametrize("name", ["who", "knows", "ring", "place", "first", "voicemail", "times", "needs", "tell"])
def test_a_nul_in_a_choice_is_refused(client, name):
    refused(send(client, FOR_ANOTHER, **{name: "any\0"}))


@pytest.mark.parametrize("name", ["key", "began", "website", "do", "csrfmiddlewaretoken"])
def test_a_nul_in_what_the_form_carries_is_no_fault(client, name):
    response = client.post(CHECK, posted(**{"do": "send", name: "a\0b"}))
    assert response.status_code in (200, 302)


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


# --- 4 to 8: letters that cannot be seen, or that move others ---------------------------------------------------

BLANK = {
    "zero width": "\u200b\u200c\u200d",
    "word joiner": "\u2060\ufeff",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "Hangul fillers": "\u115f\u1160\uffa0",
    "Braille blank": "\u2800",
    "grapheme joiner": "\u034f",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "Mongolian separator": "\u180e",
    "variation selector": "\ufe0f",
    "tag letters": "\U000e0041\U000e0042",
    "marks on nothing": "\u0301\u0308",
    "reordering": "\u202e\u2066",
    "spaces": " \u2003\u3000\u00a0\t",
    "private use": "\ue000",
    "lines": "\r\n\u2028\u2029\u0085",
}


@pytest.mark.parametrize("name", ["name", "asker", "relation", "phone"])
@pytest.mark.parametrize("blank", BLANK.values(), ids=BLANK)
def test_an_answer_that_shows_nothing_is_no_answer(client, name, blank):
    response = send(client, FOR_ANOTHER | {"email": ""}, **{name: blank})
    refused(response)
    assert f"id_{name}_error" in Page(response).ids


@pytest.mark.parametrize("blank", BLANK.values(), ids=BLANK)
def test_words_that_show_nothing_are_none(client, blank):
    assert sent(client, words=blank).answers.words == ""


@pytest.mark.parametrize("mover", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))
def test_nothing_reorders_what_staff_read(client, mover):
    given = {name: f"{mover}ann{mover}abc{mover}" for name in ("name", "asker", "relation", "language", "words")}
    said = sent(
        client, FOR_ANOTHER, phone=f"{mover}0161 496 0000 {mover}ann", email=f"{mover}ann@b.cc", **given
    ).answers
    assert {getattr(said, name) for name in given} == {"annabc"}
    assert (said.phone_raw, said.phone_note, said.email) == ("0161 496 0000 ann", "ann", "ann@b.cc")


@pytest.mark.parametrize(
    "name",
    [
        "Z" + "\u0301" * 90,
        "👩\u200d🦽 Ann",
        "👍🏽",
        "علی\u200cرضا",
        "ශ\u0dca\u200dර\u0dd3",  # Sinhala needs the joiner
        "ﷺ",
        "ﬃ",
        "İıSs ßẞ",
        "x" * 100,
        "😀" * 100,
        "ZA̡͊͠͝LGO",
    ],
)
def test_a_name_is_stored_letter_for_letter_on_every_database(client, name):
    assert sent(client, name=name).answers.name == name


# --- 9, 10: line breaks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029", "\u0085"])
@pytest.mark.parametrize("name", ["name", "asker", "relation", "language"])
def test_a_line_has_no_line_breaks(client, name, break_):
    said = getattr(sent(client, FOR_ANOTHER, **{name: f"Ann{break_}Bcc: x@b.cc"}).answers, name)
    assert said.splitlines() == [said]
    assert re.fullmatch(r"Ann ?Bcc: x@b\.cc", said)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.cc\r\nBcc: x@b.cc",
        "a@b.cc\nBcc:x@b.cc",
        "a@b.cc\rSubject: free",
        "a@b.cc%0aBcc:x@b.cc",
        "a@b.cc\u2028Bcc: x@b.cc",
        "a@b.cc\r\nc.dd",  # another person's address, were it put together
        "a@b\r\n.cc.dd",
        "a\r\n@b.cc",
    ],
)
def test_an_address_of_several_lines_is_refused(client, address):
    refused(send(client, email=address))


def test_a_line_break_in_the_words_stays_one_and_goes_into_no_header(client, settings):
    sent(client, words="One.\r\nBcc: x@b.cc\r\rTwo.\n", name="Ann\r\nBcc: x@b.cc")
    assert Answers.objects.get().words == "One.\nBcc: x@b.cc\n\nTwo."
    outbox.send_due()
    (message,) = mail.outbox
    assert "x@b.cc" not in message.message().as_string()
    assert message.recipients() == [ANSWERS["email"]]


# --- 11 to 17: sizes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "is_taken"),
    [
        ("name", "x" * 100, True),
        ("name", "x" * 101, False),
        ("name", "😀" * 101, False),
        ("name", " " * 500 + "Ann" + " " * 500, True),
        ("asker", "😀" * 100, True),
        ("asker", "x" * 101, False),
        ("relation", "x" * 100, True),
        ("relation", "x" * 101, False),
        ("language", "x" * 100, True),
        ("language", "x" * 101, False),
        ("phone", "0161 496 0000 " + "x" * 86, True),
        ("phone", "0161 496 0000 " + "x" * 87, False),
        ("phone", "0161 496 0000" + "1" * 1000, False),
        ("email", "x" * 60 + "@" + "y" * 60 + ".example", True),
        ("email", "x" * 315 + "@b.cc", False),
        ("words", "x" * 4000, True),
        ("words", "x" * 4001, False),
        ("words", "x\r\n" * 2000, True),  # a line break is one character however a browser sends it
        ("words", "😀" * 4000, True),
        ("words", "😀" * 4001, False),
    ],
)
def test_a_text_is_taken_to_its_last_letter_or_refused_and_kept(client, name, text, is_taken):
    response = send(client, FOR_ANOTHER, **{name: text})
    if is_taken:
        assert response.status_code == 302
        said = getattr(Answers.objects.get(), {"phone": "phone_raw"}.get(name, name))
        assert said == text.replace("\r\n", "\n").strip()
    else:
        refused(response)
        assert Page(response).fields()[name] == [text]


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


# --- 18, 32, 33: texts that mean something elsewhere ------------------------------------------------------------

LITERAL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "</textarea><script>alert(1)</script>",
    "</title><b>",
    "<!--",
    "]]>",
    "&lt;b&gt; &amp; &#60;",
    "javascript:alert(1)",
    "${jndi:ldap://127.0.0.1/a}",
    "{{7*7}}",
    "{% load static %}",
    "{% debug %}",
    "#{7*7}",
    "%s %d %(name)s",
    "{0} {name}",
    "%n%n",
    "$(id) `id` ; id | id",
    "'; DROP TABLE enquiries_answers; --",
    "' OR '1'='1",
    "%' ESCAPE '!",
    '=HYPERLINK("http://b.cc","x")',
    "+44 161 496 0000",
    "-1+1",
    "@SUM(A1)",
    "=1+1",
    "../../etc/passwd",
    "C:\\con\\con",
    "null",
    "undefined",
    "None",
    "True",
    "NaN",
    "0",
    "-0",
    "1e309",
    "٠",
    "[[rule:driving]] **b** [a](javascript:alert(1))",
    "http://b.cc/?a=1&b=2",
    "\\u0000 \\x00 \\",
    "\ufffd\ufffe\uffff",
    "ÅÄÖ åäö ÿ",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "(╯°□°）╯︵ ┻━┻",
    "🏳️‍🌈 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
]


@pytest.mark.parametrize("text", LITERAL)
def test_a_text_is_kept_and_shown_as_it_was_typed_and_does_nothing(client, staff, text):
    given = dict.fromkeys(("name", "asker", "relation", "language", "words"), text)
    shown = ask(client, FOR_ANOTHER, **given).content.decode()
    assert shown.count(f"<dd>{escape(text)}</dd>") == len(given)
    enquiry = sent(client, FOR_ANOTHER, **given)
    assert {name: getattr(enquiry.answers, name) for name in given} == given
    page = staff.get(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])).content.decode()
    assert f"<b>{escape(text)}</b>" in page
    assert f"<bdi>{escape(text)}</bdi>" in page
    if "<" in text and text != "<!--":  # the admin's own pages hold comments
        assert text not in shown + page
    outbox.send_due()
    assert [message.recipients() for message in mail.outbox] == [[FOR_ANOTHER["email"]]]


@pytest.mark.parametrize("text", ["=1+1", "-1", "+1", "@x"])
@pytest.mark.parametrize("before", ["\t", "\r", "\n", " "])
def test_a_formula_behind_a_blank_is_stored_without_the_blank(client, before, text):
    said = sent(client, name=before + text, words=before + text).answers
    assert (said.name, said.words) == (text, text)


@pytest.mark.parametrize(
    "address", ['"<script>"@b.cc', "a'onclick='b@b.cc", "a&b@b.cc", "%s{0}{{7}}@b.cc", "a?bcc=x@b.cc"]
)
def test_an_odd_address_is_refused_or_escaped_everywhere(client, staff, address):
    shown = ask(client, email=address)
    assert "<script>" not in shown.content.decode()
    if shown.status_code == 422:
        refused(shown)
        return
    assert f'<p class="big">{escape(address)}</p>' in shown.content.decode()
    enquiry = sent(client, email=address)
    assert enquiry.answers.email == address
    page = staff.get(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])).content.decode()
    link = re.search(r'href="mailto:([^"]*)">(.*?)</a>', page)
    assert not set(link[1]) & set("?&<>' ")
    assert link[2] == escape(address)
    outbox.send_due()
    assert [message.recipients() for message in mail.outbox] == [[address]]


# --- 19, 21, 22, 29 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["josé@b.cc", "ann@bücher.example", "用户@例子.中国", "ann@xn--.ex\u0430mple"])
def test_an_international_address_is_told_of_another_way(client, address):
    response = send(client, email=address)
    refused(response)
    assert "Give another, or a phone number." in Page(response).texts["id_email_error"]


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


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "{}", "urn:uuid:", "../../x", "1" * 5000, "²" * 32, None])
@pytest.mark.parametrize("began", ["", "x", "began:::", "began:1xVgRd:x", "a" * 5000, "é", "\ud7ff", None])
def test_whatever_the_form_carries_back_makes_one_enquiry(client, key, began):
    assert send(client, key=key, began=began).status_code == 302
    assert (Enquiry.objects.get().spam_reason, stored()[:2]) == ("fast", [1, 1])


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
        monkeypatch.setattr("siweb.enquiries.spam.MOST_AN_HOUR", 0)
    page = Page({200: ask, 403: lambda _: send(strict), 429: send}[status](client))
    sending = [a for _, a in page.elements if "name" in a and (a["name"], a.get("value")) != ("do", "change")]
    names = [attrs["name"] for attrs in sending if attrs["name"] not in ("viewport", "description", "robots")]
    assert names[-1] == "do"
    assert set(names) > set(ANSWERS) - {"tell"}


@pytest.mark.parametrize("name", FIELDS)
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
    token = links.make_link(enquiry)
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


# --- 14, 16, 30, 34, 49, 50: what only the real server sees -----------------------------------------------------


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


@pytest.mark.server
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


@pytest.mark.server
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


@pytest.mark.server
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
        return site.get(CHECK, method="POST", body=percent(data), **headers)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert {answer.status for answer in answers} == {302}
    references = {re.search("SIJ-[0-9A-Z]+", site.get(answer.headers["Location"]).text)[0] for answer in answers}
    assert len(references) == 1
    after = [int(n) for n in site.manage("shell", "-v0", "-c", _COUNT).split()]
    # The beginning was signed with another key, so it counts as a machine's: only the acknowledgement is owed.
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1]
