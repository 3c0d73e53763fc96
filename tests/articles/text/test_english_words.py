"""The frozen table of English words and syllables, and the count by rule of a word that it lacks."""

import pytest

from siweb.articles.text.english_words import TABLE, is_english, syllables


def rows():
    return [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]


def test_the_table_is_in_the_order_of_its_bytes_without_a_word_twice():
    words = [word.encode() for word, _ in rows()]
    assert words == sorted(set(words))
    assert len(words) > 120_000


def test_every_word_of_the_table_is_found_with_its_syllables():
    for word, count in rows()[::97] + rows()[:3] + rows()[-3:]:
        assert is_english(word)
        assert syllables(word) == max(1, int(count))


@pytest.mark.parametrize("word", ["", " ", "0", "zzzz", "a 1", "injection 3", "plavix", "sacroiliac", "é", "~", "\0"])
def test_what_is_not_in_the_table_is_no_english_word(word):
    assert not is_english(word)
    assert syllables(word) >= 1


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("pain", 1),
        ("injection", 3),
        ("Injection", 3),
        ("don't", 1),
        ("hmm", 1),
        # By rule:
        ("physio", 3),
        ("bupivacaine", 4),
        ("apixaban", 4),
        ("warfarinised", 4),
        ("swabbed", 1),
        ("rephrased", 2),
        ("unscheduled", 3),
        ("numbing", 2),
        ("lidocaine", 3),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_the_notice_that_the_data_require_is_beside_them():
    notice = TABLE.with_name("english-words-notice.txt").read_text(encoding="utf-8")
    assert "Carnegie Mellon University" in notice
    assert "must retain the above copyright" in notice
