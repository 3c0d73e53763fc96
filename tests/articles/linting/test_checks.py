"""Advice on texts, as a truth table: for each key what it finds, where it leads to, and what it leaves alone."""

import pytest

from siweb.articles.linting.messages import ADVICE
from tests.support.advised import SOURCE, advised, keys

LONG = "The old man and the dog and the cat sat on the mat by the door and ate {}."
TWENTY, TWENTY_ONE, THIRTY_ONE = (
    LONG.format("a pie"),
    LONG.format("a big pie"),
    LONG.format("a pie " + "and so on " * 3 + "and then"),
)
SHORT = "We sat on it.\n\n"
HARD = "Radiological investigation necessitates administration of intravenous material."

# Key: (a body that is advised about, the line, the words that are selected there). The body begins on line 10.
ADVISED = [
    ("reading-grade", HARD, 10, ""),
    ("section-grade", "A.\n\n## B\n\n" + f"{HARD}\n\n" * 9, 12, "B"),
    ("long-sentence", f"{SHORT}{THIRTY_ONE}\n\n" + SHORT * 4, 12, "The old man and the dog"),
    ("long-sentence", TWENTY_ONE, 10, "The old man and the dog"),
    ("long-sentence", SHORT * 18 + f"\n{TWENTY_ONE} {TWENTY_ONE}", 47, "The old man and the dog"),
    ("long-sentence", "One.\nTwo.\n" + THIRTY_ONE.replace("old man", "old\nman"), 12, "The old\nman and the dog"),
    ("long-sentence", f"*The* {THIRTY_ONE}", 10, ""),
    ("long-paragraph", "a\n\nOne. Two! Three? Four.", 12, ""),
    ("long-paragraph", "- One. Two. “Three.” Four.", 10, ""),
    ("promise", "a\n\nIt is\nthe best way.", 13, "best"),
    ("promise", "::: do The best way\n- a\n:::", 10, "best"),
    ("percentage", f"It helps 5 % of people.[^s]{SOURCE}", 10, "%"),
    ("percentage", f"It helps 5 percent.[^s]{SOURCE}", 10, "percent"),
    ("no-source", "a\n\nIt helps 1 in 20.", 12, "1 in 20"),
    ("no-source", "|a|b|\n|-|-|\n|c|1 in 20|", 12, "1 in 20"),
    ("disagree", f"In 1 in 20 (1 in 50).[^s]{SOURCE}", 10, "1 in 20 (1 in 50)"),
    ("source-lacks", "a[^b]\n\n[^b]: S", 12, "b"),
    (
        "as-reported",
        f"We rest. It helped\n5 people.[^s]{SOURCE}".replace("abstract", "as reported by Jones"),
        10,
        "It helped\n5 people.",
    ),
    ("our-rule", "a\n\nDo not drive for\n24 hours.", 12, "drive for\n24 hours"),
    ("hard-word", "a\n\nNo oedema here.", 12, "oedema"),
    ("american", "a\n\nIt has\na color.", 13, "color"),
    ("unused-source", "a\n\n[^b]: S", 12, "b"),
    ("link-words", "See\n[here](about).", 11, "here"),
    ("skipped-level", "## A\n\n#### B", 12, "B"),
    ("skipped-level", "### A", 10, "A"),
    ("after-box", "::: do\n- a\n:::\n\nb", 14, ""),
    ("after-box", "::: do\n- a\n:::\n\n- b", 14, ""),
    ("no-phone", ":::: sheet Signs\n- [ ] a\n\n::: emergency Call\n- b\n:::\n::::", 13, ""),
    ("leads-away", "::: emergency Call\n[x](about) [999](tel:999)\n:::", 11, ""),
    ("no-phone", "a\n\n::: emergency Call\n- a\n:::", 12, ""),
    ("dead-number", "::: emergency Call\nCall 999, then [999](tel:999).\n:::", 11, "999"),
    ("dead-number", "::: urgent Ask\n- a\n\nCall **111**.\n:::", 13, "111"),
    ("joined-signs", "::: emergency Call\n- a\n- b and c\n\n[999](tel:999)\n:::", 12, "and"),
    ("joined-signs", "::: urgent Ask\n- b as well as\n  c\n:::", 11, "as well as"),
    ("joined-signs", "::: urgent Ask\n- b together with c\n:::", 11, "together with"),
    ("dont", "::: dont\n- drive\n:::", 11, ""),
    ("alternative-text", f'![We sat on it. {"x" * 120}](pelvis "c")', 10, f"We sat on it. {'x' * 120}"),
    ("alternative-text", '![pelvis-2.png](pelvis "c")', 10, "pelvis-2.png"),
    ("alternative-text", '![IMG_0042](pelvis "c")', 10, "IMG_0042"),
    ("alternative-text", '![The joint](pelvis "The joint")', 10, "The joint"),
    ("alternative-text", '![the joint](pelvis "The joint.")', 10, "the joint"),
    ("alternative-text", '![](pelvis "The joint")', 10, ""),
    ("alternative-text", "![](pelvis)", 10, ""),
    ("change-medicine", "a\n\nStop your warfarin 5 days before.", 12, "Stop your warfarin"),
    ("not-measured", "Не водите машину в этот день.", 10, ""),
    ("as-written", "a\n\nWe sat\non **it.", 13, "**"),
]


@pytest.mark.parametrize(("key", "body", "line", "words"), ADVISED)
def test_what_could_be_better_is_named_with_its_place(key, body, line, words):
    assert (line, words) in [(found.line, found.words) for found in advised(body) if found.key == key]
    assert keys(body) <= {key, "reading-grade"}


# Key: (a field, its value, the words that are selected there).
ABOUT_FIELDS = [
    ("takeaways", "takeaways", ("One.", "Two."), ""),
    ("long-sentence", "summary", THIRTY_ONE, THIRTY_ONE),
    ("promise", "title", "The best way", "best"),
    ("medicine", "keywords", ("a", "lidocaine jab"), "lidocaine"),
    ("only-announced", "summary", "It helps 1 in 20.", "1 in 20"),
]


@pytest.mark.parametrize(("key", "field", "value", "words"), ABOUT_FIELDS)
def test_what_could_be_better_about_a_field_names_the_field(key, field, value, words):
    assert [(found.key, found.field, found.words) for found in advised(**{field: value})] == [(key, field, words)]


def test_every_piece_of_advice_is_in_these_tables():
    assert {key for key, *_ in (*ADVISED, *ABOUT_FIELDS)} | {"keyword"} == ADVICE.keys()  # test_keywords.py


FINE = {
    "a plain text": "Rest.",
    "three sentences": "One. Two. Three.",
    "a sentence that goes on after a dot": "One, e.g. a jab. Two. Three.",
    "a sentence of twenty words": TWENTY,
    "one long sentence in twenty": f"{TWENTY_ONE}\n\n" + SHORT * 19,
    "levels one by one": "## A\n\n### B\n\n#### C\n\n## D",
    "a heading after a box": "::: do\n- a\n:::\n\n## B",
    "a box after a box": "::: do\n- a\n:::\n\n::: dont\n- do not b\n:::",
    "a box in a sheet": ":::: sheet To take along\n- [ ] a\n\n::: emergency Call 999 if\n- b\n\n[999](tel:999)\n:::\n::::",
    "a box that ends in a list": "- ::: do\n  - a\n  :::\n- b",
    "a box at the end": f"a[^s]\n\n::: do\n- a\n:::{SOURCE}",
    "999 in an emergency": "::: emergency Call 999 if\n- a or b\n\n[999](tel:999)\n:::",
    "111 in an emergency": "::: emergency Call\n[111](tel:111)\n:::",
    "a fact of the clinic in an emergency": "::: emergency Call\n[[clinic:phone]]\n:::",
    "text relay in an emergency": "::: emergency Call\n18001 111, 18000 or [999](tel:999)\n:::",
    "a number outside of boxes": "Call 999.",
    "two signs in another box": "::: nonurgent Call\n- a and b\n:::",
    "a link in another box": "::: urgent Call\n[x](about)\n:::",
    "words that begin alike": "::: emergency Call\n- a band\n\n[999](tel:999)\n:::",
    "a point that forbids": "::: dont\n- Do not drive\n- do *not* run\n:::",
    "an alternative text": f'![{"a" * 125}](pelvis "c")',
    "a drawing of what was just said": f'1 in 20.[^s]\n\n![](people-1-in-20 "c")\n\n![](people-1-in-20){SOURCE}',
    "numbers that claim nothing": "Wait 6 hours. Step 1 is in 2 parts, of 10 minutes. This is part 2 of 3.",
    "numbers in the sources": "a[^s]\n\n[^s]: 1 in 20. 5%. The best edema, undated. [here](https://a.b/c). Read: abstract.",
    "a link to a page by its name": "[about us](about) [999bsl.co.uk](https://999bsl.co.uk) [read more about rest](about)",
}


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_what_is_right_is_left_alone(body):
    assert advised(body) == []


EMPTY_LINKS = ["here", "Click here", "this", "this page", "read more", "More", "link.", "https://a.b/c", "www.a.b"]


@pytest.mark.parametrize("words", EMPTY_LINKS)
def test_a_link_says_where_it_goes(words):
    assert keys(f"[{words}](about)") == {"link-words"}


PROMISES = ["a cure", "It cures", "cured", "the best", "safe", "safest", "safely", "we guarantee", "Guaranteed"]
PROMISES += ["painless", "painlessly", "the most accurate", "incredible", "incredibly", "a miracle", "Studies show"]
PROMISES += ["magic", "risk-free", "clinically proven", "world-class", "state-of-the-art", "cutting-edge"]
PROMISES += ["It always works", "It will help", "the injection will work", "It never fails", "works for everyone"]
PROMISES += ["no side effects", "without any risk", "is sure to work", "will definitely help", "instant relief"]
PROMISES += ["It is always successful", "works in all patients", "Everyone gets better", "All patients improve"]
PROMISES += ["You won’t feel a thing", "It is harmless", "It never causes harm", "proven to work", "safe to have"]
PROMISES += ["stops the pain for good", "Relief is certain", "Results are permanent", "Side effects never happen"]
PROMISES += [
    "Infection is impossible",
    "It cannot fail",
    "It can’t go wrong",
    "always gives relief",
    "never have pain again",
]
PROMISES += ["No one is harmed", "nothing to worry about", "risk free", "life-changing"]
PROMISES += [
    "works without fail",
    "worked for all our patients",
    "our best injection",
    "no pain, no risk",
    "without risk",
]
PROMISES += ["no doubt it always works", "You do not need tablets: it always works", "not only safe but quick"]
PROMISES += ["you will feel better", "nothing can go wrong", "pain-free for life"]
HONEST = ["whether it will help", "we cannot say that it will work", "it may help", "it helps some people", "all risks"]
HONEST += ["not a cure", "no cure", "the safe side", "secure", "obscure", "unsafe", "bestow", "an accurate test"]
HONEST += ["It does not always work", "it may not always help", "No treatment is free of risk", "nothing is guaranteed"]
HONEST += ["No injection works for everyone", "It does not work for everyone", "Nobody can say that it always works"]
HONEST += [
    "We cannot say it will work",
    "No result is guaranteed",
    "No drug is completely safe",
    "No one can promise a cure",
]
HONEST += ["It is rarely a cure", "not without risk", "No medicine is without side effects"]
HONEST += [
    "Wait until it is safe to drive",
    "when you can stop the car safely",
    "in a safe place",
    "keep yourself safe",
]
HONEST += ["the best time to call", "Which is best for you?", "What works best differs", "ask what is best for you"]
HONEST += [
    "do what feels best",
    "your best score",
    "it is usually nothing to worry about, or so we say",
    "no cure for arthritis",
]
HONEST += ["Not everyone gets better", "most lumps are harmless", "the pain always came back", "0 (no pain)"]
HONEST += ["studies showed", "not safe", "is it safe?", "no guarantee", "we cannot guarantee it", "not proven", "risk"]


@pytest.mark.parametrize("words", PROMISES)
def test_words_that_promise_are_named_in_the_text_and_where_it_announces_itself(words):
    assert "promise" in keys(f"{words} a.")
    for field, value in (("title", words), ("summary", words), ("takeaways", ("a", "b", words))):
        assert [(found.key, found.field) for found in advised(**{field: value})] == [("promise", field)]
    assert advised(keywords=(words,)) == [], "people type such words"


@pytest.mark.parametrize("words", HONEST)
def test_honest_uses_of_such_words_are_left_alone(words):
    assert advised(f"{words} a." if words[-1] != "?" else words, title=words) == []


MEDICINES = ["triamcinolone", "methylprednisolone", "hydrocortisone", "dexamethasone", "betamethasone", "lidocaine"]
MEDICINES += ["lignocaine", "bupivacaine", "ropivacaine", "Kenalog", "Depo-Medrone", "depomedrone", "Adcortyl"]
MEDICINES += ["cortisone", "prednisolone", "levobupivacaine", "mepivacaine", "prilocaine", "Xylocaine", "Marcain"]
TABLETS = ["warfarin", "apixaban", "gabapentin", "pregabalin", "naproxen", "morphine", "adalimumab", "Paxlovid"]


@pytest.mark.parametrize("medicine", MEDICINES)
@pytest.mark.parametrize("place", ["title", "summary", "takeaways", "keywords"])
def test_no_prescription_only_medicine_stands_where_a_text_announces_itself(medicine, place):
    words = f"About {medicine} shots"
    value = words if place in ("title", "summary") else ("a", "b", words)
    [found] = advised(**{place: value})
    assert (found.key, found.field, found.words) == ("medicine", place, medicine)


@pytest.mark.parametrize("medicine", TABLETS)
def test_tablets_may_be_looked_for_but_not_announced(medicine):
    assert advised(keywords=("a", f"can I take {medicine}")) == []
    for field, value in (("title", medicine), ("summary", medicine), ("takeaways", ("a", "b", medicine))):
        assert [(found.key, found.field) for found in advised(**{field: value})] == [("medicine", field)]


def test_the_text_itself_may_name_a_medicine():
    assert advised("We use lidocaine, and you take warfarin.", title="Corticosteroid and steroid shots") == []


@pytest.mark.parametrize(
    ("kind", "count", "advise"),
    [
        ("step", 2, True),
        ("step", 3, False),
        ("topic", 5, False),
        ("topic", 6, True),
        ("page", 0, False),
        ("rules", 0, False),
    ],
)
def test_steps_and_topics_have_three_to_five_takeaways(kind, count, advise):
    assert keys(kind=kind, takeaways=("One.",) * count) == ({"takeaways"} if advise else set())


ENTRY = "word\n:   One. Two. Three. Four.\n:   Radiological investigation necessitates intravenous administration.\n"


def test_the_glossary_and_the_rules_may_be_harder_and_longer():
    assert keys(ENTRY, kind="glossary") == keys(ENTRY, kind="rules") == set()
    assert keys(ENTRY) == {"reading-grade", "long-paragraph", "as-written"}


def test_advice_comes_field_by_field_and_in_the_order_of_the_lines():
    found = advised("### 1 in 20\n\nThe best.\n\n5%\n", takeaways=(), title="Painless")
    assert [problem.field for problem in found[:2]] == ["title", "takeaways"]
    lines = [problem.line for problem in found[2:]]
    assert lines == sorted(lines)
    assert set(lines) == {10, 12, 14}


def test_so_many_long_sentences_are_named_that_somebody_can_fix_them():
    found = [problem for problem in advised(f"{THIRTY_ONE}\n\n" * 200) if problem.key == "long-sentence"]
    assert len(found) == 50


TO_CHANGE = ["Stop your warfarin 5 days before.", "Stop warfarin.", "Do not take your blood thinner that morning."]
TO_CHANGE += [
    "Skip your insulin.",
    "Stop taking your blood-thinning tablets.",
    "Halve your dose of steroid tablets.",
    "Come off aspirin.",
]
TO_CHANGE += [
    "You should stop apixaban two days before.",
    "Please leave out your morning tablets.",
    "Warfarin must be stopped 5 days before.",
]
TO_CHANGE += [
    "Pause your biologic medicine for 2 weeks.",
    "Double your painkillers.",
    "Miss your evening dose of metformin.",
]
TO_CHANGE += [
    "Warfarin: stop 5 days before.",
    "Warfarin – stop for 5 days.",
    "No warfarin for 5 days before.",
    "Take your last warfarin tablet 5 days before.",
    "Your last dose of apixaban is 2 days before.",
    "Do not have your insulin that morning.",
    "Take half your usual insulin.",
    "Take an extra steroid tablet.",
    "Restart your warfarin the next day.",
    "Discontinue clopidogrel.",
    "Cease clopidogrel.",
    "Refrain from ibuprofen.",
    "Avoid ibuprofen for a week.",
    "Stay off your warfarin.",
    "Go without your warfarin.",
    "Warfarin must not be taken for 5 days.",
    "Blood thinners are stopped 5 days before.",
    "If you take warfarin, stop it 5 days before.",
    "If you are on warfarin, stop 5 days before.",
    "If you are having sedation, stop your metformin.",
    "Give up aspirin a week before.",
    "Put your metformin on hold.",
    "Delay your evening dose of apixaban.",
    "Swap warfarin for heparin.",
    "Stop your Eliquis 2 days before.",
    "Stop ticagrelor 5 days before.",
    "Stop: warfarin, aspirin.",
    "You must not take aspirin.",
    "You cannot take warfarin for 5 days.",
    "| Medicine | What to do |\n|---|---|\n| Warfarin | Stop 5 days before |",
]
NOT_TOLD = [
    "Ask us before you stop your warfarin.",
    "Ask the team whether to stop your warfarin.",
    "Never stop a blood thinner yourself.",
]
NOT_TOLD += [
    "Do not stop your warfarin.",
    "Should I stop my tablets?",
    "The person who prescribes it may tell you to stop your warfarin.",
]
NOT_TOLD += [
    "Do not take ibuprofen if you have a stomach ulcer.",
    "Do not take more painkillers than the label says.",
    "Do not take two paracetamol medicines at once.",
    "Hold the tablet under your tongue.",
    "Do not use the pill bottle as a measure.",
    "Do not inject insulin near the sore place.",
    "If your team tells you to, stop your warfarin.",
    "If you take warfarin, ask us before you stop it.",
    "If you take warfarin, tell us.",
    "If you stop your medicine, tell us.",
    "No tablets? Bring a list anyway.",
    "There is no steroid in this test.",
    "Steroids: stop sign on the road.",
    "Some clinics stop blood thinners; others do not.",
    "Take your tablets as usual.",
    "Take an extra list of your tablets.",
    "| Medicine | What to do |\n|---|---|\n| Warfarin | Ask us before you stop |",
    "| Medicine | What to do |\n|---|---|\n| Walking | Stop if it hurts |",
]
NOT_TOLD += [
    "Keep taking your tablets.",
    "Tell us if you have stopped your tablets.",
    "Stop and rest.",
    "Do not drive.",
]


@pytest.mark.parametrize("words", TO_CHANGE)
def test_a_text_tells_nobody_to_change_a_medicine(words):
    assert "change-medicine" in keys(f"a\n\n{words}")


@pytest.mark.parametrize("words", NOT_TOLD)
def test_to_ask_before_a_change_is_no_order(words):
    assert "change-medicine" not in keys(f"a\n\n{words}")
