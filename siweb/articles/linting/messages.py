"""What can be advised about a text, as one table; what a text says, block by block; and where in it some words stand."""

import re
from itertools import pairwise

from siweb.articles.rendering import sign_entries, syntax
from siweb.articles.text.front_matter import Problem

# Key: what is said, and how to fix it. The keys are stored with reviews, so they stay as they are.
ADVICE = {
    "reading-grade": "The reading grade is {grade:.1f}. Bring it to {highest:.0f} with shorter sentences and words.",
    "not-measured": "The reading grade is not measured: much of the text is in another script. Write English.",
    "section-grade": "This section reads at grade {grade:.1f}. Bring it to {highest:.0f} with shorter sentences and words.",
    "long-sentence": 'A sentence has {count} words. Split it: "{beginning}…"',
    "long-paragraph": "The paragraph has {count} sentences. Keep it to three.",
    "takeaways": "There are {count} takeaways. Write three to five short sentences under At a glance.",
    "promise": '"{words}" promises too much. Say what is known, and how sure it is.',
    "medicine": '"{words}" is a prescription-only medicine, which may not be advertised. Say "the medicine" here.',
    "change-medicine": '"{words}" tells people to change a medicine. Write "Ask us before …", or quote the rule.',
    "percentage": "Write whole people, such as 1 in 20, rather than a percentage.",
    "no-source": '"{words}" has no source. Put its mark, such as [^jee2014], after it.',
    "disagree": '"{words}" gives two numbers that are not the same. Look them up in the source, and write one.',
    "only-announced": '"{words}" is not in the text. Write it there too, with its source.',
    "source-lacks": 'The source "{words}" does not say: {lacks}. Write it as: Smith J and others. Its title. *Journal*, 2020. '
    "[address](https://address). Read: full text.",
    "as-reported": 'The source "{label}" was read as another reports it. Say so in this sentence: "as reported by …".',
    "our-rule": '"{words}" is for the clinic to decide. Quote its answer instead: [[rule:{rule}]].',
    "keyword": 'The text does not answer the keyword "{words}". Take it out, or answer it in the text.',
    "hard-word": '"{words}" is a hard word. Say "{plain}", or explain it once in brackets right after it.',
    "american": '"{words}" is not said in Britain. Write "{ours}".',
    "unused-source": 'Nothing cites the source "{words}". Cite it, or take it out.',
    "link-words": 'The link "{words}" does not say where it goes. Write the name of the page instead.',
    "skipped-level": "A heading of level {level} follows one of level {before}. Skip none.",
    "after-box": "Text follows a box. Give it a heading, or it is heard as part of the box.",
    "leads-away": "An emergency box leads away. Take out every link but those that ring, such as [999](tel:999).",
    "no-phone": "This box has no number to press. Put a line into it, such as: Call [999](tel:999).",
    "dead-number": "{words} cannot be pressed here. Write [{words}](tel:{words}).",
    "joined-signs": 'One sign is enough, but this point joins two with "{words}". Make it two points, or write "or".',
    "dont": 'A point under "Do not" must begin with "do not".',
    "as-written": "{message}",
    "alternative-text": "The alternative text must say what is shown, in at most {most} characters. Repeat no caption.",
}


MOST_SELECTED = 200  # characters

# A sentence ends where a blank and no small letter follows: "e.g. a jab" goes on. Marks of sources belong to it.
_SENTENCE_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bDr)(?<!\bMr)(?<!\bNo)(?<!\bvs)(?<!\bapprox)(?<!\bSt)(?:[.?!][”’\"')]?(?:\x02[^\x03]*\x03)*)\s+(?![a-z])"
)


def about(document, lines, key, words="", **values):
    """The advice on some lines of the body, such as a token's map: on the words where they stand, or on the first line."""
    (first, end), words = lines, words[:MOST_SELECTED]
    block = "\n".join(document.lines[first : max(end, first + 1)])
    found = words and re.search(r"\s+".join(map(re.escape, words.split())), block)
    line = document.text.body_line + first + (block.count("\n", 0, found.start()) if found else 0)
    message = ADVICE[key].format(words=words, **values)
    return Problem(line, message, words=found[0] if found else "", key=key)


def about_field(field, key, words="", **values):
    """The advice on a key of the front matter."""
    words = words[:MOST_SELECTED]
    return Problem(1, ADVICE[key].format(field=field, words=words, **values), field, words, key)


def body(document):
    """The tokens before the sources."""
    for token in document.tokens:
        if token.type == "footnote_block_open":
            return
        yield token


def blocks(document, clinic_name=""):
    """(token, words) of every block before the sources."""
    for token in body(document):
        if token.type == "container_card_open" and (heading := syntax.card_of(token)[1]):
            yield token, heading
        elif token.type == "inline":
            words = sign_entries.reader_words(document, token)
            words = syntax.plain(token, lambda quote: _stand_in(quote, clinic_name)) if words is None else words
            captions = [child.attrGet("title") for child in token.children if child.type == "image"]
            for said in (words, *captions):
                if said and said.strip():
                    yield token, said.strip()


def _stand_in(quote, clinic_name):
    """What is read in the place of a quote; nothing for signs, whose own text is checked where it is written."""
    if quote.meta["kind"] == "signs":
        return ""
    return clinic_name if quote.meta["key"] == "name" else "our rule"


def statements(document, clinic_name=""):
    """Everything that the body says, block by block, in plain words."""
    return [words for _, words in blocks(document, clinic_name)]


def sentences(words):
    """The sentences of a block's words."""
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(words)), len(words)]
    return [words[start:end].rstrip() for start, end in pairwise(ends)]


def announced(text):
    """(field, words) of every place where a text announces itself."""
    return (("title", text.title), ("summary", text.summary), *(("takeaways", words) for words in text.takeaways))
