"""No warning sign is typed by hand anywhere in an article: prose, tables, lists, boxes, sheets, entries or takeaways.

A sign may appear as a quote ([[signs:…]]), or as the text of a link to its entry (warning-signs#numb-saddle). All other
text is checked sentence by sentence, and each list and each row of a table as one sentence:

- it may not name an emergency sign (ALONE), not even one;
- it may not name two or more of the signs that are ordinary words too (TOGETHER): "a fever" alone may be in a story;
- a sentence may not have all the words of a sign's short text, if these are four or more.

The templates are held to the same rules.

What this cannot see: a paraphrase that no pattern covers ("you soil yourself"), two lesser signs in two sentences of a
paragraph, one lesser sign alone, signs in a drawing, and whether a link shortens a sign so far that it becomes weaker. A
link that leads to a wrong sign is found only if the two share no word. The table itself (kind "signs") is not checked.
"""

import re

import pytest
from django.conf import settings

from siweb.articles.linting.messages import body, sentences
from siweb.articles.rendering import syntax
from siweb.articles.rendering.document import Document
from siweb.articles.text.front_matter import parse
from siweb.core.shared_texts import GROUPS
from tests.articles.content.test_signs_kept import key_words, signs
from tests.conftest import article_file
from tests.support.rendering import shipped

TABLE = "warning-signs#"
MIN_WORDS = 4  # key words of a sign's short text: fewer can meet by chance, as in "leg pain worse than back pain"
ARTICLES = [slug for slug, document in shipped().items() if document.text.kind != "signs"]

_NEAR = r"[^.?!;]{0,60}?"
_NUMB = r"(?:numb\w*|tingl\w*|weak\w*|pins and needles)"

# Emergency signs, as people paraphrase them.
ALONE = {
    "numb between the legs": rf"\b{_NUMB}\b{_NEAR}\bbetween (?:the|your) |\bsaddle (?:numb|an)|\bnumb\w* (?:genitals|bum\b)",
    "genitals or back passage": r"\bgenitals\b|\bback passage\b|\bwhen you wipe\b",
    "pee": r"\bcannot (?:pee\b|(?:start|feel|hold)\b[^.?!;]{0,25}\bpee)|\b(?:trouble|hard)\b[^.?!;]{0,30}\bpee",
    "leaking": r"\bleak\w* (?:of )?(?:pee|poo)\b|\bbladder\b[^.?!;]{0,20}\b(?:full|numb)\b",
    "poo": r"\b(?:trouble|hard|cannot)\b[^.?!;]{0,30}\bpoo",
    "sex": r"\berection|\borgasm|\bfeeling (?:during|in) sex\b",
    "both legs": rf"\bboth legs\b{_NEAR}\b(?:{_NUMB}|pain)|\b(?:{_NUMB}|pain)\b{_NEAR}\bboth legs\b",
    "foot": r"\b(?:cannot|can't) lift your foot\b",
    "numbness that gets worse": rf"\b(?:numb\w*|weakness)\b{_NEAR}\b(?:gets worse|getting worse|comes back|came back)\b",
    "breathing": r"\btrouble breathing\b|\bbreathless\b|\bfast,? breathing\b|\bwheez|\bchoking\b",
    "swelling": r"\bswoll?e\w*\b[^.?!;]{0,30}\b(?:face|lips|tongue|throat)\b|\b(?:face|lips|tongue|throat)\b[^.?!;]{0,30}\bswell",
    "rash with faintness": r"\brash\b",
    "chest": r"\bchest (?:pain|tight)|\bpain in (?:the|your) chest\b",
    "stroke": r"\bslurred\b|\bdroop\w*\b|\bseizure\b",
    "skin": r"\bblotchy\b|\b(?:blue|grey)\b[^.?!;]{0,20}\bskin\b",
    "collapse": r"\byou (?:collapse|pass out)\b|\bcannot be woken\b",
    "confusion": r"\b(?:are|become|feel|suddenly|sudden) confus\w+",
    "diabetes": r"\bfruity\b|\bketones\b",
    "blood": r"\b(?:vomit|cough)\w*\b[^.?!;]{0,12}\bblood\b|\bbloody poo\b",
    "sight": r"\b(?:loss of|lose) sight\b|\bdouble vision\b|\bsee double\b",
    "harm": r"\bharm(?:ed)? yourself\b|\bkeep yourself (?:safe|from harm)\b",
}

# Signs whose words are ordinary too: two of them in one sentence, list or row are a list of signs.
TOGETHER = {
    "fever": r"\bfever",
    "shivers": r"\bshiver",
    "needle place": r"\bpus\b|\bredness, heat\b|\bheat or redness\b",
    "worse after day 3": r"\bmuch worse after the first 3 days\b|\bworse\b[^.?!;]{0,20}\bday 3\b",
    "unwell": r"\bvery unwell\b|\bvery ill\b",
    "vomiting": r"\bvomit",
    "faintness": r"\bfeel(?:ing)? faint\b|\bfaintness\b",
    "confusion": r"\bconfus(?:ed|ion)\b",
    "drowsiness": r"\b(?:very drowsy|drowsiness)\b",
    "weight": r"\b(?:los(?:e|ing|s of)|loss of) weight\b|\bweight loss\b",
    "night": r"\bworse at night\b",
    "rest": r"\brest does not ease\b|\bnot eased by rest\b",
    "lump": r"\blump\b|\bchanged shape\b",
    "pee pain": r"\bpain when you pee\b|\bhurts (?:when you|to) pee\b",
    "thin bones": r"\bsudden(?:,)? (?:bad|new) pain\b",
    "eye": r"\bred eye\b|\bpainful eye\b|\blight (?:that )?hurts\b|\bblurred\b",
    "one leg": rf"\bone leg\b{_NEAR}\bstill (?:weak|numb)\b",
    "menopause": r"\bmenopause\b",
    "before 45": r"\b(?:began|begin|start\w*) before (?:you were )?45\b|\bunder 45\b",
    "stiff mornings": r"\bstiff\w*\b[^.?!;]{0,20}\b(?:mornings?|30 minutes)\b",
    "calf": r"\b(?:calf|thigh)\b[^.?!;]{0,20}\b(?:swollen|swelling|warm)\b|\bswollen (?:calf|thigh)\b",
}


def compiled(patterns):
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


ALONE, TOGETHER = compiled(ALONE), compiled(TOGETHER)


def typed_words(inline):
    """The words of a line that are neither a quote nor the text of a link to the table."""
    said, in_table = [], False
    for child in inline.children or []:
        if child.type in ("link_open", "link_close"):
            in_table = (child.attrGet("href") or "").startswith(TABLE)
        elif child.type in ("softbreak", "hardbreak", "quote", "footnote_ref"):
            said.append(" ")
        elif child.type == "image":
            said += [syntax.plain(child), " ", child.attrGet("title") or ""]
        elif child.content and not in_table:
            said.append(child.content)
    return re.sub(r"\s+", " ", "".join(said)).strip()


def sentences_and_lists(document):
    """(words, whether it is one sentence) of each sentence, each list and each row of a table.

    A glossary entry's line "Typed:" has words that people search for, and nobody reads it.
    """
    for words in (document.text.title, document.text.summary, *document.text.takeaways):
        yield from ((sentence, True) for sentence in sentences(words))
    yield "; ".join(document.text.takeaways), False
    whole = []  # one for each list or row that is open
    for token in body(document):
        if token.type == "container_card_open":
            yield syntax.card_of(token)[1], True
        elif token.type in ("bullet_list_open", "ordered_list_open", "tr_open"):
            whole.append([])
        elif token.type in ("bullet_list_close", "ordered_list_close", "tr_close"):
            yield "; ".join(whole.pop()), False
        elif token.type == "inline" and not (words := typed_words(token)).startswith("Typed:"):
            yield from ((sentence, True) for sentence in sentences(words))
            for parts in whole:
                parts.append(words)


def named(words):
    """The names of the signs that a sentence, list or row types by hand: none if it has one ordinary word only."""
    alone = [name for name, pattern in ALONE.items() if pattern.search(words)]
    together = [name for name, pattern in TOGETHER.items() if pattern.search(words)]
    return [*alone, *(together if len(together) > 1 else ())]


def repeated(sentence):
    """The keys of the signs whose short text a sentence repeats."""
    words = key_words(sentence)
    short = {sign.key: key_words(sign.short) for sign in signs().values() if sign.level != "normal"}
    return [key for key, of in short.items() if len(of) >= MIN_WORDS and of <= words]


def typed_signs(document):
    """{words: names of signs} of everything that an article types by hand."""
    said = list(sentences_and_lists(document))
    return {words: found for words, is_one in said if (found := named(words) + (repeated(words) if is_one else []))}


@pytest.mark.parametrize("slug", ARTICLES)
def test_no_article_names_a_sign_outside_a_quote_or_a_link_to_its_entry(slug):
    assert typed_signs(shipped()[slug]) == {}


def text_of(template):
    """The text of a template, line by line, without links to the entry of a sign."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", template, flags=re.DOTALL)
    text = re.sub(
        r"<a [^>]*#([a-z0-9-]+)\".*?</a>", lambda link: "" if link[1] in targets() else link[0], text, flags=re.DOTALL
    )
    return re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", "\n", text, flags=re.DOTALL)


@pytest.mark.parametrize("folder", sorted(path.name for path in (settings.BASE_DIR / "templates").iterdir()))
def test_no_template_names_a_sign_outside_a_link_to_its_entry(folder):
    path = settings.BASE_DIR / "templates" / folder
    found = {}
    for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
        lines = text_of(file.read_text(encoding="utf-8")).splitlines()
        said = [words for line in lines for words in sentences(line.strip())]
        found |= {(file.name, words): names for words in said if (names := named(words) + repeated(words))}
    assert found == {}


# --- Links to the table ---------------------------------------------------------------------------------------------------


def targets():
    """{anchor of the table: all words of the sign, or of its group}."""
    found = {}
    for sign in signs().values():
        words = key_words(" ".join([sign.short, sign.wording, GROUPS[sign.group], *sign.typed]))
        found[sign.key] = words
        found[sign.group] = found.get(sign.group, set()) | words
    return found


def links_to_the_table(document):
    """(anchor, words) of each link to a sign."""
    for token in document.tokens:
        children = token.children or []
        for index, child in enumerate(children):
            if child.type == "link_open" and child.attrGet("href").startswith(TABLE):
                text = [inside.content for inside in children[index + 1 : index + 4] if inside.type == "text"]
                yield child.attrGet("href").removeprefix(TABLE), text[0]


@pytest.mark.parametrize("slug", ARTICLES)
def test_a_link_to_a_sign_has_a_word_of_that_sign(slug):
    general = re.compile(r"\b(?:signs?|still weak or numb)\b", re.IGNORECASE)
    links = [(anchor, words) for anchor, words in links_to_the_table(shipped()[slug]) if not general.search(words)]
    assert [(anchor, words) for anchor, words in links if not key_words(words) & targets()[anchor]] == []


# --- Controls -------------------------------------------------------------------------------------------------------------

TYPED = {
    "in prose": ("topic", "Call 999 for new numbness between your legs.\n"),
    "in prose, beside a link": ("topic", "[Numbness](warning-signs#numb-saddle), chest pain and more.\n"),
    "in prose, two that are ordinary words": ("topic", "For fever or shivers, call 111.\n"),
    "in prose, in the words of the table": ("topic", "Have you back pain over 3 months that began before 45?\n"),
    "in a link elsewhere": ("topic", "[Trouble breathing](when-to-get-help) needs 999.\n"),
    "in a table": ("topic", "| Sign | Do |\n|---|---|\n| Both legs are weak | 999 |\n"),
    "in a row of a table": ("topic", "| Fever | Shivers |\n|---|---|\n| Yes | No |\n"),
    "in a list": ("topic", "- a fever\n- a walk\n- vomiting\n"),
    "in a heading": ("topic", "## If you cannot pee\n"),
    "in the heading of a box": ("topic", "::: urgent If your speech is slurred:\n\nCall [111](tel:111).\n:::\n"),
    "in a sheet": ("topic", ":::: sheet\n## My sheet\n\n- [ ] my breath smells fruity\n::::\n"),
    "in a card for the wallet": ("topic", ":::: wallet\n## Mine\n\n- blotchy skin\n::::\n"),
    "in the glossary": ("glossary", "Sepsis\n:   An illness. Call 999 for very fast breathing.\n:   Typed: sepsis\n"),
    "in a rule": ("rules", "diabetes\n:   What now?\n:   Ask us. Call 999 for vomiting or drowsiness.\n"),
}
ALLOWED = {
    "a link to its entry": ("topic", "Call 999 for [new numbness between your legs](warning-signs#numb-saddle).\n"),
    "a quote": ("topic", "[[signs:nerves]]\n"),
    "a quote beside another list": ("topic", "- a fever\n- a walk\n\n[[signs:infection]]\n"),
    "one ordinary word": ("topic", "Of 39 adults with an infected joint, only 16 had a fever.\n"),
    "numbness that is expected": ("topic", "The joint is numb for some hours. Put no heat on numb skin.\n"),
    "what people search for": ("glossary", "Bladder scan\n:   A scan.\n:   Typed: cannot pee, leaking\n"),
}


def document(kind, body, **front):
    return Document(parse(article_file(body, kind=kind, **front)))


@pytest.mark.parametrize(("kind", "body"), TYPED.values(), ids=TYPED)
def test_a_sign_that_is_typed_is_found(kind, body):
    assert typed_signs(document(kind, body))


@pytest.mark.parametrize("field", ["summary", "takeaways"])
def test_a_sign_that_is_typed_above_the_text_is_found(field):
    words = "Chest pain needs 999."
    assert typed_signs(document("topic", "Text.\n", **{field: f"[{words}]" if field == "takeaways" else words}))


@pytest.mark.parametrize(("kind", "body"), ALLOWED.values(), ids=ALLOWED)
def test_what_is_quoted_linked_or_no_sign_is_allowed(kind, body):
    assert typed_signs(document(kind, body)) == {}


def test_a_sign_that_is_typed_in_a_template_is_found():
    assert named(text_of('<p><a href="/help/">New numbness between your legs?</a></p>'))
    assert not named(text_of('<p><a href="/signs/#numb-saddle">New numbness between your legs?</a></p>'))
