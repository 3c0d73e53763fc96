"""The signs that cannot wait for an answer to a form. Text that a reader reads: nothing here is asked, stored or computed.

They stand on the start page, the check page, the sent page and in the acknowledgement. Any one sign is enough.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    heading: str  # the act: "Call 999 … if:"
    signs: tuple
    number: str = ""  # to call, as a phone link
    note: str = ""


RED_SIGNS = (
    Level(
        "Call 999 or go to A&E if there is any one of these:",
        (
            "new numbness between the legs, around the genitals or the back passage",
            "cannot start, feel or hold pee or poo",
            "weakness, numbness or tingling in both legs",
            "numbness or weakness that gets worse, or comes back after it had worn off",
            "trouble breathing, chest pain or collapse",
            "swelling of the face, lips, tongue or throat",
            "a widespread rash with feeling faint",
            "confusion, slurred speech, very fast breathing, or blue, grey or blotchy skin",
            "back pain after a bad fall or a crash",
            "diabetes with vomiting, drowsiness, confusion, deep fast breathing or breath that smells fruity",
            "steroids now or of late, or adrenal disease, with vomiting, feeling faint, confusion or drowsiness",
        ),
        "999",
        "Do not drive yourself.",
    ),
    Level(
        "Go to an eye doctor or A&E within 24 hours if someone with inflammatory back pain has any one of these:",
        ("a painful red eye", "light that hurts the eyes", "blurred sight"),
    ),
    Level(
        "Call 111 or a GP today if there is any one of these:",
        (
            "a fever or shivers",
            "feeling very unwell",
            "after an injection, pain that gets much worse after the first 3 days",
            "after an injection, redness, heat or pus, even weeks later",
            "diabetes with high sugar after an injection, even when feeling well",
            "one leg still weak or numb 6 hours after an injection (or call us, when we are open)",
        ),
        "111",
    ),
)
