"""How the reading grade is counted: of a whole text and of each section, as textstat would count all of it at once."""

from dataclasses import replace

import pytest
import textstat

from siweb.articles.linting.messages import statements
from siweb.articles.linting.readability import HIGHEST_GRADE, LONGEST_STATEMENT, STAND_INS, grade
from siweb.articles.rendering.document import Document
from tests.support.advised import PLAIN, advised, keys
from tests.support.rendering import shipped

BODY = """Hello *there*[^s]

## A heading: [[clinic:name]]

- an item,
- another one?

|head|count|
|-|-|
|cell|[[rule:x]]|

![What is shown](pelvis "The caption")

::: do Rest
Now.
:::

word
:   meaning

```
code
```

[^s]: A source is left out.
"""


def test_everything_that_is_said_is_a_statement_except_the_sources():
    assert statements(Document(replace(PLAIN, body=BODY)), "The Clinic") == [
        *("Hello there", "A heading: The Clinic", "an item,", "another one?", "head", "count", "cell", "our rule"),
        *("What is shown", "The caption", "Rest", "Now.", "word", "meaning"),
    ]


def test_each_statement_counts_as_a_sentence():
    said = "Hello there.\nA heading: The Clinic.\nan item.\nanother one?\nhead.\ncount.\ncell.\nour rule.\n"
    said += "What is shown.\nThe caption.\nRest.\nNow.\nword.\nmeaning."
    assert grade(Document(replace(PLAIN, body=BODY)), "The Clinic").raw == pytest.approx(
        textstat.flesch_kincaid_grade(said)
    )


def grade_of(body, clinic_name=""):
    return grade(Document(replace(PLAIN, body=body)), clinic_name)


def test_the_stand_ins_are_exactly_the_agreed_words():
    agreed = "sacroiliac sacroiliitis physiotherapy physiotherapist radiofrequency anaesthetic corticosteroid"
    assert set(STAND_INS) == set(agreed.split())
    assert HIGHEST_GRADE == 7


@pytest.mark.parametrize("word", STAND_INS)
@pytest.mark.parametrize("ending", ["", "s"])
def test_a_stand_in_counts_as_a_short_word_and_its_plural_too(word, ending):
    plain = grade_of(f"The table{ending} can help you.").raw
    for written in (f"{word}{ending}", f"{word}{ending}".capitalize()):
        found = grade_of(f"The {written} can help you.")
        assert found.adjusted == plain
        assert found.raw >= plain  # by itself, the library takes sacroiliitis for two syllables


@pytest.mark.parametrize(
    "word", ["sacroiliacal", "physiotherapeutic", "anaesthetist", "corticosteroidal", "subradiofrequency"]
)
def test_other_hard_words_count_as_they_are(word):
    found = grade_of(f"The {word} can help you.")
    assert found.adjusted == found.raw


def test_the_name_of_the_clinic_stands_in_too():
    found = grade_of("At [[clinic:name]] we can help.", "Ultrasonography Associates")
    assert found.adjusted == grade_of("At table we can help.").raw
    assert found.raw == grade_of("At Ultrasonography Associates we can help.").raw


def test_an_empty_text_has_the_grade_0():
    assert grade_of("\n") == grade(Document(replace(PLAIN, body="```\ncode\n```\n")))
    assert grade_of("\n").adjusted == 0


@pytest.mark.parametrize("slug", sorted(shipped()))
def test_what_is_counted_block_by_block_is_what_textstat_counts_at_once(slug):
    said = statements(shipped()[slug])
    whole = "\n".join(words if words[-1] in ".?!" else words.rstrip(":;,") + "." for words in said)
    assert grade(shipped()[slug]).raw == pytest.approx(textstat.flesch_kincaid_grade(whole))


def test_one_endless_block_is_judged_by_its_beginning():
    assert grade_of("word " * LONGEST_STATEMENT).raw == grade_of("word " * (LONGEST_STATEMENT // 5)).raw


HARD = "Radiological investigation necessitates intravenous administration of contrast material. "
EASY = "We sat on it by the door. " * 60


def section_of(words):
    """An easy text with a section of so many words that is hard to read."""
    return f"{EASY}\n\n## Hard\n\n" + "\n\n".join([HARD] * (words // 8))


@pytest.mark.parametrize(("words", "advised"), [(64, True), (56, False)])
def test_a_hard_section_is_named_when_it_is_long_enough(words, advised):
    assert ("section-grade" in keys(section_of(words))) == advised


def test_a_table_of_single_words_is_no_hard_section():
    table = "|a|b|\n|-|-|\n" + "|Knee pain|Table|\n" * 40
    assert "section-grade" not in keys(f"{EASY}\n\n## Table\n\n{table}")


def test_a_hard_section_is_named_by_its_heading():
    [found] = [problem for problem in advised(section_of(64)) if problem.key == "section-grade"]
    assert (found.line, found.words) == (12, "Hard")
