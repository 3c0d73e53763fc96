"""The checks are asked for after each pause in typing: what they cost grows with the length of a text, whatever it says."""

import time

import pytest

from siweb.articles.linting import readability, report
from tests.support.rendering import document

SIZE = 25_000
TWICE = 3
NOTHING = 0.05  # seconds: what costs less than that doubles by chance

# Units that are repeated: each begins what one of the checks looks for, or nearly is it.
UNITS = [
    *("best ", "cure. ", "safe ", "safe? ", "guarantee", "studies ", "1,", "12", "1 in 20 ", "1 in every "),
    *("1,1 in ", "43 of ", "out of the ", "5% or ", "5% (", "5% a b c or ", "(about ", "per cent ", "0.0"),
    *("40 mg ", "1.1.1", "lasts about ", "lasts up to up to ", "can last ", "lasts 3 ", "A. ", "A.” ", "e.g. "),
    *(". ", ".”", "18001 ", "999 ", "drive ", "drive 24 ", "24 hours ", "24 hours. ", "eat ", "£1,", "£ "),
    *("numb or ", "3 injections a ", "visit 1 to ", "pain ", "pain for ", "pain for up to 3 ", "pain. ", "oedema "),
    *(
        "not best ",
        "warfarin: and on and on and on and on ",
        "stop warfarin ",
        "if you take warfarin ",
        "your last warfarin ",
        "no one ",
        "; best ",
    ),
    *("oedema a b c ", "oedema (", "(oedema ", "“", "edema ", "as reported by ", "http://", "www.", ".png"),
    *("steroid ", "physiotherapy ", "internationalisation", "é"),
]
SHAPES = {
    "a paragraph": "{}",
    "a point in a box": "::: emergency Call\n- {}\n:::",
    "the words of a link": "[{}](about)",
    "an alternative text": "![{}](pelvis)",
    "words that cite another's report": "{}[^s]\n\n[^s]: Smith J. A trial. *Spine*, 2020. Read: as reported by Jones.",
    "a source": "a[^s]\n\n[^s]: {} *Spine*. Read: as reported by Jones.",
}
SHORT = ("a paragraph", "words that cite another's report")  # in make test; the rest in make test-all


def cost(body):
    """Processor seconds of the whole report."""
    parsed = document(body)
    start = time.process_time()
    report.report(parsed)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [pytest.param(shape, id=name, marks=() if name in SHORT else pytest.mark.full) for name, shape in SHAPES.items()],
)
def test_twice_as_much_costs_twice_as_much(shape):
    dear = []
    for unit in UNITS:
        half, whole = (shape.format(unit * (size // len(unit))) for size in (SIZE, 2 * SIZE))
        if not any(cost(whole) <= TWICE * max(cost(half), NOTHING) for _ in range(3)):
            dear.append(unit)
    assert dear == []


def test_what_did_not_change_is_not_counted_again(monkeypatch):
    text = "\n\n".join(f"We sat on the old mat for {number} more hours." for number in range(200))
    readability.grade(document(text))
    counted = []
    monkeypatch.setattr(readability.spoken, "as_spoken", lambda said: counted.append(said) or (said, 0))
    readability.grade(document(f"{text}\n\nOne more of them."))
    assert counted == ["One more of them."]
