"""How hard a text is to read: its grade and its sections', its sentences and its paragraphs."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from siweb.articles.text.english_words import syllables

from . import spoken
from .messages import about, about_field, announced, blocks, sentences

HIGHEST_GRADE = 7.0
HIGHEST_OF_SECTION, SHORT_SECTION = 9.0, 60  # a section of fewer words may be as hard as it is
LONG_SENTENCE, LONGEST_SENTENCE = 20, 30  # words; one sentence in twenty may be long
MOST_SENTENCES = 3  # of a paragraph
TAKEAWAYS = range(3, 6)
MOST_NAMED = 50  # long sentences: who has more will look for them
LONGEST_STATEMENT = 5_000  # characters that are looked at of one block, or megabytes would be remembered
HARD_BY_NATURE = ("glossary", "rules", "signs")  # kinds whose entries name hard words, or answer in one piece

# Hard words that these articles cannot do without: counted as a word of two syllables.
STAND_INS = (
    *("sacroiliac", "sacroiliitis", "physiotherapy", "physiotherapist", "radiofrequency", "anaesthetic"),
    "corticosteroid",
)
_STAND_IN = "table"
_HARD = re.compile(rf"\b(?:{'|'.join(STAND_INS)})(?=s?\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Grade:
    """Flesch-Kincaid grades: with the stand-ins, and raw."""

    adjusted: float
    raw: float


def grade(document, clinic_name=""):
    """The reading grade of a text without its sources; each heading, list item, cell and caption is a sentence.

    None for a text in another script, which the formula does not measure.
    """
    said = [words for _, words in blocks(document, clinic_name)]
    return _grade(said, clinic_name) if spoken.is_in_our_script(" ".join(said)) else None


def _grade(said, clinic_name, least=0):
    said = [_as_sentence(words) for words in said]
    adjusted = [_adjusted(words, clinic_name) for words in said]
    return Grade(_flesch_kincaid(adjusted, least), _flesch_kincaid(said, least))


def _as_sentence(words):
    words = spoken.without_other_scripts(words[:LONGEST_STATEMENT]).strip() or "."
    return words if words[-1] in ".?!" else words.rstrip(":;,") + "."


def _adjusted(words, clinic_name):
    words = _HARD.sub(_STAND_IN, words)
    return words.replace(clinic_name, _STAND_IN) if clinic_name else words


def _flesch_kincaid(said, least):
    """The Flesch-Kincaid grade of all of it as one text: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    No one or two words are taken for a sentence. `least` is what each block counts for at least: of a table of such cells
    there would be one sentence otherwise.
    """
    words = sentences = syllables = 0
    for block in said:
        counted = _counts(block)
        words, sentences, syllables = words + counted[0], sentences + max(counted[1], least), syllables + counted[2]
    return 0.39 * words / max(sentences, 1) + 11.8 * syllables / words - 15.59 if words else 0.0


_SENTENCE = re.compile(r"\b[^.!?]+")
_MIN_SENTENCE = 3  # words


@lru_cache(maxsize=10_000)
def _counts(said):
    """(words, sentences, syllables) of a block."""
    said, more = spoken.as_spoken(said)
    words = spoken.words_of(said)
    count = sum(syllables(part) for word in words for part in word.split("-"))
    sentences = sum(len(spoken.words_of(sentence)) >= _MIN_SENTENCE for sentence in _SENTENCE.findall(said))
    return len(words), sentences, count + more


def advice(document, clinic_name=""):
    """What could be easier to read."""
    if document.text.kind in ("step", "topic") and len(document.text.takeaways) not in TAKEAWAYS:
        yield about_field("takeaways", "takeaways", count=len(document.text.takeaways))
    yield from _announced_sentences(document.text)
    if document.text.kind not in HARD_BY_NATURE:
        yield from _grades(document, clinic_name)
        yield from _paragraphs(document)
    yield from _sentences(document)


def _grades(document, clinic_name):
    score = grade(document, clinic_name)
    if score is None:
        yield about(document, (0, 0), "not-measured")
        return
    if score.adjusted > HIGHEST_GRADE:
        yield about(document, (0, 0), "reading-grade", grade=score.adjusted, highest=HIGHEST_GRADE)
    for token, words, said in _sections(document, clinic_name):
        is_ours = spoken.is_in_our_script(" ".join(said))
        if is_ours and sum(len(block.split()) for block in said) >= SHORT_SECTION:
            score = _grade(said, clinic_name, least=1).adjusted
            if score > HIGHEST_OF_SECTION:
                yield about(document, token.map, "section-grade", words, grade=score, highest=HIGHEST_OF_SECTION)


def _sections(document, clinic_name):
    """(its first token, its heading, [what it says]) of every section."""
    headings = {id(document.tokens[index + 1]): words for index, (_, _, words) in document.headings.items()}
    found = []
    for token, words in blocks(document, clinic_name):
        if id(token) in headings or not found:
            found.append((token, headings.get(id(token), ""), []))
        found[-1][2].append(words)
    return found


def _paragraphs(document):
    for token, words in blocks(document):
        if (count := len(sentences(words))) > MOST_SENTENCES:
            yield about(document, token.map, "long-paragraph", count=count)


def _sentences(document):
    lengths = [
        (len(sentence.split()), token, sentence) for token, words in blocks(document) for sentence in sentences(words)
    ]
    long = [item for item in lengths if item[0] > LONG_SENTENCE]
    too_many = len(long) * 20 > len(lengths)
    named = (item for item in long if too_many or item[0] > LONGEST_SENTENCE)
    for count, token, sentence in islice(named, MOST_NAMED):
        words = " ".join(sentence[:200].split()[:6])
        yield about(document, token.map, "long-sentence", words, count=count, beginning=sentence[:60])


def _announced_sentences(text):
    for field, words in announced(text):
        for sentence in sentences(words):
            if (count := len(sentence.split())) > LONGEST_SENTENCE:
                yield about_field(field, "long-sentence", sentence, count=count, beginning=sentence[:60])
