"""The file format: a text has one canonical form and one digest; what cannot be read is refused by line, with its fix."""

import hashlib
import time
import unicodedata

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.text.front_matter import FRONT_LIMIT, KINDS, TEXT_LIMIT, BadText, parse, read_bytes
from tests.conftest import article_file

BODY = "One.\n\nTwo.\n"
PLAIN = article_file(BODY, keywords="[a, b]")

SAME = {
    "line endings of Windows": PLAIN.replace("\n", "\r\n"),
    "line endings of old Macs": PLAIN.replace("\n", "\r"),
    "a byte-order mark": "\ufeff" + PLAIN,
    "blank lines at both ends": PLAIN.replace("One.", "\n\n\nOne.") + "\n\n\n",
    "blanks in the blank lines": PLAIN.replace("\n\nTwo.", "\n \t\nTwo.").replace("\n\nOne.", "\n  \n\t\nOne."),
    "no newline at the end": PLAIN.rstrip("\n"),
    "no blank line before the body": PLAIN.replace("\n\nOne.", "\nOne."),
    "blanks after the dashes": PLAIN.replace("---\n", "--- \t\n"),
    "keys in another order": article_file(BODY, keywords="[a, b]", kind="topic", summary="A summary.", title="A title"),
    "a list with dashes": article_file(BODY, keywords="\n  - a\n  - b"),
    "quotes": PLAIN.replace("A title", '"A title"').replace("A summary.", "'A summary.'"),
    "a value over two lines": PLAIN.replace("A title", ">\n  A\n  title"),
    "blanks in a value": PLAIN.replace("A title", '"  A   title "'),
    "what is the case anyway": article_file(BODY, keywords="[a, b]", order="0", takeaways="[]"),
    "a line that is a remark": PLAIN.replace("kind:", "# the kind\nkind:"),
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_what_readers_cannot_see_makes_no_other_text(source):
    assert parse(source) == parse(PLAIN)
    assert parse(source).digest == parse(PLAIN).digest


OTHER = {
    "another title": PLAIN.replace("A title", "a title"),
    "another order": article_file(BODY, keywords="[a, b]", order="1"),
    "another order of keywords": article_file(BODY, keywords="[b, a]"),
    "a blank line more inside": PLAIN.replace("\n\nTwo.", "\n\n\nTwo."),
    "a hard line break": PLAIN.replace("One.", "One.  "),
    "an indented first line": PLAIN.replace("One.", "    One."),
}


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER)
def test_what_may_matter_makes_another_text(source):
    assert parse(source).digest != parse(PLAIN).digest


def test_accents_are_one_text_however_they_are_written():
    composed = article_file("Café.\n", author="Zoë")
    ways = {composed, unicodedata.normalize("NFD", composed), article_file("Café.\n", author='"Zoe\\u0308"')}
    assert len(ways) == 3
    assert len({parse(way).digest for way in ways}) == 1


def test_the_digest_is_that_of_the_canonical_form():
    text = parse(article_file("\nWords.", order="60", aliases="[old-one]", author="Zoë"))
    assert text.canonical == (
        "---\ntitle: A title\nsummary: A summary.\nkind: topic\norder: 60\nauthor: Zoë\naliases:\n- old-one\n---\n\nWords.\n"
    )
    assert text.digest == hashlib.sha256(text.canonical.encode()).hexdigest()


def test_a_save_in_a_browser_without_a_change_makes_no_other_text():
    text = parse(PLAIN)
    sent_by_a_form = text.canonical.replace("\n", "\r\n")
    assert parse(sent_by_a_form).digest == text.digest


@pytest.mark.parametrize(
    ("between", "line"), [("", 6), ("\n", 7), ("\n\n\n", 9), ("  \n\t\n", 8), ("\r\n\r\n", 8), ("\u2003\n", 7)]
)
def test_the_body_knows_its_line_in_the_file(between, line):
    text = parse(PLAIN.replace("keywords: [a, b]\n", "").replace("---\n\nOne.", f"---\n{between}One."))
    assert (text.body_line, text.body) == (line, BODY)


TRAPS = [
    "No",
    "yes",
    "null",
    "~",
    "2026-01-01",
    "1.0",
    "012",
    "1_000",
    "0x1F",
    ".inf",
    "12:30:45",
    "=",
    "1e3",
    "https://a.b/c#d",
]


@pytest.mark.parametrize("written", TRAPS)
def test_a_plain_value_is_the_text_that_stands_there(written):
    assert parse(article_file(title=written)).title == written
    assert parse(parse(article_file(title=written)).canonical).title == written


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(kind):
    assert parse(article_file(kind=kind)).kind == kind


NOT_UNDERSTOOD = 'The front matter is not understood here. Put the value into "quotes"'
UNSHOWABLE = "A character cannot be shown"

# What is wrong: the text, the line and the beginning of the message. Line 5 is the first after title, summary and kind.
REFUSED = {
    "nothing at all": ("", 1, "The front matter is missing. Begin with a line ---"),
    "no front matter": ("Words.\n", 1, "The front matter is missing"),
    "an empty one": ("---\n---\n", 1, "The front matter is missing"),
    "front matter without an end": ("---\ntitle: A\n", 1, "The front matter is missing"),
    "words for keys": ("---\nwords\n---\n", 2, "The front matter is not a list of keys. Write lines such as"),
    "a list for keys": ("---\n- title\n---\n", 2, "The front matter is not a list of keys"),
    "no title": ("---\nsummary: a\nkind: page\n---\n", 1, "title is missing. Add a line: title: …"),
    "no summary": ("---\ntitle: a\nkind: page\n---\n", 1, "summary is missing"),
    "no kind": ("---\ntitle: a\nsummary: a\n---\n", 1, "kind is missing"),
    "another kind": (article_file(kind="news"), 4, 'kind is "news". It must be one of: step, topic'),
    "a misspelt key": (article_file(keyword="[a]"), 5, '"keyword" is not a known key. Did you mean keywords?'),
    "a strange key": (article_file(x="y"), 5, '"x" is not a known key. Known: title, summary'),
    "a key twice": (article_file(author="a\nauthor: b"), 6, '"author" stands twice. Keep one.'),
    "a title twice": (article_file(author="a\ntitle: b"), 6, '"title" stands twice. Keep one.'),
    "an empty title": (article_file(title=""), 2, "title is empty. Write its text."),
    "a blank title": (article_file(title='"  "'), 2, "title is empty"),
    "a list for a title": (article_file(title="[a]"), 2, 'title must be one text. Put it into "quotes"'),
    "keys for a title": (article_file(title="{a: b}"), 2, "title must be one text"),
    "a title too long": (article_file(title="x" * 201), 2, "title has 201 characters. Keep it to 200."),
    "an author too long": (article_file(author="x" * 201), 5, "author has 201 characters. Keep it to 200."),
    "one text for a list": (article_file(keywords="back pain"), 5, "keywords must be a list of texts. Write [one, two]"),
    "an empty item": (article_file(takeaways='[a, ""]'), 5, "takeaways must be a list of texts"),
    "an order in words": (article_file(order="first"), 5, "order must be a whole number from 0 to 9999."),
    "an order below 0": (article_file(order="-1"), 5, "order must be a whole number"),
    "half an order": (article_file(order="1.5"), 5, "order must be a whole number"),
    "a high order": (article_file(order="10000"), 5, "order must be a whole number"),
    "no order": (article_file(order=""), 5, "order must be a whole number"),
    "a list for an order": (article_file(order="[1]"), 5, "order must be one text"),
    "an alias that is no address": (article_file(aliases="[Old One]"), 5, "aliases are old addresses: small letters"),
    "an alias too long": (article_file(aliases=f"[{'x' * 61}]"), 5, "aliases has 61 characters. Keep it to 60."),
    "a colon in a value": (article_file(title="Pain: the facts"), 2, NOT_UNDERSTOOD),
    "an open quote": (article_file(author='"Zoe\nsummary: b'), 5, NOT_UNDERSTOOD),
    "an open bracket": (article_file(keywords="[a, b"), 5, NOT_UNDERSTOOD),
    "no blank after the colon": (article_file(author="a\norder:3"), 6, NOT_UNDERSTOOD),
    "a line begun with a tab": (article_file(author="a\n\torder: 3"), 6, NOT_UNDERSTOOD),
    "a value begun with a star": (article_file(author="*Zoe"), 5, NOT_UNDERSTOOD),
    "a value begun with an and": (article_file(author="&c Zoe"), 5, NOT_UNDERSTOOD),
    "a value begun with a bang": (article_file(author="!Zoe X"), 5, NOT_UNDERSTOOD),
    "a value begun with a per cent": (article_file(author="%Zoe"), 5, NOT_UNDERSTOOD),
    "a number sign": (article_file(title="Pain # 1"), 2, 'A # ends the value here. Put the value into "quotes".'),
    "a point indented too far": (article_file(takeaways="\n- Rest.\n  - Walk."), 6, "The dash below begins no point"),
    "a point under a title": (article_file(title="Pain\n  - and more"), 2, "The dash below begins no point"),
    "a number guessed": (article_file(order="!!int 5"), 5, NOT_UNDERSTOOD),
    "a number guessed wrong": (article_file(order="!!int five"), 5, NOT_UNDERSTOOD),
    "a date guessed wrong": (article_file(author="!!timestamp x"), 5, NOT_UNDERSTOOD),
    "a program": (article_file(author="!!python/object/apply:os.system [ls]"), 5, NOT_UNDERSTOOD),
    "an alias": (article_file(author="&a x", keywords="[*a]"), 5, NOT_UNDERSTOOD),
    "a merged key": (article_file(**{"<<": "{title: b}"}), 5, '"<<" is not a known key'),
    "a list in a list": (article_file(keywords="[[a]]"), 5, NOT_UNDERSTOOD),
    "a list for a key": (article_file(**{"[a]": "b"}), 5, NOT_UNDERSTOOD),
    "two documents": (article_file(author="a\n...\ntitle: b"), 7, NOT_UNDERSTOOD),
    "a NUL": (article_file("One.\n\nTw\0o."), 9, UNSHOWABLE + " (U+0000). Type its word again."),
    "a bell in the front matter": (article_file(author="\x07"), 5, UNSHOWABLE),
    "half a pair of surrogates": (article_file("\ud800"), 7, UNSHOWABLE),
    "a letter of another alphabet's code page": (article_file("One\x85"), 7, UNSHOWABLE),
    "a NUL by an escape": (article_file(author='"\\0"'), 5, "author holds a character that cannot be shown (U+0000)"),
    "a surrogate by an escape": (article_file(author='"\\ud800"'), 5, "author holds a character"),
    "a long front matter": (article_file(summary="x" * FRONT_LIMIT), 1, "The front matter has 10,"),
    "a front matter that is long when written down": (article_file(keywords=f"[{'a,' * 2_500}]"), 1, "The front matter has 10,"),
    "a text too long": (article_file("x" * TEXT_LIMIT), 1, "The text has 600,"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "line", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_line_and_its_fix(source, line, message):
    with pytest.raises(BadText) as refused:
        parse(source)
    problem = refused.value.problems[0]
    assert (problem.line, problem.message[: len(message)]) == (line, message)
    assert str(refused.value).startswith(f"line {line}: {message}")


def test_every_problem_is_named_at_once():
    with pytest.raises(BadText) as refused:
        parse("---\ntitle:\norder: x\nkeywords: y\n---\n")
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4, 1, 1]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (article_file("Café.").encode("latin-1"), 7),
        (article_file("Fine.").encode("utf-16"), 1),
        (b"---\ntitle: \xff\n", 2),
        (b"\xed\xa0\x80", 1),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused_with_its_line(raw, line):
    with pytest.raises(BadText, match=f"^line {line}: This is not UTF-8 text. Save the file as UTF-8.$"):
        read_bytes(raw)


def test_a_file_with_a_byte_order_mark_is_read():
    assert read_bytes(b"\xef\xbb\xbf" + PLAIN.encode()) == parse(PLAIN)


LAUGHS = "a: &a x\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "a billion laughs": article_file(**{"author": "x\n" + LAUGHS}),
    "one long text many times": article_file(keywords=f'[&a "{"x " * 2000}", {"*a, " * 1200}]'),
    "a list that holds itself": article_file(keywords="&a [*a]"),
    "lists in lists": article_file(keywords="[" * 9_000),
    "keys in keys": article_file(keywords="{" * 9_000),
    "dashes": article_file(keywords="\n" + "- " * 4_500),
    "question marks": article_file(keywords="x\n" + "? " * 4_500),
    "strange keys": article_file(author="x\n" + "".join(f"k{n}: x\n" for n in range(1_100))),
    "an endless quote": article_file(author='"' + "\n" * 9_000),
    "an endless text": article_file(title="[" * 1_000_000),
    "dashes for ever": "---\n" * 25_000,
    "open dashes": "---\n" + "--- x\n" * 16_000,
}  # fmt: skip


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(source):
    start = time.process_time()
    with pytest.raises(BadText):
        parse(source)
    assert time.process_time() - start < 2


SETTINGS = settings(deadline=None, database=None, max_examples=150)
SHOWABLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
TEXTS = st.text(SHOWABLE, min_size=1, max_size=40).filter(str.strip)
BODIES = st.text(SHOWABLE | st.sampled_from("\n\r\t -#é\u0301"), max_size=200)
FRONT = st.fixed_dictionaries(
    {"title": TEXTS, "summary": TEXTS, "kind": st.sampled_from(KINDS)},
    optional={
        "order": st.integers(0, 9999).map(str),
        "author": TEXTS,
        "keywords": st.lists(TEXTS, max_size=3),
        "takeaways": st.lists(TEXTS, max_size=3),
        "aliases": st.lists(st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True), max_size=3),
    },
)


def in_yaml(front):
    return yaml.safe_dump(front, allow_unicode=True, sort_keys=False)


def in_escapes(front):
    return "".join(f"{key}: {_escaped(value)}\n" for key, value in front.items())


def _escaped(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_escaped, value))}]"
    return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'


@pytest.mark.slow
@SETTINGS
@given(FRONT, BODIES, st.sampled_from([in_yaml, in_escapes]))
def test_the_canonical_form_says_the_same_and_is_its_own_canonical_form(front, body, written):
    text = parse(f"---\n{written(front)}---\n{body}")
    again = parse(text.canonical)
    assert (again, again.canonical, again.digest) == (text, text.canonical, text.digest)
    assert text.title == " ".join(unicodedata.normalize("NFC", front["title"]).split())
    assert unicodedata.is_normalized("NFC", text.canonical)
    assert text.body.endswith("\n")
    assert not text.body.endswith("\n\n") or text.body == "\n"


PIECES = [
    "---\n",
    "---",
    "title: a\n",
    "summary: b\n",
    "kind: page\n",
    "order: ",
    "keywords:\n",
    "- ",
    "[",
    "]",
    "{",
    "}",
]
PIECES += [
    '"',
    "'",
    "&a ",
    "*a ",
    "!!int ",
    "!x ",
    "? ",
    ": ",
    "#",
    " #",
    "|\n",
    ">\n",
    "\n",
    "\t",
    "  ",
    "%",
    "...\n",
    "\\",
    "\0",
]


@SETTINGS
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join))
def test_no_text_raises_anything_but_bad_text(middle):
    for source in (middle, f"---\ntitle: a\nsummary: b\nkind: page\n{middle}\n---\n"):
        try:
            text = parse(source)
        except BadText as bad:
            lines = [problem.line for problem in bad.problems]
        else:
            lines = [text.body_line]
            assert parse(text.canonical) == text
        assert all(1 <= line <= source.count("\n") + source.count("\r") + 2 for line in lines)


@SETTINGS
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_bad_text(raw):
    with pytest.raises(BadText):
        read_bytes(raw)
