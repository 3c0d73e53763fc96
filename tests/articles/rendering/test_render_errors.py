"""What cannot be rendered rightly is refused: each mistake with its line and its fix, all of them at once."""

from dataclasses import replace

import pytest

from siweb.articles.rendering.renderer import render
from siweb.articles.text.front_matter import BadText
from tests.support.rendering import AROUND, document, html

# What is written on the third line of a body, and the beginning of what is said about it.
MISTAKES = {
    "a heading with one #": ("# A", "There is a heading with one # in the body. The title is that heading"),
    "an underlined title": ("A\n===", "There is a heading with one # in the body"),
    "an empty heading": ("##", "A heading is empty. Write its words after the ##."),
    "a heading in a list": ("- ## A", "There is a heading in a list, a quote or a box. Take it out of it."),
    "a heading in a quotation": ("> ## A", "There is a heading in a list"),
    "an unknown box": ("::: warning Stop\na\n:::", '"::: warning" is not known. Write one of: emergency, urgent'),
    "a box in capitals": ("::: Emergency Call\na\n:::", '"::: Emergency" is not known'),
    "a box without a heading": ("::: urgent\na\n:::", 'The heading is missing. Write it on the same line, such as "::: urgent'),
    "a box that is open": ("::: do\n- a\n", "This box is not closed. Put a line with ::: after its last line."),
    "a box that is open in a list": ("- a\n\n  ::: do\n  b\n\n- c", "This box is not closed", 5),
    "a box in a box": (":::: do\n::: dont\na\n:::\n::::", "A box begins inside another box. Close the first", 4),
    "a mark in a box's heading": ("::: do **Now**\na\n:::", "The heading of a box is plain words. Take the marks out."),
    "a quote in a box's heading": ("::: do Call [[clinic:phone]]\na\n:::", "The heading of a box is plain words"),
    "an end without a box": (":::", "A line of ::: belongs to no box. Take it out"),
    "two ends": ("::: do\na\n:::\n:::", "A line of ::: belongs to no box", 6),
    "an unknown figure": ('![a](hip "b")', 'There is no figure "hip". Use the name of a drawing'),
    "a picture of another site": ("![a](https://a.b/c.png)", 'There is no figure "https://a.b/c.png"'),
    "a figure without words": ('![](pelvis "b")', "The picture has no alternative text. Say between"),
    "a picture in a line": ("a ![b](pelvis) c", "A picture stands inside a line. Put it into a paragraph of its own."),
    "a quote in a caption": ('![a](pelvis "[[clinic:name]]")', "Marks have no meaning here"),
    "an unknown rule": ("[[rule:fly]]", 'There is no rule "fly". Known: advice, driving'),
    "an unknown rule in a line": ("a [[rule:fly]]", 'There is no rule "fly"'),
    "an unknown fact": ("[[clinic:fax]]", 'There is no fact "fax" of the clinic. Known: email, hours, name, phone.'),
    "a misspelt quote": ("a [[clinc:phone]]", "A quote is not understood. Write [[rule:key]] or [[clinic:key]]"),
    "a quote in capitals": ("[[rule:Driving]]", "A quote is not understood"),
    "a source that is not listed": ("a[^b]", 'Source "b" is not listed. Add a line at the end: [^b]: Author.'),
    "a source with blanks": ("a[^b c]", "A source mark is not understood. Write [^name]"),
    "a source listed twice": ("a[^b]\n\n[^b]: S\n[^b]: T", 'Source "b" is listed twice. Keep one.', 6),
    "a source with a long name": ("a[^" + "b" * 61 + "]", "The name of a source is too long. Shorten it."),
    "a link to no article": ("[a](hip)", 'The link "hip" leads nowhere. Write the slug of an article'),
    "a link to an article's path": ("[a](/guide/aftercare/)", 'The link "/guide/aftercare/" leads nowhere'),
    "a link to an unsafe site": ("[a](http://a.b)", 'The link "http://a.b" leads nowhere'),
    "a link without a scheme": ("[a](//a.b)", 'The link "//a.b" leads nowhere'),
    "an empty link": ("[a]()", 'The link "" leads nowhere'),
    "a script": ("[a](javascript:alert(1))", "A link is not understood. Write [words](slug)"),
    "a script after a reference": ("[a][b]\n\n[b]: javascript:alert(1)", "A reference is not understood"),
    "an autolink that is unsafe": ("<http://a.b>", 'The link "http://a.b" leads nowhere'),
    "a link with a blank": ("[a](after care)", "A link is not understood"),
    "a phone in a link": ("[call [[clinic:phone]]](about)", "A link is not understood"),
    "a section that is not here": ("[a](#b)", 'There is no section "#b" in this text. Write its heading'),
    "the sources of a text without": ("[a](#sources)", 'There is no section "#sources" in this text'),
    "a section that is not there": ("[a](aftercare#b)", 'There is no section "#b" in aftercare'),
    "a row too short": ("|a|b|\n|-|-|\n|c|", "A row has 1 cells, its table 2. Make them as many.", 5),
    "a row too long": ("|a|b|\n|-|-|\n|c|d|\n|c|d|e|", "A row has 3 cells, its table 2", 6),
    "lists too deep": ("- " * 11 + "a", "Lists or quotes stand too deep in one another. Make them flat."),
    "quotes too deep": ("> " * 25 + "a", "Lists or quotes stand too deep"),
}  # fmt: skip

IN_THE_GLOSSARY = {
    "a word without a meaning": ("a\n:   Typed: b", '"a" has no meaning. Write it on the next line'),
    "a word twice": ("A\n:   b\n\na\n:   c", '"a" stands twice, or is a word that the page needs.', 6),
    "a word that the page needs": ("Main\n:   b", '"Main" stands twice, or is a word that the page needs.'),
    "no word": ("![](pelvis)\n:   b", "A word is missing here. Write it above its meaning."),
    "a list in a meaning": ("A\n:   - b", 'An entry has plain lines only, each after ":   ".', 4),
    "a code block in a meaning": ("A\n:   b\n\n    ```\n    c\n    ```", "An entry has plain lines only", 6),
}  # fmt: skip

IN_THE_RULES = {
    "a key with a blank": ("May drive\n:   q\n:   a", '"May drive" is not a key. Use small letters, digits and dashes'),
    "a rule without an answer": ("drive\n:   q", 'Rule "drive" needs two lines after its key: the question, then the answer'),
    "a rule with two answers": ("drive\n:   q\n:   a\n:   b", 'Rule "drive" needs two lines'),
    "a rule twice": ("drive\n:   q\n:   a\n\ndrive\n:   q\n:   b", '"drive" stands twice', 7),
    "a rule in a rule": ("drive\n:   q\n:   a [[rule:driving]]", 'Rule "drive" is quoted in other texts: take its source marks'),
    "a source in a rule": ("drive\n:   q[^s]\n:   a\n\n[^s]: S", 'Rule "drive" is quoted in other texts'),
    "a list in a rule": ("drive\n:   q\n:   - a", "An entry has plain lines only", 5),
}  # fmt: skip


def problems(body, kind):
    with pytest.raises(BadText) as refused:
        render(document(f"First.\n\n{body}\n", kind, line=10), AROUND)
    return refused.value.problems


def check(kind, body, message, line=3):
    found = problems(body, kind)
    assert (line + 9, message) in [(problem.line, problem.message[: len(message)]) for problem in found], found


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_line_and_its_fix(mistake):
    check("topic", *mistake)


@pytest.mark.parametrize("mistake", IN_THE_GLOSSARY.values(), ids=IN_THE_GLOSSARY)
def test_a_mistake_in_the_glossary_is_refused(mistake):
    check("glossary", *mistake)


@pytest.mark.parametrize("mistake", IN_THE_RULES.values(), ids=IN_THE_RULES)
def test_a_mistake_in_the_rules_is_refused(mistake):
    check("rules", *mistake)


def test_every_mistake_is_named_at_once_in_the_order_of_the_lines():
    found = problems("[a](hip)\n\n[[rule:fly]]\n\n::: warning\n\n[^b]\n", "topic")
    assert [problem.line for problem in found] == [12, 14, 16, 16, 18]


def test_a_mistake_made_twice_in_a_line_is_named_once():
    assert len(problems("[a](hip) [b](hip)", "topic")) == 1


def test_a_quoted_rule_that_leads_nowhere_is_named_where_it_is_quoted():
    rules = {"advice": replace(AROUND.rules["advice"], written="[a](hip)")}
    with pytest.raises(BadText, match='^line 3: The link "hip" leads nowhere'):
        html("a\n\n[[rule:advice]]", around=replace(AROUND, rules=rules))


RIGHT = {
    "marks in code": "`[[x]]` `[^y]` `[a](b c)`",
    "brackets in prose": "He said [sic] that (or this) helps.",
    "a bar in a cell": "|a|b|\n|-|-|\n|c\\|d|e|\n",
    "a table in a quotation": "> |a|b|\n> |-|-|\n> |c|d|\n",
    "a table without bars at its sides": "a|b\n-|-\nc|d\n",
    "a table in a list": "- |a|b|\n  |-|-|\n  |c|d|\n",
    "an empty cell": "|a|b|\n|-|-|\n||d|\n|c| |\n",
    "eight lists in lists": "- - - - - - - - a",
    "colons": "a::: b",
    "two boxes": "::: do\na\n:::\n\n::: dont\na\n:::\n",
    "a figure without a caption": "![a](pelvis)",
    "the sources": "[a](#sources) b[^c]\n\n[^c]: S",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_only_looks_like_a_mistake_is_rendered(body):
    assert html(body)
