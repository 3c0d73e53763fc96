"""The safety messages that we ship: each sign on the pages and at the level where it belongs, and none weakened.

The table is written out by hand. A message may be shortened; the person who takes a sign out, lowers its level or makes it milder
finds it here.
"""

import re
from dataclasses import dataclass, field
from functools import cache

import pytest

from siweb.articles.linting.messages import statements
from siweb.articles.rendering import syntax
from siweb.articles.rendering.care_cards import MOST_UNANSWERED
from tests.support.rendering import shipped, shipped_surroundings

RULE = re.compile(r"\[\[rule:([a-z0-9-]+)\]\]")

# The signs on the card for the wallet when it was still typed by hand.
FIRST_CARD = set(
    """
    numb-saddle pee-hard-to-start pee-cannot-feel pee-leaking poo-cannot-start poo-no-control legs-weak-numb
    numbness-worse numbness-back breathing-trouble swollen-face rash-faint collapse chest-pain confused
    slurred-speech breathing-fast skin-colour steroid-vomiting steroid-drowsy steroid-faint diabetes-vomiting
    diabetes-drowsy diabetes-deep-breathing diabetes-fruity-breath adrenal-vomiting adrenal-drowsy adrenal-faint
    fever shivers needle-place pain-worse-day3 diabetes-high-sugar ibp-red-eye ibp-light ibp-blurred leg-numb-6h
    """.split()  # noqa: SIM905  keys read better without quotes
)


@dataclass
class Card:
    """A care card: its points, and what else it says."""

    kind: str
    heading: str
    points: list = field(default_factory=list)
    beside: str = ""

    def has(self, sign):
        return any(re.search(sign, point, re.IGNORECASE) for point in self.points)


def signs_in(token):
    """The warning signs that the quotes of a line show."""
    quotes = [child.meta for child in token.children or [] if child.type == "quote"]
    return [sign for quote in quotes if quote["kind"] == "signs" for sign in shipped_surroundings().signs[quote["key"]]]


@cache
def cards(slug):
    found, is_open, depth = [], False, 0
    for token in shipped()[slug].tokens:
        if token.type == "container_card_open":
            found.append(Card(*syntax.card_of(token)))
        if token.type in ("container_card_open", "container_card_close"):
            is_open = token.nesting == 1
        depth += token.nesting if token.type.startswith("list_item") else 0
        if is_open and token.type == "inline":
            words = syntax.plain(token)
            found[-1].points += [sign.short for sign in signs_in(token)]
            if depth:
                found[-1].points.append(words)
            else:
                found[-1].beside += f" {words}"
    return found


def said(slug):
    """What a page says, its takeaways and the rules that it tells in full too."""
    document, rules = shipped()[slug], shipped()["our-rules"].rules
    answers = [rules[key].answer for key in quoted(slug)[:MOST_UNANSWERED]]
    signs = [sign.line for token in document.tokens for sign in signs_in(token)]
    return " ".join([*document.text.takeaways, *statements(document), *answers, *signs])


def quoted(slug):
    """The keys of the rules that a page quotes, in order, and that the signs quote which it lists."""
    tokens = shipped()[slug].tokens
    children = (child for token in tokens for child in token.children or [])
    rules = [child.meta["key"] for child in children if child.type == "quote" and child.meta["kind"] == "rule"]
    return rules + [key for token in tokens for sign in signs_in(token) for key in RULE.findall(sign.short)]


# Level: (kind of card, its heading, the signs, each a point of its own card, what the card says beside them).
LEVELS = {
    "999: breathing, allergy, collapse, sepsis": (
        "emergency",
        r"^call 999 (?:if|for)",
        [
            *("trouble breathing", "face, lips, tongue or throat", "rash all over and you feel faint", "^collapse"),
            *("^chest pain", "confusion", "slurred speech", "very fast breathing", "blue, grey, pale or blotchy skin"),
        ],
        ["call 999", "do not travel by car"],
    ),
    "999 or A&E: nerves": (
        "emergency",
        r"^call 999 or go to A&E",
        [
            *("new numbness (?:or tingling )?between the legs", "genitals", "back passage", "between the cheeks"),
            *(
                "hard to start peeing",
                "you cannot pee",
                "cannot feel yourself pee",
                "leaking of pee, or you cannot hold it",
            ),
            *("leaking of poo", "cannot hold poo, feel it", "need to poo but cannot start"),
            *("both legs weak, numb or tingling", "numbness or weakness anywhere that gets worse"),
            "numbness or weakness that comes back after it had worn off",
        ],
        ["however soon after the injection", "do not drive yourself", "call 999"],
    ),
    "999: diabetes": (
        "emergency",
        r"^if you have diabetes, call 999",
        ["vomiting", "drows", "confus", "deep, fast breathing", "fruity"],
        ["even if your sugar is not very high", "call 999"],
    ),
    "999: steroids": (
        "emergency",
        r"^if you take steroids, had them recently or have adrenal disease, call 999",
        ["vomiting", "faint", "confus", "very drowsy"],
        ["possible adrenal crisis", "show a steroid card if you have one", "call 999"],
    ),
    "111 or GP today": (
        "urgent",
        r"111 or (?:your|a) GP.*(?:today|same day)",
        [
            *("fever", "shivers", "pain much worse after the first 3 days, even with no fever or redness"),
            *(r"\bred\b", r"\bhot\b", r"\bpus\b"),
        ],
        ["call 111", "weeks later"],
    ),
    "your team at once": (
        "urgent",
        r"^call the team that treats you at once",
        [
            "sugar above what your team allows, or over 15 and staying there, even if you feel well",
            "temperature of 37.5 °C or more",
            "any sign of infection, even without fever",
        ],
        ["go to A&E", "call 111"],
    ),
    "eye clinic within 24 hours, or A&E": (
        "urgent",
        r"inflammatory back pain, see an urgent optician or eye clinic within 24 hours for any one",
        ["painful red eye", "light (?:that )?hurts", "blurred sight|sight is blurred"],
        ["go to A&E"],
    ),
    "us, or 111 when we are closed": (
        "urgent",
        r"111 (?:when we are closed|or (?:your|a) GP)",
        [r"one leg still weak or numb after \[\[rule:numb-leg\]\]: call us, or 111 when we are closed"],
        [r"\[\[clinic:phone\]\]", "111"],
    ),
}
NERVES, BREATHING, EYES = (
    "999 or A&E: nerves",
    "999: breathing, allergy, collapse, sepsis",
    "eye clinic within 24 hours, or A&E",
)
ALL_BUT_EYES = [level for level in LEVELS if level != EYES]

# Page: the levels that stand on it.
ON_PAGES = {"when-to-get-help": list(LEVELS), "aftercare": ALL_BUT_EYES}
SIGNS = [(slug, level, sign) for slug, levels in ON_PAGES.items() for level in levels for sign in LEVELS[level][2]]


def at_level(slug, level):
    kind, heading = LEVELS[level][:2]
    return [card for card in cards(slug) if card.kind == kind and re.search(heading, card.heading, re.IGNORECASE)]


@pytest.mark.parametrize(("slug", "level", "sign"), SIGNS)
def test_every_sign_stands_in_a_card_of_its_level(slug, level, sign):
    assert any(card.has(sign) for card in at_level(slug, level)), f"{slug} no longer says {sign}"


@pytest.mark.parametrize(("slug", "level"), [(slug, level) for slug, levels in ON_PAGES.items() for level in levels])
def test_what_to_do_stands_in_the_card_too(slug, level):
    beside = " ".join(card.beside for card in at_level(slug, level))
    assert [words for words in LEVELS[level][3] if not re.search(words, beside, re.IGNORECASE)] == []


SHORT_LIST = [sign.key for sign in shipped()["warning-signs"].signs if sign.is_on_form]


@pytest.mark.parametrize("key", SHORT_LIST)
def test_the_cards_for_the_wallet_and_the_sheet_leave_no_sign_of_the_short_list_out(key):
    document = shipped()["when-to-get-help"]
    listed = {"sheet": set(), "wallet": set()}
    part = ""
    for token in document.tokens:
        if token.type == "container_card_open" and syntax.card_of(token)[0] in listed:
            part = syntax.card_of(token)[0]
        listed.get(part, set()).update(sign.key for sign in signs_in(token))
    assert {part for part, keys in listed.items() if key in keys} == {"sheet", "wallet"}


def test_the_short_list_has_every_sign_that_the_first_card_for_the_wallet_had():
    assert FIRST_CARD - set(SHORT_LIST) == set()


# Words that make an urgent sign milder than it is told here.
MILDER = re.compile(
    r"\b(?:may|might(?! die)|could|should|perhaps|maybe|possibly|probably|consider|usually|often|mostly|sometimes|rarely"
    r"|severe(?:ly)?|serious(?:ly)?(?! (?:accident|fall|crash))|lasting|for more than|if you can|try to|a lot)\b",
    re.IGNORECASE,
)
URGENT_POINTS = [
    (slug, point) for slug in shipped() for card in cards(slug) if card.kind == "emergency" for point in card.points
]


@pytest.mark.parametrize(("slug", "point"), URGENT_POINTS)
def test_no_emergency_sign_is_made_milder(slug, point):
    assert not MILDER.search(point)


@pytest.mark.parametrize("level", ALL_BUT_EYES)
def test_no_sign_after_the_injection_is_made_milder_at_any_level(level):
    for slug in ON_PAGES:
        for card in at_level(slug, level):
            assert [point for point in card.points if MILDER.search(point)] == []


# Page: signs that its emergency cards have at least.
ELSEWHERE = {
    "procedure": [*LEVELS[NERVES][2], *LEVELS[BREATHING][2]],
    "mimics": [*LEVELS[NERVES][2], "chest pain", "collapse", "feeling in your genitals during sex"]
    + ["trouble getting an erection", "back pain after a bad fall, a crash or serious accident"],
    "imaging": [*LEVELS[NERVES][2], "chest pain", "back pain after a bad fall, a crash or serious accident"],
    **{slug: LEVELS[NERVES][2] for slug in ("it-did-not-help", "next-steps", "your-timeline")},
}


@pytest.mark.parametrize(("slug", "sign"), [(slug, sign) for slug, signs in ELSEWHERE.items() for sign in signs])
def test_pages_that_lead_up_to_it_have_their_emergency_signs(slug, sign):
    assert any(card.has(sign) for card in cards(slug) if card.kind == "emergency")


# Page: what it says anywhere, card or not, each within a sentence.
SAID = {
    "when-to-get-help": [
        *(
            "any one sign",
            "one leg weak",
            "better hour by hour",
            "4 to 6 hours",
            "do not drive",
            "do not use stairs alone",
        ),
        *(
            "heat or ice on numb skin",
            "more pain, for up to a few days",
            "red, warm face, not swollen, for a day or two",
        ),
        *("“interpreter”, then your language", "18000 for 999, or 18001 111 for 111", "BSL"),
        *("In Northern Ireland, call your GP instead of 111", "after the menopause", "this always needs a check"),
        *("not a diagnosis", "not for emergencies", "not watched round the clock"),
    ],
    "before-you-come": [
        *("do not stop or change[^.]*blood thinner", "do not stop or change[^.]*diabetes"),
        *("do not stop or change[^.]*steroid tablet", "do not stop or change[^.]*unless"),
        *("could be pregnant", "infection[^.]*last 14 days", "antibiotics", "(?:every|any|all your) allerg"),
        *("numbing medicine", "contrast|dye", "latex", "skin cleaner|antiseptic", "iodine"),
        *(
            "HIV",
            "fung",
            "COVID|Paxlovid",
            "immun|defences",
            "vaccine",
            "operation|surgery",
            "steroid[^.]*last (?:year|12 months)",
        ),
        *("fever or (?:a )?(?:new )?infection[^.]*do not come", "someone to take you home", "do not drive"),
        *("not a cure|does not cure", "may not work", "(?:hurt|pain|sore|worse)[^.]* at first"),
    ],
    "aftercare": [
        *("help you the first time you stand[^.]*faint", "for 24 hours after sedation", "do not drive"),
        *("do not drink alcohol", "do not sign legal papers", "do not look after children"),
        *("for the rest of that day", "longer if any numbness or weakness is left"),
        *("check your sugar more often for up to 7 days", "up to 14 days", "heat or ice on numb skin"),
        *("usual painkillers", "do not start anti-inflammatory tablets if you were told not to"),
        *("menopause[^.]*this always needs a check: see your GP", "never stop[^.]*opioids[^.]*suddenly"),
        *("never stop[^.]*gabapentinoids[^.]*suddenly", "never stop[^.]*steroid tablets[^.]*suddenly"),
        *("ask your GP first", "round the clock", "better hour by hour", "do not use stairs alone"),
    ],
}


@pytest.mark.parametrize(("slug", "words"), [(slug, words) for slug, all_of in SAID.items() for words in all_of])
def test_no_other_safety_message_has_gone(slug, words):
    assert re.search(words, said(slug), re.IGNORECASE), f"{slug} no longer says {words}"


QUOTED = {"aftercare": ["keep-dry", "driving", "diabetes", "escort"], "when-to-get-help": ["nhs-111", "numb-leg"]}


@pytest.mark.parametrize(("slug", "rule"), [(slug, rule) for slug, rules in QUOTED.items() for rule in rules])
def test_what_the_clinic_decides_is_quoted_there(slug, rule):
    assert rule in quoted(slug)


def test_the_safe_side_of_our_rules_keeps_to_the_safety_messages():
    rules = {key: rule.answer for key, rule in shipped()["our-rules"].rules.items()}
    for key, words in {
        "driving": "do not drive for 24 hours",
        "keep-dry": "24 hours",
        "diabetes": "7 days",
        "call-before": "do not come",
        "blood-thinners": "Do not stop or change",
        "escort": "take you home",
        "time-to-leave": "help you when you first stand",
        "sedation": "do not drive, use machines, drink alcohol, sign legal papers or look after children",
    }.items():
        assert words in rules[key], key
