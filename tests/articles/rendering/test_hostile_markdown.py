"""Markdown that is written to hold up the server or to slip something past the renderer costs and yields no more than an article.

Every pattern is made 20 kB long and is measured beside 20 kB of our own articles, in turns. A text that is refused with a
clear message is answered too; which ones are refused is written down here, and that our articles are far from it.
"""

import random
import re
import time
from contextlib import suppress
from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.linting import report
from siweb.articles.rendering import syntax
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.rendering.syntax import MOST_MARKS, MOST_MARKS_IN_SIGNS, marks_in
from siweb.articles.text.front_matter import BadText, Text
from tests.support.rendering import (
    AROUND,
    dangers,
    document,
    file_of,
    html,
    html_even_if_refused,
    shipped,
    shipped_surroundings,
)
from tests.support.timing import holds_in_turns

SIZE = 20_000
TIMES, DOUBLING = 5, 2.6

# Units that are repeated. These have few marks, and 20 kB of them are rendered …
PLAIN = [
    "steroid ",
    "steroids injection ",
    "http://a.b ",
    "mailto:",
    "file:///",
    ":::x ",
    "a * b ",
    "x mg",
    "?",
    "1~2",
    "a" * 200 + "\n\n",
    "é",
    "e\u0301",
    "\u202e",
    "\t",
    " ",
    "\"'",
    "(",
    "\u0301",
]
PLAIN += ["x " * 99 + "\n", "<http://" + "a" * 40]
# … these are refused at 20 kB, and are also spread between words, as many as are allowed.
MARKED = [
    *("[", "]", "[[", "![", "[a](", "[a](<", "](", "[a](b 'c", '[a](b "', "[a](b (", "[a](((", "[x](about) ", "[a][b]", "[\\"),
    *("[^a]", "[^a]: x\n", "[[rule:", "[[rule:driving]] ", "[[clinic:phone]]", "![a](pelvis)\n\n", "[a]: /b\n[a]\n\n", "\\["),
    *("*", "*a ", "**a ", "_a_", "*_", "***", "a**b", "*a**b*", "a_b", "**_`[", "`", "`a", "``a", "~~~\n", "``` \n"),
    *("> ", "> > > a\n", ">\n", "- ", "* ", "- a\n", "- a\n  ", "1. ", "1) a\n", "- - - a\n", "a\n:   b\n", ": a\n"),
    *("| a ", "|", "|a|b|\n|-|-|\n|c|d|\n", "#", "# a\n", "## a\n\n", "---\n", "a\n===\n", "a\n", "\\\n", "    a\n", "x  \n"),
    *("<a ", "<", "<!--", "<?", "<![CDATA[", "<https://a.b>", "<a@b.c>", "&", "&#", "&amp;", "\\", "!", "=", "[===\n", "['a"),
    *(": - a ", "-->", "aa**b**"),
    *("a\n\n:   b\n\n", "::: do\n", ":::\n", "::: emergency Call\n\n", "::: do\n- a\n:::\n", "1. a\n   - b\n     1. c\n"),
]  # fmt: skip


def repeated(unit, size=SIZE):
    return (unit * (size // len(unit) + 1))[:size]


@cache
def most_allowed(shape):
    """How often a shape may be repeated at 20 kB."""

    def fits(count):
        return len(shape(count)) <= SIZE and marks_in(shape(count)) <= MOST_MARKS - 10

    count = 1 + int(200 * min(SIZE / len(shape(200)), MOST_MARKS / (marks_in(shape(200)) or 1)))
    while fits(count):
        count += 1 + count // 20
    while not fits(count):
        count -= 1 + count // 50
    return count


def as_often_as_allowed(shape, size=SIZE):
    """20 kB of the shape and of words (for half the size half of both)."""
    body = shape(most_allowed(shape) * size // SIZE)
    return body + "\n\n" + "word " * ((size - len(body) - 2) // 5)


def spread(unit):
    """The unit again and again with words between, so that many of them fill 20 kB."""
    gap = "a" * max(0, 12 - len(unit)) + " "
    return lambda count: (unit.removesuffix("\n") + gap + "\n" * unit.endswith("\n")) * count


# Whole bodies, made of a number of units, that find other ways to be costly; each is made as large as is allowed.
SHAPED = {
    "names of sources without an end": lambda n: "[^a]: x\n\n" + ("[^" + "b" * 55 + " ") * n,
    "one source cited everywhere": lambda n: "[^a]: x\n\n" + "[^a] " * n,
    "a source that cites the next": lambda n: "[^0]\n\n" + "".join(f"[^{i}]: x [^{i + 1}]\n" for i in range(n)),
    "sources without words": lambda n: "".join(f"x[^{i}]\n\n[^{i}]:\n\n" for i in range(n)),
    "links whose words are an address": lambda n: "[a.b.cd](https://c.de) " * n,
    "quotes before full stops": lambda n: "[[rule:driving]].,;" * n,
    "words in brackets": lambda n: "[aaaaaaaaaaa" * n,
    "brackets that close late": lambda n: "[aaaa" * n + "]aaaa" * n,
    "brackets of links that close late": lambda n: "[" * n + "a" + "](about)" * n,
    "references without an end": lambda n: "[a]: b '\n" * n,
    "a reference's title without an end": lambda n: "[a]: b '" + "x" * n,
    "lists as stairs": lambda n: "".join("  " * (i % 7) + "- a\n" for i in range(n)),
    "lists in lists on one line": lambda n: "- - - - - - - - a\n" * n,
    "lists of links": lambda n: "- [a](about) x\n" * n,
    "lists of emphasis": lambda n: "- *a* **b** `c`\n" * n,
    "numbered lists": lambda n: "1. a\n" * n,
    "a quotation without its marks": lambda n: "> " * 9 + "a\n" + "b\n" * n,
    "quotations that go on without marks": lambda n: "> # a\nb\n" * n,
    "a quotation in a quotation": lambda n: "> > # a\n> b\n" * n,
    "quotations in lists": lambda n: "- > # a\n  b\n" * n,
    "quotations in boxes": lambda n: "::: do\n> # a\nb\n:::\n" * n,
    "headings in lists": lambda n: "- # a\nb\n" * n,
    "pictures that do not end": lambda n: "(![=\n" * n,
    "a list without its marks": lambda n: "- " * 8 + "a\n" + "b\n" * n,
    "meanings without end": lambda n: "a\n" + ": b\n" * n,
    "words and meanings": lambda n: "a\n: b\n\n" * n,
    "a paragraph that may be a word": lambda n: "a\n" * n + ": b",
    "headings alike": lambda n: "## a\n\n" * n,
    "headings that take each other's names": lambda n: "".join(f"## a{'-2' * (i % 9)}\n" for i in range(n)),
    "boxes": lambda n: "::: do\n- do not\n:::\n" * n,
    "boxes that are open": lambda n: "::: do\n" * n + ":::\n" * n,
    "figures": lambda n: "![a](pelvis)\n\n" * n,
    "rules": lambda n: "[[rule:driving]]\n\n" * n,
    "signs": lambda n: "[[signs:emergency-999]]\n\n" * n,
    "signs in one paragraph": lambda n: "[[signs:emergency-999]]\n" * n,
    "a wide table": lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n",
    "a table of full rows": lambda n: "|a|b|c|\n|-|-|-|\n" + "|x|y|z|\n" * n,
    "a table of short rows": lambda n: "|a" * 30 + "\n" + "|-" * 30 + "\n" + "|x\n" * n,
    "bars in a row": lambda n: "|a|\n|-|\n" + "|" * n,
    "code that is open": lambda n: "```\n" + "a\n" * n,
    "every mark at random": lambda n: "aa ".join(random.Random(1).choices("*_`[]()!<>\\ab \n|:-", k=n)),
}  # fmt: skip

# Too many cells from few characters: each short row is filled up to the width of the table.
TABLES = {
    "short rows, 8 wide": "|a" * 8 + "\n" + "|-" * 8 + "\n" + "|x\n" * 1_100,
    "short rows, 500 wide": "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|x\n" * 1_100,
    "in a quotation": "> " + "|a" * 99 + "\n> " + "|-" * 99 + "\n" + "> |x\n" * 900,
    "in a list": "- " + "|a" * 99 + "\n  " + "|-" * 99 + "\n" + "  |x\n" * 900,
    "in a source": "a[^b]\n\n[^b]: " + "|a" * 99 + "\n    " + "|-" * 99 + "\n" + "    |x\n" * 900,
    "in a meaning": "a\n: " + "|a" * 99 + "\n  " + "|-" * 99 + "\n" + "  |x\n" * 900,
    "one under the other": ("|a" * 50 + "\n" + "|-" * 50 + "\n" + "|x\n" * 100 + "\n") * 9,
}

PATTERNS = {
    **{f"{unit[:20]!r} for 20 kB": lambda size, unit=unit: repeated(unit, size) for unit in PLAIN + MARKED},
    **{
        f"{name} as often as allowed": lambda size, shape=shape: as_often_as_allowed(shape, size)
        for name, shape in (SHAPED | {repr(unit): spread(unit) for unit in MARKED}).items()
    },
}

# Refused before they are rendered: the one kind has too many marks, the other has boxes too deep in one another.
REFUSED = {f"{unit[:20]!r} for 20 kB" for unit in MARKED}
REFUSED |= {
    f"{name} as often as allowed"
    for name in ("boxes that are open", *map(repr, ("::: do\n", "::: emergency Call\n\n", ":::\n")))
}


@cache
def ordinary():
    """20 kB of our own articles as one text: whole sections, with the sources that they cite."""
    sections, sources = [], []
    for slug in ("aftercare", "anatomy", "procedure", "causes"):
        body = re.sub(r"\[\^(?=\w)", f"[^{slug}-", shipped()[slug].text.body)
        body = re.sub(r"\]\(#[^)]*\)", "](about)", body)  # its section may be left out
        sections += re.split(r"^(?=## )", re.sub(r"^\[\^.*\n", "", body, flags=re.MULTILINE), flags=re.MULTILINE)
        sources += re.findall(r"^\[\^.*\n", body, flags=re.MULTILINE)
    body = last = ""
    for section in sections:
        longer = body + section
        cited = "".join(source for source in sources if source.partition(":")[0] in longer)
        if len(longer) + len(cited) > SIZE - 2:
            break
        body, last = longer, cited
    words = "You can ask your team what this means for you. " * 100
    return f"{body}\n{words[: SIZE - 2 - len(body) - len(last)]}\n{last}"


def cost(body):
    """Processor seconds of one rendering."""
    text = Text("A title", "A summary.", "topic", body=body)
    start = time.process_time()
    with suppress(BadText):
        render(Document(text), shipped_surroundings())
    return time.process_time() - start


def is_refused(body):
    """Whether a text is refused before it is rendered."""
    try:
        document(body)
    except BadText:
        return True
    return False


def in_time(bound, *bodies, patience=(1, 2, 4, 8)):
    """Whether a bound holds for the seconds of 20 kB of ours and of each body."""
    return holds_in_turns(bound, *(partial(cost, body) for body in (ordinary(), *bodies)), patience=patience)


def test_the_ordinary_article_is_one_that_we_could_ship():
    body = ordinary()
    assert len(body) == SIZE
    render(document(body), shipped_surroundings())
    for construct in ("## ", "::: dont", "- ", "|---", "[^aftercare-", "](", "[[rule:", "[[clinic:"):
        assert construct in body


@pytest.mark.parametrize(("name", "pattern"), PATTERNS.items(), ids=PATTERNS)
def test_a_hostile_text_costs_five_ordinary_ones_at_most_and_grows_as_its_length(name, pattern):
    half, full, double = (pattern(size) for size in (SIZE // 2, SIZE, SIZE * 2))
    assert is_refused(full) == (name in REFUSED)
    shorter, longer = (half, full) if is_refused(double) else (full, double)
    at_20_kb = slice(0, 2) if longer is full else slice(0, 1)

    def bound(usual, *hostile):
        # What costs next to nothing doubles by chance: a twentieth of an article is the least that counts.
        in_proportion = hostile[1] <= DOUBLING * max(hostile[0], usual / 20)
        return max(hostile[at_20_kb]) <= TIMES * usual and in_proportion

    assert in_time(bound, shorter, longer)


@pytest.mark.slow
def test_without_the_limit_of_marks_the_bound_would_be_broken(monkeypatch):
    monkeypatch.setattr(syntax, "MOST_MARKS", 10**9)
    for body in (repeated("*_"), TABLES["short rows, 8 wide"]):
        assert not in_time(lambda usual, hostile: hostile <= TIMES * usual, body, patience=(1,))


@pytest.mark.slow
def test_without_the_limit_of_names_the_bound_would_be_broken(monkeypatch):
    monkeypatch.setattr(syntax, "_LONG_NAME", re.compile("(?!)"))
    body = "[^a]: x\n\n" + ("[^" + "b" * 12) * (SIZE // 25)
    assert not in_time(lambda usual, hostile: hostile <= TIMES * usual, body, patience=(1,))


@pytest.mark.parametrize("body", TABLES.values(), ids=TABLES)
def test_a_table_that_would_blow_up_is_refused_at_once(body):
    with pytest.raises(BadText, match=r"marks \(lines, brackets, stars, cells of tables …\). Keep it under 3,700"):
        document(body)
    assert in_time(lambda usual, hostile: hostile <= usual, body)


@pytest.mark.slow
def test_our_articles_could_grow_twofold():
    for slug, article in shipped().items():
        if article.text.kind == "signs":  # with a limit of its own: it could grow by a third
            assert marks_in(article.text.body) * 4 / 3 <= MOST_MARKS_IN_SIGNS
            continue
        body = "\n".join(re.sub(r"\[\^(?=\w)", f"[^{copy}-", article.text.body) for copy in "ab")
        assert marks_in(body) <= MOST_MARKS, slug
        doubled = document(body, article.text.kind)
        if article.text.kind not in ("glossary", "rules"):  # whose entries may not stand twice
            render(doubled, shipped_surroundings())


DEPTHS = [
    "> ",
    "- ",
    "1. ",
    ">- ",
    "[",
    "![",
    "*",
    "**",
    "_",
    "(",
    "`",
    "<",
    "::: do\n",
    ": ",
    "\t",
    "    ",
    "a\n: ",
    "[^a]: ",
    "&",
]


@pytest.mark.parametrize("unit", DEPTHS)
@pytest.mark.parametrize("closing", ["", "](a)", "\n:::"])
def test_depth_never_exhausts_the_stack(unit, closing):
    for count in (9, 19, 25, 1_000, 20_000):
        body = unit * count + "a" + closing * min(count, 1_000)
        try:
            article = document(body)
        except BadText:
            continue
        assert dangers(html_even_if_refused(article)) == []
        report.advice(article)


@pytest.mark.parametrize("alignment", [":-", "-:", ":-:", "-"])
def test_no_style_comes_out_of_a_table(alignment):
    page = html(f"|a|b|\n|{alignment}|{alignment}|\n|c|d|\n")
    assert "<td" in page
    assert "style" not in page


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<style>*{}</style>",
    "<iframe src=x>",
    "</p>",
    "<!--",
    "-->",
    '"',
    "'",
]
SCRIPTS += [
    "[a](javascript:alert(1))",
    "[a](JaVa\tScript:alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:x\n",
    "[a]",
    "![a](data:text/html,x)",
]
MARKUP = [
    "# ",
    "## ",
    "- ",
    "1. ",
    "> ",
    "    ",
    "::: do ",
    "::: urgent ",
    "\n:::\n",
    "\n",
    "\n\n",
    "|",
    "\n|-|-|\n",
    "*",
    "**",
    "_",
    "`",
    "```",
    "[",
    "]",
]
MARKUP += [
    "(",
    ")",
    "<",
    ">",
    "&",
    "\\",
    "[^a]",
    "\n\n[^a]: ",
    "[[rule:driving]]",
    "[[clinic:phone]]",
    "[[clinic:",
    "]]",
    '![a](pelvis "',
    "](about)",
    "\n:   ",
]
BODIES = st.lists(st.sampled_from(SCRIPTS + MARKUP) | st.text(max_size=6), max_size=40).map("".join)


@pytest.mark.slow
@settings(deadline=None, database=None, max_examples=300)
@given(BODIES, st.sampled_from(["topic", "glossary", "rules", "signs"]))
def test_no_text_at_all_breaks_the_renderer_or_gets_anything_past_it(body, kind):
    try:
        article = file_of(body, kind)
        report.advice(article)
        assert dangers(html_even_if_refused(article)) == []
        render(article, AROUND)
    except BadText as bad:
        problems = bad.problems
    else:
        problems = None
    assert problems != []


SEEN = [
    "<script>",
    "<a onclick=x>",
    "<p style=x>",
    "<iframe>",
    "<!-- x -->",
    '<a href=" java\nscript:x">',
    "<img src=data:x>",
    "<svg/onload=x>",
]


@pytest.mark.parametrize("markup", SEEN)
def test_a_danger_is_seen_where_there_is_one(markup):
    assert dangers(f"<p>a</p>{markup}b")
