"""How to reach a person: phone numbers, e-mail addresses, and which of them comes first."""

import re
from html import unescape

import pytest

from siweb.enquiries.models import Answers
from tests.support.enquiring import ANSWERS, DOUBTFUL_PHONE, PHONE, ask, refused, send, sent

pytestmark = pytest.mark.django_db


# --- Phone numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "doubtful", "note"),
    [
        ("0161 496 0000", "+441614960000", False, ""),
        ("01614960000", "+441614960000", False, ""),
        ("(0161) 496-0000", "+441614960000", False, ""),
        ("0161.496.0000", "+441614960000", False, ""),
        ("0161 – 496 – 0000", "+441614960000", False, ""),
        ("+44 161 496 0000", "+441614960000", False, ""),
        ("+44 (0)161 496 0000", "+441614960000", False, ""),
        ("+44 0161 496 0000", "+441614960000", False, ""),
        ("0044 161 496 0000", "+441614960000", False, ""),
        ("+44 808 157 0192", "+448081570192", False, ""),
        ("+1 202-456-1111", "+12024561111", False, ""),
        ("０１６１ ４９６ ００００", "+441614960000", False, ""),
        ("٠١٦١ ٤٩٦ ٠٠٠٠", "+441614960000", False, ""),
        ("01632 960001", "+441632960001", True, ""),  # no such number has been given out
        ("07700 900123", "+447700900123", True, ""),
        ("0161 496 000", "0161496000", True, ""),  # a digit too few: its 0 may be of another country
        ("0161 496 0000 after 5", "+441614960000", False, "after 5"),
        ("after 5: 0161 496 0000", "+441614960000", False, "after 5"),
        ("0161 496 0000 9-5", "+441614960000", False, "9-5"),
        ("07700 900123 (5-7pm)", "+447700900123", True, "5-7pm"),
        ("0161 496 0000 (ask for Joan)", "+441614960000", False, "ask for Joan"),
        ("flat 12, 0161 496 0000", "+441614960000", False, "flat 12"),
        ("0161 496 0000 ext 5", "+441614960000", False, "ext 5"),
        ("0161 496 0000 or 07700 900123", "+441614960000", False, "or 07700 900123"),
    ],
)
def test_a_phone_number_is_kept_as_typed_and_as_it_is_dialled(client, typed, number, doubtful, note):
    said = sent(client, phone=typed).answers
    assert (said.phone, said.phone_doubtful, said.phone_note) == (number, doubtful, note)
    assert said.phone_raw == typed


@pytest.mark.parametrize("dash", list("‐‑‒–—−"))
def test_any_dash_may_stand_in_a_phone_number(client, dash):
    assert sent(client, phone=f"0161{dash}496{dash}0000").answers.phone == "+441614960000"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202a", "\u202c", "\u2066", "\u2069", "\ufeff", "\u00a0"])
def test_what_a_copied_phone_number_brings_unseen_does_not_matter(client, hidden):
    said = sent(client, phone=f"{hidden}0161 496 0000{hidden}").answers
    assert (said.phone, said.phone_raw, said.phone_note) == ("+441614960000", "0161 496 0000", "")


@pytest.mark.parametrize("typed", ["0161 496 00000", "0161 496 0000/07700 900123", "07700 9001234", "01614960000123"])
def test_a_phone_number_is_never_cut_to_another_persons(client, typed):
    """A number with too many digits, or two in one: refused, or the first whole one, but never a part of one."""
    send(client, phone=typed)
    assert not Answers.objects.exclude(phone="+441614960000").exists()


@pytest.mark.parametrize(
    "typed", ["abc", "ask my wife", "12345", "999", "+999 123 4567890", "01", "maria@patient.example"]
)
def test_what_is_no_phone_number_is_refused_with_examples(client, typed):
    wanted = "Enter a whole phone number, such as 01632 960001 or +44 1632 960001."
    assert refused(send(client, phone=typed)) == {"phone": wanted}


# --- E-mail addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("maria@patient.example", "maria@patient.example"),
        ("Maria.G+sij@Patient.Example", "Maria.G+sij@Patient.Example"),
        ("o'neill@patient.example", "o'neill@patient.example"),
        ("  maria@patient.example\t", "maria@patient.example"),
        ("maria @ patient.example", "maria@patient.example"),  # a phone's keyboard puts blanks there
        ("maria@patient .example", "maria@patient.example"),
        ("\u200bmaria@patient.example\ufeff", "maria@patient.example"),
    ],
)
def test_an_email_address_is_kept_without_stray_blanks(client, typed, stored):
    assert sent(client, email=typed).answers.email == stored


@pytest.mark.parametrize(
    "typed",
    [
        "maria",
        "maria@",
        "@patient.example",
        "maria@patient",
        "maria@@patient.example",
        "maria@patient..example",
        "maria@patient.example, tom@patient.example",
        "maria@patient.example tom@patient.example",
        "Maria <maria@patient.example>",
        "maria@localhost",  # our own machines are nobody's mailbox
        "maria@[127.0.0.1]",
        "0161 496 0000",
    ],
)
def test_what_is_no_email_address_is_refused_with_an_example(client, typed):
    assert refused(send(client, email=typed)) == {"email": "Enter an e-mail address, like name@example.org."}


@pytest.mark.parametrize(
    "typed", ["maria@patient.example work", "maria@patient.example\nwork", "my mail maria@patient.example"]
)
def test_words_beside_an_email_address_do_not_become_part_of_it(client, typed):
    """The private link would go to somebody else."""
    problem = refused(send(client, email=typed))
    assert list(problem) == ["email"]
    assert problem["email"].startswith("Enter ")


@pytest.mark.parametrize("typed", ["josé@patient.example", "maria@münchen.example", "мария@пример.рф"])
def test_an_email_address_beyond_ascii_is_refused_with_another_way(client, typed):
    wanted = "We cannot write to an e-mail address with letters beyond a to z. Give another, or a phone number."
    assert refused(send(client, email=typed)) == {"email": wanted}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("m@gmial.com", "m@gmail.com"),
        ("m@gmail.co", "m@gmail.com"),
        ("m@GMAIL.CON", "m@gmail.com"),
        ("m@hotmial.co.uk", "m@hotmail.co.uk"),
        ("m@yaho.com", "m@yahoo.com"),
        ("m@outlok.com", "m@outlook.com"),
        ("m@btinternet.co.uk", "m@btinternet.com"),
        ("m@gmail.com", ""),
        ("m@NHS.net", ""),
        ("m@mail.com", ""),
        ("m@live.ie", ""),
        ("m@gmx.de", ""),
        ("m@patient.example", ""),
    ],
)
def test_a_likely_slip_in_an_address_is_asked_about_and_never_changed(client, typed, meant):
    page = unescape(ask(client, email=typed).content.decode())
    assert f'<p class="big">{typed}</p>' in page
    assert re.findall(r"Did you mean (.*?)\?", page) == ([meant] if meant else [])
    assert sent(client, email=typed).answers.email == typed


def test_a_number_that_nobody_has_is_asked_about_and_taken(client):
    assert "We do not know of a number like <b>07700 900123</b>" in ask(client, phone=DOUBTFUL_PHONE).content.decode()
    assert "We do not know of a number" not in ask(client).content.decode()
    assert sent(client, phone=DOUBTFUL_PHONE).answers.phone_doubtful


# --- Ways to reach a person -------------------------------------------------------------------------------------

NO_ROUTE = {"phone": "Enter a phone number or an e-mail address, so that we can reply."}
WHICH_FIRST = {"first": "Choose which we should try first."}


@pytest.mark.parametrize(
    ("phone", "email", "first", "wanted"),
    [
        (True, False, "", "phone"),
        (True, False, "phone", "phone"),
        (True, False, "email", "phone"),  # there is only one
        (False, True, "", "email"),
        (False, True, "phone", "email"),
        (True, True, "phone", "phone"),
        (True, True, "email", "email"),
        (True, True, "", WHICH_FIRST),
        (False, False, "", NO_ROUTE),
        (False, False, "phone", NO_ROUTE),
    ],
)
def test_which_way_is_tried_first_is_asked_only_where_there_are_two(client, phone, email, first, wanted):
    changes = {"phone": PHONE if phone else "", "email": ANSWERS["email"] if email else "", "first": first}
    if isinstance(wanted, dict):
        assert refused(send(client, **changes)) == wanted
    else:
        assert sent(client, **changes).answers.first == wanted


@pytest.mark.parametrize(
    ("phone", "voicemail", "wanted"),
    [
        (PHONE, "yes", "yes"),
        (PHONE, "no", "no"),
        (PHONE, "", {"voicemail": "Say whether we may leave a message."}),
        (PHONE, None, {"voicemail": "Say whether we may leave a message."}),
        ("", "", ""),
        ("", None, ""),
        ("", "yes", ""),  # there is no number that it could be about
    ],
)
def test_whether_a_message_may_be_left_is_needed_with_a_phone_number(client, phone, voicemail, wanted):
    if isinstance(wanted, dict):
        assert refused(send(client, phone=phone, voicemail=voicemail)) == wanted
    else:
        assert sent(client, phone=phone, voicemail=voicemail).answers.voicemail == wanted
