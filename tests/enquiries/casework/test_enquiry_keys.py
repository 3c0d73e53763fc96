"""The words by which an enquiry is found: as somebody would type them again, and gone with what they were made of."""

import pytest

from siweb.enquiries.casework import search
from siweb.enquiries.intake import submission
from siweb.enquiries.models import Key
from siweb.enquiries.privacy import erasure


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Maria Example", ["maria", "example"]),
        ("Zoë  O’Neill-Smith", ["zoe", "oneillsmith"]),
        ("JOSÉ", ["jose"]),
        ("Łukasz Żak", ["lukasz", "zak"]),
        ("Weiß Æsa Þór", ["weiss", "aesa", "thor"]),
        ("O′Neill Jean‐Paul", ["oneill", "jeanpaul"]),
        ("محمد علي", ["محمد", "علي"]),
        ("李 小龙", ["李", "小龙"]),
        ("…", []),
    ],
)
def test_a_name_is_found_by_its_words_without_accents(name, words):
    assert search.words_of(name) == words


@pytest.mark.parametrize("typed", ["0161 496 0000", "+44 161 496 0000", "0044(161)4960000", "44 161-496-0000"])
def test_a_number_is_the_same_however_it_is_written(typed):
    assert search.digits_of(typed) == "1614960000"


def test_an_enquiry_has_the_words_of_all_that_was_said_of_whom_it_is_for_and_who_asks(make_enquiry):
    make_enquiry(who="other", asker="Tom Carer", relation="son", knows="yes", ring="asker", email="Maria@Example.org")
    words = set(Key.objects.values_list("word", flat=True))
    assert words == {"maria", "example", "tom", "carer", "1614960000", "<0000694161", "maria@example.org"}


def test_a_correction_is_found_too_and_erasing_takes_all_of_them(make_enquiry):
    enquiry = make_enquiry()
    submission.correct(enquiry, {"phone": "+441614960009"}, via="link")
    assert {"1614960000", "1614960009"} < set(Key.objects.values_list("word", flat=True))
    erasure.erase(enquiry, why="request")
    assert not Key.objects.exists()
