"""Advice on a text that can be shown but could be better: words, numbers, cards, pictures.

Advice never refuses an import. It fails the tests for the articles that we ship, and staff see it beside the text. What
cannot be shown at all is found by files.py, dialect.py and markdown.py.
"""

import re
from dataclasses import dataclass

import textstat

from . import dialect
from .files import Problem
from .markdown import minutes_for

HIGHEST_GRADE = 7.0
LONG_SENTENCE, LONGEST_SENTENCE = 20, 30  # words; one sentence in twenty may be long
LONGEST_ALT = 125  # characters

# Hard words that these articles cannot do without: counted as a word of two syllables.
STAND_INS = (
    *("sacroiliac", "sacroiliitis", "physiotherapy", "physiotherapist", "radiofrequency", "anaesthetic"),
    "corticosteroid",
)
_STAND_IN = "table"

# Words that promise or sell. "Not a cure" and "the safe side" are honest uses.
_BANNED = re.compile(
    r"(?<!not a )(?<!no )\bcur(?:e|es|ed)\b|\bbest\b|\bsafe(?:st|ly)?\b(?! side)|\bguarantee\w*|\bpainless\w*|\bmost accurate\b"
    r"|\bincredibl\w*|\bmiracle\w*|\bstudies show\b",
    re.IGNORECASE,
)
# Prescription-only medicines may not be advertised: never where a text announces itself.
_MEDICINES = re.compile(
    r"\b(?:triamcinolone|methylprednisolone|hydrocortisone|dexamethasone|betamethasone|lidocaine|lignocaine|bupivacaine"
    r"|ropivacaine|kenalog|depo-?medrone|adcortyl|cortisone)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b\d[\d,]* in (?:every )?\d+(?:,\d+)*|\b\d+ (?:out )?of (?:the |every |these )?\d+(?:,\d+)*|\d+ ?%"
)
_IN_LISTS = ("list_item_", "dd_", "td_", "th_")


@dataclass(frozen=True)
class Grade:
    """Flesch-Kincaid grades: with the stand-ins, and raw."""

    adjusted: float
    raw: float


def grade(document, clinic_name=""):
    """The reading grade of a text without its sources; each heading, list item, cell and caption is a sentence."""
    raw = "\n".join(map(_as_sentence, statements(document, clinic_name)))
    adjusted = re.sub(rf"\b(?:{'|'.join(STAND_INS)})(?=s?\b)", _STAND_IN, raw, flags=re.IGNORECASE)
    if clinic_name:
        adjusted = adjusted.replace(clinic_name, _STAND_IN)
    return Grade(textstat.flesch_kincaid_grade(adjusted), textstat.flesch_kincaid_grade(raw))


def statements(document, clinic_name=""):
    """Everything that the body says, block by block, in plain words."""
    return [words for _, words in _blocks(document, clinic_name)]


def _blocks(document, clinic_name=""):
    """(token, words) of every block before the sources."""
    for token in _body(document):
        if token.type == "container_card_open" and (heading := dialect.card_of(token)[1]):
            yield token, heading
        elif token.type == "inline":
            words = dialect.plain(token, lambda quote: clinic_name if quote.meta["key"] == "name" else "our rule")
            captions = [child.attrGet("title") for child in token.children if child.type == "image"]
            for said in (words, *captions):
                if said and said.strip():
                    yield token, said.strip()


def _body(document):
    for token in document.tokens:
        if token.type == "footnote_block_open":
            return
        yield token


def _as_sentence(words):
    return words if words[-1] in ".?!" else words.rstrip(":;,") + "."


@dataclass(frozen=True)
class Report:
    """What an editor is told about a text: what refuses a save, what could be better, and how long and hard it is."""

    errors: tuple = ()
    advice: tuple = ()
    words: int = 0
    minutes: int = 0
    grade: Grade | None = None


def report(document, page=None, errors=(), clinic_name=""):
    """The Report on a text that could be parsed; `page` is what was rendered of it, if it could be."""
    words = sum(len(said.split()) for said in statements(document, clinic_name))
    return Report(
        errors=tuple(errors),
        advice=tuple(advice(document)),
        words=words,
        minutes=page.minutes if page else minutes_for(words),
        grade=grade(document, clinic_name) if words else None,
    )


def advice(document):
    """What could be better in a text: Problems, in the order of its lines."""
    found = [*_front_matter(document.text), *_reading(document), *_wording(document), *_structure(document)]
    return sorted(set(found), key=lambda problem: (problem.line, problem.message))


def _at(document, token):
    return document.text.body_line + (token.map[0] if token.map else 0)


def _front_matter(text):
    announced = (("title", text.title), ("summary", text.summary), *(("takeaways", t) for t in text.takeaways))
    for name, words in (*announced, *(("keywords", k) for k in text.keywords)):
        if medicine := _MEDICINES.search(words):
            message = f'The {name} names a prescription-only medicine, "{medicine[0]}". Say "the medicine".'
            yield Problem(1, message, name, medicine[0])
    for name, words in announced:
        if banned := _BANNED.search(words):
            message = f'The {name} says "{banned[0]}", which promises too much. Say what is known.'
            yield Problem(1, message, name, banned[0])
    if text.kind in ("step", "topic") and not 3 <= len(text.takeaways) <= 5:
        yield Problem(
            1, f"There are {len(text.takeaways)} takeaways. Write three to five short sentences.", "takeaways"
        )


def _reading(document):
    if document.text.kind not in ("glossary", "rules") and (score := grade(document).adjusted) > HIGHEST_GRADE:
        yield Problem(
            1, f"The reading grade is {score:.1f}. Bring it to {HIGHEST_GRADE} with shorter sentences and words."
        )
    lengths = []
    for token, words in _blocks(document):
        sentences = re.split(r"(?<=[.?!])\s+", words)
        lengths += [(len(sentence.split()), token, sentence) for sentence in sentences]
        if len(sentences) > 3 and document.text.kind not in ("glossary", "rules"):
            yield Problem(_at(document, token), f"The paragraph has {len(sentences)} sentences. Keep it to three.")
    long = [item for item in lengths if item[0] > LONG_SENTENCE]
    for count, token, sentence in long:
        if count > LONGEST_SENTENCE or len(long) * 20 > len(lengths):
            yield Problem(_at(document, token), f'A sentence has {count} words. Split it: "{sentence[:60]}…"')


def _sourced(document):
    """The ids of the inline tokens whose numbers have a source: a mark of their own, or, for a list item or a cell, one
    anywhere in its list, table or box, or in the paragraph right before that.
    """
    block, introduced = [], False
    for token in _body(document):
        block.append(token)
        if token.level or token.nesting > 0:
            continue
        marked = [t for t in block if any(child.type == "footnote_ref" for child in t.children or [])]
        yield from map(id, marked)
        depth = 0
        for part in block if marked or introduced else ():
            depth += part.nesting if part.type.startswith(_IN_LISTS) else 0
            if depth:
                yield id(part)
        block, introduced = [], bool(marked) and block[0].type == "paragraph_open"


def _wording(document):
    sourced = set(_sourced(document))
    for token, words in _blocks(document):
        if banned := _BANNED.search(words):
            yield Problem(
                _at(document, token), f'"{banned[0]}" promises too much. Say what is known, and how sure it is.'
            )
        if "%" in words:
            yield Problem(_at(document, token), "Write whole people, such as 1 in 20, rather than a percentage.")
        claim = _CLAIM.search(words)
        if claim and token.type == "inline" and id(token) not in sourced:
            yield Problem(
                _at(document, token), f'"{claim[0]}" has no source. Put its mark, such as [^jee2014], after it.'
            )


def _structure(document):
    tokens = list(_body(document))
    level, card = 1, ""
    for index, token in enumerate(tokens):
        following = tokens[index + 1].type if index + 1 < len(tokens) else "heading_open"
        if token.type == "heading_open":
            if int(token.tag[1]) > level + 1:
                yield Problem(
                    _at(document, token), f"A heading of level {token.tag[1]} follows one of level {level}. Skip none."
                )
            level = int(token.tag[1])
        elif token.type == "container_card_open":
            card, _ = dialect.card_of(token)
        elif token.type == "container_card_close":
            card = ""
            if following not in ("heading_open", "container_card_open"):
                where = _at(document, tokens[index + 1])
                yield Problem(where, "Text follows a box. Give it a heading, or it is heard as part of the box.")
        elif token.type == "inline":
            yield from _inside(document, token, card)
    for label, number in document.env.get("footnotes", {}).get("refs", {}).items():
        if number == -1:
            yield Problem(1, f'Nothing cites the source "{label[1:]}". Cite it, or take it out.')


def _inside(document, token, card):
    words = dialect.plain(token)
    if card == "emergency" and any(c.type == "link_open" and c.attrGet("href") != "tel:999" for c in token.children):
        yield Problem(_at(document, token), "An emergency box leads away. Take out every link but 999.")
    if card == "dont" and words and not words.lower().startswith("do not"):
        yield Problem(_at(document, token), 'A point under "Do not" must begin with "do not".')
    for child in token.children:
        if child.type == "image":
            alt, caption = dialect.plain(child), child.attrGet("title") or ""
            if len(alt) > LONGEST_ALT or re.search(r"\.(avif|gif|jpe?g|png|svg|webp)$|^IMG_", alt) or alt == caption:
                yield Problem(
                    _at(document, token),
                    f"The alternative text must say in at most {LONGEST_ALT} characters what is shown.",
                )
