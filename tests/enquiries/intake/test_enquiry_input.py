"""Hostile input, with what is expected of each (security.md, section 4; the numbers are its rows): letters and texts.

Bodies are in test_enquiry_bodies.py, headers and addresses in test_enquiry_addresses.py, and what only the real server
sees in test_enquiry_raw.py. Not there: 31 (a machine's marks) is in test_enquiry_spam.py and 35 to 38 (Markdown) in
test_hostile_markdown.py. 39 to 44 (the editor and uploads), 46 and 47 (the admin's lists), the `next` of the sign-in
(48) and the export that 20 speaks of come with those pages.
"""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from siweb.enquiries.intake import spam
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import Answers
from tests.support.enquiring import ANSWERS, CHECK, FOR_ANOTHER, Page, ask, posted, refused, send, sent

pytestmark = pytest.mark.django_db

FIELDS = ("name", "asker", "relation", "language", "phone", "email", "words")


@pytest.fixture
def staff(django_user_model):
    """The browser of somebody who may read enquiries."""
    browser = Client()
    browser.force_login(django_user_model.objects.create_superuser("sam"))
    return browser


# --- 1: a character that cannot be stored -----------------------------------------------------------------------


@pytest.mark.parametrize("name", FIELDS)
def test_a_nul_is_refused_with_a_message_beside_its_field(client, name):
    response = send(client, FOR_ANOTHER, **{name: "maria@b.cc\0"})
    refused(response)
    assert "Type this again: it holds a character that cannot be stored." in Page(response).texts[f"id_{name}_error"]


@pytest.mark.parametrize("name", ["who", "knows", "ring", "place", "first", "voicemail", "times", "needs", "tell"])
def test_a_nul_in_a_choice_is_refused(client, name):
    refused(send(client, FOR_ANOTHER, **{name: "any\0"}))


@pytest.mark.parametrize("name", ["key", "began", spam.TRAP, "do", "csrfmiddlewaretoken"])
def test_a_nul_in_what_the_form_carries_is_no_fault(client, name):
    response = client.post(CHECK, posted(**{"do": "send", name: "a\0b"}))
    assert response.status_code in (200, 302)


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


@pytest.mark.parametrize("blank", BLANK.values(), ids=BLANK)
def test_an_answer_that_shows_nothing_is_no_answer(client, blank):
    blanks = dict.fromkeys(("name", "asker", "relation", "phone"), blank)
    assert refused(send(client, FOR_ANOTHER | {"email": ""}, **blanks)).keys() == blanks.keys()


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


# --- 11 to 13, 17: sizes of a text ------------------------------------------------------------------------------


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
    assert page.count(f"<bdi>{escape(text)}</bdi>") == 5  # the name (twice), who asks and as what, the words
    assert f"Interpreter: {escape(text)}" in page
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


# --- 19: an address with letters beyond a to z ------------------------------------------------------------------


@pytest.mark.parametrize("address", ["josé@b.cc", "ann@bücher.example", "用户@例子.中国", "ann@xn--.ex\u0430mple"])
def test_an_international_address_is_told_of_another_way(client, address):
    response = send(client, email=address)
    refused(response)
    assert "Give another, or a phone number." in Page(response).texts["id_email_error"]
