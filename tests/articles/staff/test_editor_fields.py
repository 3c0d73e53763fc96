"""What the editor posts becomes the text that a file would hold, and the other way round."""

import unicodedata

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.forms import fields_of, text_of
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText

FILLED = {
    "title": "After it",
    "summary": "What to do.",
    "kind": "topic",
    "order": "3",
    "keywords": "jab\nneedle",
    "takeaways": "One.\nTwo.",
    "author": "",
    "aliases": "",
    "body": "Rest.\n\n## More\n",
}

SHIPPED = sorted((site.CONTENT_DIR / "articles").glob("*.md"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_opening_and_saving_a_shipped_article_gives_the_same_text(path):
    text = front_matter.read_bytes(path.read_bytes())
    assert text_of(fields_of(text)).digest == text.digest


CHANGES_NOTHING = {
    "a browser's line ends": lambda text: text.replace("\n", "\r\n"),
    "an old Mac's line ends": lambda text: text.replace("\n", "\r"),
    "blank ends": lambda text: f"\n \n{text}\n\n  \n",
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
}


@pytest.mark.parametrize("change", CHANGES_NOTHING.values(), ids=CHANGES_NOTHING)
@pytest.mark.parametrize("field", ["keywords", "takeaways", "body"])
def test_what_a_browser_changes_is_no_change(change, field):
    typed = FILLED | {field: FILLED[field] + "\nCafé 🙂"}
    assert text_of(typed | {field: change(typed[field])}).digest == text_of(typed).digest


# A field, what is typed there, and the beginning of what is said.
UNFINISHED = [
    ("title", " ", "title is empty"),
    ("title", "x" * 201, "title has 201 characters"),
    ("summary", "", "summary is empty"),
    ("kind", "essay", 'kind is "essay"'),
    ("order", "ten", "order must be a whole number"),
    ("aliases", "Old Page", "aliases are old addresses"),
]


@pytest.mark.parametrize(("field", "typed", "said"), UNFINISHED)
def test_what_is_not_valid_is_kept_and_said_beside_its_field(field, typed, said):
    text = text_of(FILLED | {field: typed})
    [problem] = text.problems
    assert (problem.field, problem.line) == (field, 1)
    assert problem.message.startswith(said)
    assert fields_of(text)[field] == typed.strip()


# What cannot be stored: a field, what is typed there, the line, and the beginning of what is said.
REFUSED = [
    ("takeaways", "One.\nTw\x07o.", 2, "A character cannot be shown (U+0007)"),
    ("body", "One\n\nTw\x00o", 3, "A character cannot be shown (U+0000)"),
    ("body", "x" * front_matter.TEXT_LIMIT, 1, "The text has"),
    ("summary", "x " * front_matter.FRONT_LIMIT, 1, "The front matter has"),
    ("keywords", "x\n" * (front_matter.FRONT_LIMIT // 4), 1, "The front matter has"),
]


@pytest.mark.parametrize(("field", "typed", "line", "said"), REFUSED)
def test_what_cannot_be_stored_is_said_beside_its_field(field, typed, line, said):
    with pytest.raises(BadText) as refused:
        text_of(FILLED | {field: typed})
    [problem] = refused.value.problems
    assert (problem.field, problem.line) == (field, line)
    assert problem.message.startswith(said)


def test_every_problem_is_said_at_once():
    assert {problem.field for problem in text_of({}).problems} == {"title", "summary"}


def test_places_in_the_body_are_the_lines_of_the_box():
    assert text_of(FILLED | {"body": "\n\nRest."}).body_line == 3


# What means something in YAML, in Markdown or to a browser, among all other letters.
TYPED = st.lists(
    st.sampled_from(
        ["---", "\n", "\r\n", " ", ": ", "# ", "- ", "'", '"', "[", "{", "&a", "*a", "!", "yes", "1e3", "e\u0301"]
    )
    | st.sampled_from(["\u0338", "\u2028", "\ufeff", "🙂", "::: do", "[^s]: ", "\t"])
    | st.text(max_size=4),
    max_size=12,
).map("".join)


@pytest.mark.slow
@settings(deadline=None, database=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(["title", "summary", "keywords", "takeaways", "author", "body"]), TYPED))
def test_whatever_can_be_saved_can_be_read_again_and_is_shown_as_it_was(typed):
    try:
        text = text_of(FILLED | typed)
    except BadText:
        return
    assert front_matter.read_stored(text.canonical) == text
    assert text_of(fields_of(text)).digest == text.digest
