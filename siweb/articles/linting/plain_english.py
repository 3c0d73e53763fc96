"""Words for which there is a plainer one, and words that are not said in Britain."""

import re

from .messages import about, blocks

# Hard word: what to say instead. One that has to stand is explained once, in brackets right beside it.
HARD = {
    r"intra-?articular": "inside the joint",
    r"peri-?articular": "around the joint",
    r"extra-?articular": "outside the joint",
    r"arthro(?:graphy|gram)s?": "a picture of the joint with dye",
    r"arthropath(?:y|ies)": "joint disease",
    r"analges(?:ics?|ia)": "painkillers",
    r"neuropathic": "from the nerves",
    r"insufficiency": "a break in weak bone",
    r"bilateral(?:ly)?": "on both sides",
    r"unilateral(?:ly)?": "on one side",
    r"contra-?indicat(?:ed|ions?)": "not advised",
    r"idiopathic": "with no known cause",
    r"a?etiology": "the cause",
    r"oedema": "swelling",
    r"haematomas?": "a bruise",
    r"paraesthesia": "pins and needles",
    r"subcutaneous(?:ly)?": "under the skin",
    r"palpat(?:e|ed|ion|ing)": "feel with the fingers",
    r"prognosis": "what to expect",
    r"comorbidit(?:y|ies)": "other illnesses",
    r"prophyla(?:xis|ctic)": "prevention",
    r"anti-?coagulants?": "blood thinners",
    r"uveitis": "inflammation inside the eye",
    r"enthesitis": "soreness where tendons join bone",
    r"pyrexia": "fever",
    r"syncope": "fainting",
    r"hypersensitivity": "allergy",
    r"efficacy": "how well it works",
    r"nociceptive": "from the tissues",
}
AMERICAN = {
    r"anesthe\w{1,12}": "anaesthetic",
    r"physical therap(?:y|ists?)": "physiotherapy",
    r"emergency room": "A&E",
    r"(?:call|dial|ring) 911": "call 999",
    r"physicians?": "doctor",
    r"acetaminophen": "paracetamol",
    r"edema": "swelling",
    r"hematomas?": "a bruise",
    r"diarrhea": "diarrhoea",
    r"colors?": "colour",
    r"tumors?": "tumour",
    r"orthopedic": "orthopaedic",
}
_EXPLAINS = "glossary"  # the kind that explains words, and lists misspellings of them


def _any_of(table, flags=re.NOFLAG):
    return re.compile(rf"\b(?:{'|'.join(f'({word})' for word in table)})\b", flags)


_HARD = _any_of(HARD, re.IGNORECASE)
_AMERICAN = _any_of(AMERICAN)  # with a capital it is a name: the American Society of Anesthesiologists
_BRACKET_FOLLOWS = re.compile(r"[’”\"]?(?: [\w-]{1,20}){0,3}[’”\"]? ?\(")
_BRACKET_OPEN = re.compile(r"[(“\"][^)”\"]{0,80}$")


def advice(document):
    """Hard words that the text explains nowhere, and American ones."""
    first, explained = {}, set()
    if document.text.kind == _EXPLAINS:
        return
    for token, words in blocks(document):
        for found in _AMERICAN.finditer(words):
            yield about(document, token.map, "american", found[0], ours=_twin(found, AMERICAN))
        for found in _HARD.finditer(words):
            first.setdefault(_twin(found, HARD), (token, found[0]))
            if _is_explained(words, found):
                explained.add(_twin(found, HARD))
    for plain, (token, word) in first.items():
        if plain not in explained:
            yield about(document, token.map, "hard-word", word, plain=plain)


def _twin(found, table):
    return list(table.values())[found.lastindex - 1]


def _is_explained(words, found):
    """Whether a bracket stands right after a word, or it stands in one: "on both sides (bilateral)"."""
    before = words[max(0, found.start() - 80) : found.start()]
    return bool(_BRACKET_FOLLOWS.match(words, found.end()) or _BRACKET_OPEN.search(before))
