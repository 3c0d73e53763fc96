"""The articles that we ship: all are there; their words, numbers and rules, by the advice of siweb/articles/linting/report.py.

Their safety messages are in test_safety_messages.py; what several of them say together in test_same_everywhere.py.
"""

import re

import pytest

from siweb.articles.linting.clinic_rules import RULES
from siweb.articles.linting.messages import announced, statements
from siweb.articles.linting.readability import HIGHEST_GRADE, grade
from siweb.articles.linting.report import advice
from tests.support import rendering

SLUGS = [*rendering.shipped()]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
STEPS = ["anatomy", "causes", "mimics", "imaging", "procedure", "aftercare", "next-steps"]


def document(slug):
    return rendering.shipped()[slug]


def words(slug):
    return " ".join(section.text for section in document(slug).sections({}, {}))


# Kind: the articles of that kind that readers are promised.
PROMISED = {
    "step": STEPS,
    "topic": [
        *("types-of-injection", "benefits-and-risks", "before-you-come", "when-to-get-help", "inflammatory-back-pain"),
        *("where-clinics-differ", "your-options", "relief-diary", "your-timeline", "questions-to-ask"),
        *("cost-and-referral", "faq", "it-did-not-help"),
    ],
    "glossary": ["glossary"],
    "rules": ["our-rules"],
    "signs": ["warning-signs"],
    "page": ["how-we-write", "complaints", "privacy", "accessibility", "about"],
}


def test_the_articles_that_readers_are_promised_are_there():
    kinds = {slug: document(slug).text.kind for slug in SLUGS}
    assert {slug: kind for kind, slugs in PROMISED.items() for slug in slugs}.items() <= kinds.items()


@pytest.mark.django_db
def test_every_article_is_linked_from_the_guide_or_the_foot_of_every_page(shipped, client):
    guide = client.get("/guide/").content.decode()
    assert [slug for slug, article in shipped.items() if f'href="{article.page.url}"' not in guide] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_every_article_says_who_has_checked_it_and_since_when_its_words_stand(shipped, client):
    for article in shipped.values():
        page = client.get(article.page.url).content.decode()
        assert "Not yet checked by a clinician at this clinic." in page
        assert "This wording has been here since" in page


def test_the_steps_are_in_the_patients_order():
    texts = {slug: document(slug).text for slug in SLUGS}
    assert sorted((t.order, slug) for slug, t in texts.items() if t.kind == "step") == [
        (texts[s].order, s) for s in STEPS
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_article_reads_at_grade_7_or_below(slug, record_property):
    score = grade(document(slug))
    record_property("grade", (score.adjusted, score.raw))
    print(f"{slug}: grade {score.adjusted:.1f}, raw {score.raw:.1f}")
    assert score.adjusted <= HIGHEST_GRADE


@pytest.mark.parametrize("slug", STEPS)
def test_every_step_has_700_to_1400_words(slug):
    assert 700 <= len(words(slug).split()) <= 1400


@pytest.mark.parametrize("slug", SLUGS)
def test_there_is_nothing_left_to_advise(slug):
    found = advice(document(slug), context=rendering.shipped_surroundings())
    assert [str(problem) for problem in found] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_no_article_claims_a_review(slug):
    assert not re.search(
        r"\b(?:clinically|medically) (?:reviewed|approved)\b|\breviewed by (?:Dr|Mr|Ms|Prof)",
        words(slug),
        re.IGNORECASE,
    )


def test_the_rule_for_a_numb_leg_has_an_answer_and_the_others_ask_the_clinic():
    rules = document("our-rules").rules
    assert rules["numb-leg"].answer == "6 hours"
    assert rules["nhs-111"].answer == "111"
    for key, rule in rules.items():
        assert rule.answered == (key in ("numb-leg", "nhs-111")), key
        assert rule.answered or len(rule.answer) > len("Ask us. "), f"{key} has no safe side"


def test_the_rules_cover_all_that_a_clinic_decides_for_itself():
    assert {
        *("guidance", "medicine", "operator", "sedation", "fasting", "driving", "time-to-leave", "blood-thinners"),
        *("diabetes", "vaccines", "repeat-limit", "travel", "radiation", "price", "follow-up", "out-of-hours"),
        *("complaints", "interpreter", "access", "age-limit", "weight-limit", "review", "enquiries", "call-before"),
        *("report-to-gp", "escort", "keep-dry", "numb-leg", "nhs-111"),
    } <= document("our-rules").rules.keys()


def test_every_rule_that_the_checks_ask_to_quote_is_there():
    assert RULES.keys() <= document("our-rules").rules.keys()


def test_the_glossary_explains_60_terms_or_more_each_once():
    names = [term.name.lower() for term in document("glossary").terms]
    assert len(names) == len(set(names)) >= 60


def test_every_term_is_explained_in_other_words():
    for term in document("glossary").terms:
        others = set(re.findall(r"\w{3,}", term.definition.lower())) - set(re.findall(r"\w+", term.name.lower()))
        assert len(others) >= 3, term.name


@pytest.mark.parametrize("slug", SLUGS)
def test_no_number_is_announced_that_the_text_does_not_hold(slug):
    quoted = (section.text for section in document(slug).sections({}, {}, rendering.shipped_surroundings().signs))
    said = " ".join([*statements(document(slug)), *quoted])
    numbers = [number for _, words in announced(document(slug).text) for number in NUMBER.findall(words)]
    assert [number for number in numbers if number not in NUMBER.findall(said)] == []


# Figures and studies that nobody here has read, and words that make a share of a study into a promise.
UNREAD = re.compile(
    r"\b(?:Soneji|Pekkafahli|Rosenberg|Eno)\b|93\.5 ?%|76\.7 ?%|1 in 100 people with diabetes"
    r"|(?:people|patients) like you|of 100 people\b",
)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_article_states_what_nobody_has_read(slug):
    assert not UNREAD.search(document(slug).text.canonical)
