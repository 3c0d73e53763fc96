"""The lists of the form, the e-mails and the desk: every sign that they had when they were typed by hand."""

import re

from siweb.core.shared_texts import EMERGENCY_LEVELS, LEVELS
from siweb.enquiries.questions import urgent_signs
from siweb.enquiries.questions.urgent_signs import urgent_levels

# Number that a list of the form gave: phrases that it had, each as today's text says it.
KEPT = {
    "999": [
        *("between the legs", "genitals", "back passage", "cannot pee", "start peeing", "feel yourself pee"),
        *(
            "leaking of pee",
            "hold poo",
            "start at all",
            "both legs weak, numb or tingling",
            "weakness anywhere that gets worse",
        ),
        *(
            "comes back after it had worn off",
            "trouble breathing",
            "chest pain",
            "collapse",
            "swollen face, lips, tongue or throat",
        ),
        *(
            "rash all over and you feel faint",
            "confusion",
            "slurred speech",
            "very fast breathing",
            "blue, grey, pale or blotchy skin",
        ),
        *(
            "back pain after a bad fall, a crash",
            "diabetes: .*vomiting",
            "diabetes: .*drowsiness",
            "diabetes: .*confusion",
        ),
        *(
            "diabetes: .*deep, fast breathing",
            "diabetes: .*smells fruity",
            "steroids.*: .*vomiting",
            "steroids.*: .*feeling faint",
        ),
        *("steroids.*: .*confusion", "steroids.*: .*drowsy", "adrenal.*: .*vomiting", "adrenal.*: .*feeling faint"),
        *("adrenal.*: .*confusion", "adrenal.*: .*drowsy"),
    ],
    "": [
        *("inflammatory back pain: .*painful red eye", "inflammatory back pain: .*light that hurts", "blurred sight"),
        "diabetes: .*sugar above what your team allows, or over 15 and staying there, even if you feel well",
    ],
    "111": [
        *("fever", "shivers", "very unwell", "much worse after the first 3 days", "hot", "pus", "red"),
        r"one leg still weak or numb after (\[\[rule:numb-leg\]\]|6 hours)",
    ],
}


def test_no_sign_of_the_lists_typed_by_hand_is_lost_or_lowered(signs):
    lines = {number: [] for number in KEPT}
    for level in urgent_levels():
        lines[level.number] += level.signs
    missing = [
        (number, phrase)
        for number, phrases in KEPT.items()
        for phrase in phrases
        if not any(re.search(phrase, line) for line in lines[number])
    ]
    assert missing == []


def test_every_sign_for_the_form_is_in_a_list_of_its_level(signs):
    on_form = [sign for sign in signs if sign.is_on_form]
    shown = {level: " ".join(found.signs) for found in urgent_levels() for level in found.levels}
    assert [sign.key for sign in on_form if sign.short not in shown.get(sign.level, "")] == []
    assert [level.levels for level in urgent_levels()][:2] == [(level,) for level in EMERGENCY_LEVELS]
    listed = [level for found in urgent_signs.LEVELS for level in found.levels]
    assert sorted(listed) == sorted(set(LEVELS) - {"soon", "normal"})


def test_without_a_text_of_the_signs_the_numbers_are_still_there(db, client):
    page = client.get("/enquire/").content.decode()
    assert 'href="tel:999"' in page
    assert 'href="tel:111"' in page


def test_the_start_page_shows_the_signs_that_are_published(shipped, client):
    page = client.get("/enquire/").content.decode()
    assert "new numbness or tingling between the legs" in page
