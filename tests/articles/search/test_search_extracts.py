"""What a result shows of its section, and that no query can break or smuggle anything."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.search.index import Index
from tests.support.searched import SITE, extract, section


def test_the_found_words_are_marked_in_any_form():
    assert extract("Injections hurt little.", "injection") == "<mark>Injections</mark> hurt little."


def test_the_words_meant_by_a_lay_word_are_marked():
    assert "<mark>buttock</mark>" in SITE.search("bum").results[0].extract


def test_markup_in_the_text_is_escaped():
    html = extract("<script>steroid</script> & <mark onclick='x'>\"pain\"</mark>", "steroid pain")
    assert html == (
        "&lt;script&gt;<mark>steroid</mark>&lt;/script&gt; &amp; "
        "&lt;mark onclick=&#x27;x&#x27;&gt;&quot;<mark>pain</mark>&quot;&lt;/mark&gt;"
    )


def test_letters_outside_ascii_do_not_shift_the_marks():
    assert extract("A 😀 naïve café: the steroid’s flare", "steroid cafe") == (
        "A 😀 naïve <mark>café</mark>: the <mark>steroid</mark>’s flare"
    )


@pytest.mark.parametrize("before", range(0, 1000, 90))
def test_an_extract_of_a_long_text_is_a_window_at_word_limits(before):
    words = [f"word{n}" for n in range(200)]
    words[before // 5] = "steroid"
    html = extract(" ".join(words), "steroid")
    text = html.replace("<mark>", "").replace("</mark>", "").strip("… ")
    assert "<mark>steroid</mark>" in html
    assert 150 <= len(text) <= 220
    assert set(text.split()) <= set(words)
    assert html.startswith("… ") == (not text.startswith(words[0]))
    assert html.endswith(" …") == (not text.endswith(words[-1]))


def test_the_extract_shows_most_of_the_found_words():
    filler = " and so on" * 40
    html = extract(f"A steroid.{filler} The steroid and the nerve.{filler} A nerve.", "steroid nerve")
    assert "<mark>steroid</mark> and the <mark>nerve</mark>" in html


def test_an_extract_for_a_title_starts_where_the_text_starts():
    assert SITE.search("Causes and symptoms").results[0].extract.startswith("Pain on one side")


def test_a_text_without_spaces_is_cut_all_the_same():
    assert len(Index([section("/a/", title="Steroid", text="x" * 5000)], {}).search("steroid").results[0].extract) < 220


HOSTILE = [
    "",
    " ",
    '"',
    '"unclosed (quote',
    "title:steroid AND text:*",
    "*",
    "steroid*",
    "[a TO z]",
    "+-!(){}^~?\\/",
    "steroid~9",
    "😀" * 500,
    "\x00",
    "ster\x00oid",
    "\ud800 steroid",
    "x" * 10_000,
    "steroid " * 2_000,
    "a b c d e f " * 1_000,
    "ألم في المفصل",
    "骶髂关节注射",
    "<script>alert(1)</script>",
    "İıſẞ½ﬁ",
    "' OR 1=1 --",
    "%s %d {0} ${x}",
    "../../etc/passwd",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_answered(query):
    assert len(SITE.search(query).results) <= 20


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters()) | st.text("seroidjnbum '\"*:()-", max_size=60))
def test_no_query_at_all_raises(query):
    for result in SITE.search(query).results:
        assert set(re.findall("<[^>]*>", result.extract)) <= {"<mark>", "</mark>"}


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(st.text(), st.text())
def test_an_extract_never_says_more_than_the_text(before, after):
    text = " ".join(f"{before} pelvis {after}".split())
    html = extract(text, "pelvis")
    plain = unescape(re.sub("</?mark>", "", html))
    assert plain.removeprefix("… ").removesuffix(" …") in text
    assert "<" not in re.sub("</?mark>", "", html)


def test_search_needs_no_django():
    code = "import sys, siweb.articles.search.index; sys.exit('django' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
