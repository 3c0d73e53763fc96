"""Telephone numbers as people type them: every number in a text is found, and the rest is the note."""

import re
from itertools import product

import pytest

from siweb.core.phone_numbers import MAX_LENGTH, dialled, digits_of, find_numbers, pattern_of, read_phone, say_phone

MOBILE, LANDLINE = "+447912345678", "+441614960000"
SURE, ASK = True, False

# What is typed: the number, the note, and whether it can only be read so.
READ = [
    ("07912 345678", MOBILE, "", SURE),
    ("07912345678.", MOBILE, "", SURE),
    ("7912 345678", MOBILE, "", SURE),
    ("447912345678", MOBILE, "", SURE),
    ("+07912 345678", MOBILE, "", SURE),
    ("++44 7912 345678", MOBILE, "", SURE),
    ("(+44) 7912 345678", MOBILE, "", SURE),
    ("+44 (0)7912 345678", MOBILE, "", SURE),
    ("+44(0) 7912-345-678", MOBILE, "", SURE),
    ("0044 (0)7912 345678", MOBILE, "", SURE),
    ("44 0 7912 345678", MOBILE, "", SURE),
    ("(0)7912 345678", MOBILE, "", SURE),
    ("O7912 345678", MOBILE, "", SURE),
    ("07912.345.678", MOBILE, "", SURE),
    ("0 7 9 1 2 3 4 5 6 7 8", MOBILE, "", SURE),
    ("０７９１２ ３４５６７８", MOBILE, "", SURE),
    ("WhatsApp +44 7912 345678", MOBILE, "WhatsApp", SURE),
    # Hours, days and other words are the note.
    ("07912 345678 9am-5pm", MOBILE, "9am-5pm", SURE),
    ("07912 345678 9-5", MOBILE, "9-5", SURE),
    ("07912 345678 9 - 5", MOBILE, "9 - 5", SURE),
    ("07912 345678 9 to 5", MOBILE, "9 to 5", SURE),
    ("07912 345678 9.30 - 17.30", MOBILE, "9.30 - 17.30", SURE),
    ("07912 345678 1000-1200", MOBILE, "1000-1200", SURE),
    ("07912 345678 24/7", MOBILE, "24/7", SURE),
    ("07912 345678 from 1/12", MOBILE, "from 1/12", SURE),
    ("07912 345678 1/12/2026", MOBILE, "1/12/2026", SURE),
    ("07912 345678 14 Dec", MOBILE, "14 Dec", SURE),
    ("07912 345678 7 days", MOBILE, "7 days", SURE),
    ("07912 345678 3 rings", MOBILE, "3 rings", SURE),
    ("07912 345678 2nd choice", MOBILE, "2nd choice", SURE),
    ("07912 345678 (5-7pm)", MOBILE, "5-7pm", SURE),
    ("07912 345678 x12", MOBILE, "x12", SURE),
    ("07912 345678 (2)", MOBILE, "(2)", SURE),
    ("07912345678,12", MOBILE, "12", SURE),
    # What is before it, too.
    ("1. 07912 345678", MOBILE, "1", SURE),
    ("Flat 2 07912 345678", MOBILE, "Flat 2", SURE),
    ("12 High St 0161 496 0000", LANDLINE, "12 High St", SURE),
    ("DOB 01/02/1950 07912345678", MOBILE, "DOB 01/02/1950", SURE),
    # Digits that may belong to it: the person is asked.
    ("07912 345678 12", MOBILE, "12", ASK),
    ("07912 345678 -12", MOBILE, "12", ASK),
    # Other countries.
    ("00353 87 123 4567", "+353871234567", "", SURE),
    ("0033 (0)6 12 34 56 78", "+33612345678", "", SURE),
    ("+49 30 123456 9-5", "+4930123456", "9-5", SURE),
    ("001 202 555 0143", "+12025550143", "", SURE),
    ("1-202-555-0143", "+12025550143", "", ASK),
    ("01 234 5678", "012345678", "", ASK),  # Dublin's, or a digit too few: its 0 is kept
    # Text relay: the prefix is part of what is dialled.
    ("18001 0161 496 0000", "1800101614960000", "", SURE),
    ("1800207912345678", "1800207912345678", "", SURE),
    ("18001 +44 161 496 0000", "1800101614960000", "", SURE),
]


@pytest.mark.parametrize(("typed", "number", "note", "is_certain"), READ)
def test_a_number_is_read_and_the_rest_is_its_note(typed, number, note, is_certain):
    phone = read_phone(typed)
    assert (phone.number, phone.note.strip("()"), phone.is_certain) == (number, note.strip("()"), is_certain)
    assert phone.raw == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "n/a",
        "none",
        "111",
        "12345",
        "07912 3456789",
        "0161 496 00000",
        "01614960000123",
        "+999 123 4567890",
        "ask me",
    ],
)
def test_where_no_possible_number_is_none_is_read(typed):
    assert read_phone(typed) is None


@pytest.mark.parametrize(
    "between", [" ", " / ", "/", ", ", " & ", " or ", " and ", "\n", " (home) ", "; ", " - ", " mobile, "]
)
@pytest.mark.parametrize("order", [(MOBILE, LANDLINE), (LANDLINE, MOBILE)])
def test_every_number_of_a_text_is_found(between, order):
    typed = {MOBILE: "07912 345678", LANDLINE: "0161 496 0000"}
    phone = read_phone(between.join(typed[number] for number in order))
    assert (phone.number, phone.others) == (order[0], order[1:])
    assert typed[order[1]] in phone.note


def test_hours_are_never_part_of_a_number():
    """Every way to write hours, after every way to write a number."""
    numbers = ("07912 345678", "07912345678", "+44 7912 345678", "0161 496 0000", "01614960000", "020 7946 0000")
    hours = (
        "9-5",
        "9 - 5",
        "9am-5pm",
        "9 to 5",
        "09:00-17:00",
        "0900-1700",
        "9.30-5",
        "10-12",
        "after 5",
        "24/7",
        "5pm",
    )
    wrong = [
        f"{number} {time}"
        for number, time in product(numbers, hours)
        if (phone := read_phone(f"{number} {time}")).number != read_phone(number).number or phone.note != time
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (MOBILE, "07912 345678"),
        (LANDLINE, "0161 496 0000"),
        ("+441632960001", "01632 960001"),  # of no list
        ("0161496000", "0161496000"),
        ("+353871234567", "+353 87 123 4567"),
        ("1800101614960000", "18001 0161 496 0000"),
    ],
)
def test_a_stored_number_is_shown_as_people_read_it(number, shown):
    assert say_phone(number) == shown


@pytest.mark.parametrize(
    ("written", "dials"),
    [
        ("01632 960001", "+441632960001"),
        ("+44 (0)1632 960001", "+441632960001"),
        ("0044 (0)20 7946 0000", "+442079460000"),
        ("(01632) 960001", "+441632960001"),
        ("44 1632 960001", "+441632960001"),
        ("+44 0 1632 960001", "+441632960001"),
        ("+44 161 496 0000", "+441614960000"),
        ("0161-496-0000", "+441614960000"),
        ("0800 1111", "+448001111"),
        ("1800 123 456", "1800123456"),  # Ireland's free numbers: not one of ours
        ("18001 0161 496 0000", "1800101614960000"),
        ("111", "111"),
        ("116 123", "116123"),
    ],
)
def test_a_link_dials_the_number_that_was_meant(written, dials):
    assert dialled(written) == dials


WRITTEN = [
    "0161 496 0000",
    "01614960000",
    "+44 161 496 0000",
    "+44 (0)161 496 0000",
    "0044 161 496 0000",
    "(0161) 496-0000",
]
WRITTEN += ["0161.496.0000", "01614 960000", "18001 0161 496 0000", "44 161 496 0000", "1614960000"]


@pytest.mark.parametrize("written", WRITTEN)
def test_all_ways_of_writing_a_number_are_one(written):
    assert digits_of(written) == "1614960000"
    assert re.search(pattern_of("1614960000"), f"call {written} today")


def test_only_the_beginning_of_an_endless_text_is_read():
    assert find_numbers("1 " * (MAX_LENGTH // 2) + "07912 345678") == []
