"""Hard words are explained once, beside them; American words are not used."""

import pytest

from siweb.articles.linting.plain_english import AMERICAN, HARD
from tests.support.advised import advised, keys

HARD_WORDS = ["intra-articular", "intraarticular", "peri-articular", "extra-articular", "arthrography", "arthrogram"]
HARD_WORDS += ["arthropathy", "analgesic", "analgesia", "neuropathic", "insufficiency", "bilateral", "bilaterally"]
HARD_WORDS += ["unilateral", "contraindicated", "contra-indication", "idiopathic", "aetiology", "oedema", "haematoma"]
HARD_WORDS += ["paraesthesia", "subcutaneous", "palpation", "prognosis", "comorbidities", "prophylaxis"]
HARD_WORDS += ["anticoagulant", "Uveitis", "enthesitis", "pyrexia", "syncope", "hypersensitivity", "efficacy"]
HARD_WORDS += ["nociceptive"]
AMERICAN_WORDS = ["anesthetic", "anesthesia", "physical therapy", "emergency room", "call 911", "physician", "edema"]
AMERICAN_WORDS += ["acetaminophen", "hematoma", "diarrhea", "color", "tumor", "orthopedic"]


def hard(body, **front):
    return [found.words for found in advised(body, **front) if found.key == "hard-word"]


@pytest.mark.parametrize("word", HARD_WORDS)
def test_a_hard_word_is_named_with_a_plain_one(word):
    [found] = [found for found in advised(f"It is {word}.") if found.key == "hard-word"]
    assert found.words == word
    assert any(f'"{plain}"' in found.message for plain in HARD.values())


@pytest.mark.parametrize("word", AMERICAN_WORDS)
def test_an_american_word_is_named_with_ours(word):
    [found] = [found for found in advised(f"Or {word} here.") if found.key == "american"]
    assert found.words == word
    assert any(f'"{ours}"' in found.message for ours in AMERICAN.values())


EXPLAINED = {
    "the plain word in brackets": "It is bilateral (on both sides).",
    "brackets after a few words more": "An insufficiency fracture of bone (a break in weak bone).",
    "the hard word in brackets": "It is on both sides (doctors say bilateral).",
    "the hard word in quotation marks": "It is on both sides. Doctors say “bilateral”.",
    "explained later": "It is bilateral.\n\nOn both sides (bilateral).",
    "explained once": "It is on both sides (bilateral). Now bilateral. And bilateral.",
}
NOT_EXPLAINED = {
    "brackets further off": "It is bilateral. It hurts (a lot).",
    "brackets before it": "It hurts (a lot) if bilateral.",
    "another word is explained": "It is bilateral, and idiopathic (with no known cause).",
}


@pytest.mark.parametrize("body", EXPLAINED.values(), ids=EXPLAINED)
def test_a_hard_word_that_is_explained_once_may_stand(body):
    assert hard(body) == []


@pytest.mark.parametrize("body", NOT_EXPLAINED.values(), ids=NOT_EXPLAINED)
def test_a_hard_word_that_is_not_explained_beside_it_is_named_once(body):
    assert hard(body) == ["bilateral"]


@pytest.mark.parametrize(
    "words",
    ["a colour", "by Physicians for Anesthesia", "911 people", "our physiotherapist", "articular", "sufficiency"],
)
def test_words_that_look_alike_are_left_alone(words):
    assert not keys(f"It is {words}.") & {"hard-word", "american"}


def test_the_glossary_explains_hard_words_and_lists_misspellings():
    body = "Oedema\n:   Swelling, an edema.\n:   Typed: edema\n"
    assert not keys(body, kind="glossary") & {"hard-word", "american"}


def test_sources_keep_their_titles():
    source = "[^s]: Smith J. Bilateral edema. *Spine*, 2020. [a.b](https://a.b). Read: abstract."
    assert keys(f"a[^s]\n\n{source}") == set()
