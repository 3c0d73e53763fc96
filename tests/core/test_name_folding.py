"""Names are found however they are spelt: with other apostrophes, hyphens and letters, whole or by a part of a double name."""

import pytest

from siweb.core.name_folding import stored_words, typed_ways

PAIRS = [
    ("Łukasz Wójcik", "Lukasz Wojcik"),
    ("Đặng Thị Mai", "Dang Thi Mai"),
    ("Ayşe Yıldız", "Ayse Yildiz"),
    ("Ħamrun", "Hamrun"),
    ("Æsa Þór", "Aesa Thor"),
    ("Søren Weiß", "Soren Weiss"),
    ("İbrahim", "Ibrahim"),
    ("Smith-Jones", "Jones"),
    ("Smith‑Jones", "Smith-Jones"),
    ("Maria Smith-Jones", "Maria Jones"),
    ("O Neill", "O'Neill"),
    ("O′Neill", "O’Neill"),
    ("O'Neill-Smith", "O'Neill"),
    ("Anne-Marie Smith", "Anne Marie"),
    ("Anne-Marie", "Marie"),
    ("De Souza", "DeSouza"),
    ("Al-Hassan", "Al Hassan"),
    ("Jean‐Paul", "Jean-Paul"),
    ("Mc Donald", "McDonald"),
]
OTHERS = [
    ("Maria Jones", "Maria Smith"),
    ("Al Capone", "Al-Hassan"),
    ("Maria Smith-Jones", "Tom Jones"),
    ("Anne", "Marie Anne"),
]


def finds(typed, stored):
    words = stored_words(stored)
    ways = typed_ways(typed, most=6)
    return any(way and all(any(word.startswith(tuple(group)) for word in words) for group in way) for way in ways)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_spelling_finds_the_other(one, other):
    assert finds(one, other)
    assert finds(other, one)


@pytest.mark.parametrize(("stored", "typed"), OTHERS)
def test_another_person_is_not_found(stored, typed):
    assert not finds(typed, stored)


def test_a_reference_is_no_double_name():
    assert typed_ways("SIJ-3F3334", most=6) == [[{"sij3f3334"}]]


def test_the_words_of_an_ordinary_name_are_all_that_is_stored():
    assert stored_words("Maria Example") == {"maria", "example"}
