"""The signs that cannot wait for an answer to a form. Text that everybody reads: nothing here is asked, stored or computed.

The start page, the check page, the sent page, e-mails and the desk's call script show them. The signs come from the text
of the warning signs: those with the line `form: yes`. Any one sign is enough.
"""

from dataclasses import dataclass

from siweb.core import shared_texts


@dataclass(frozen=True)
class Level:
    """The signs of some levels, below what to do about them."""

    heading: str  # what to do: "Call 999 … if:"
    levels: tuple  # of shared_texts.LEVELS
    number: str = ""  # to call, as a phone link
    note: str = ""
    signs: tuple = ()


LEVELS = (
    Level(
        "Call 999 if there is any one of these:",
        ("emergency-999",),
        "999",
        "Do not travel by car. At our clinic, tell staff at once.",
    ),
    Level(
        "Call 999 or go to A&E if there is any one of these:",
        ("emergency",),
        "999",
        "Do not drive yourself. At our clinic, tell staff at once.",
    ),
    Level(
        "See an urgent optician or eye clinic within 24 hours if there is any one of these:",
        ("eye",),
        note="If no one can see you, go to A&E.",
    ),
    Level(
        "Call the team that treats you at once, day or night, if there is any one of these:",
        ("team",),
        note="If your cancer team does not answer, go to A&E. If another team does not answer, call 111.",
    ),
    Level(
        "Call 111 or a GP today if there is any one of these:",
        ("same-day", "talk"),
        "111",
        "If we gave you an injection and we are open, you can call us first: call 111 if we do not answer in 15 minutes. "
        "In Northern Ireland, call your GP, GP Out-of-Hours or Phone First instead of 111.",
    ),
)


# What is shown should there be no text of the signs: never nothing.
WITHOUT_SIGNS = (
    Level("Call 999 in an emergency", ("emergency-999", "emergency"), "999", "Do not drive yourself."),
    Level("Call 111 or a GP if you need medical help today", ("same-day",), "111"),
)


def urgent_levels():
    """LEVELS with their signs, without those that have none."""
    on_form = [sign for sign in shared_texts.signs() if sign.is_on_form]
    found = []
    for level in LEVELS:
        signs = tuple(shared_texts.one_line_each(sign for sign in on_form if sign.level in level.levels))
        if signs:
            found.append(Level(level.heading, level.levels, level.number, level.note, signs))
    return tuple(found) or WITHOUT_SIGNS
