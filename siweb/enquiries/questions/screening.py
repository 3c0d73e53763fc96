"""The "tell us first" list: what may change when or whether an injection can be planned. docs/enquiries.md shows it.

A tick means that a clinician rings before anything is booked, and nothing else. It never says that anyone is suitable,
and it is not triage: signs that cannot wait are text that everybody reads (urgent_signs.py), never a question.
"""

from dataclasses import dataclass

CLINICIANS = "clinicians"  # who may see which were ticked; all others see "needs a clinician's call"


@dataclass(frozen=True)
class Item:
    key: str
    wording: str  # completes "The person who needs the appointment …"
    why: str
    seen_by: str = CLINICIANS


# The order is the form's: what people have most often comes first.
SCREENING = (
    Item("diabetes", "has diabetes", "Steroid can raise blood sugar for days."),
    Item("blood", "takes a blood thinner or bleeds easily", "The person who prescribes it may have to be asked."),
    Item(
        "infection",
        "has, or had in the last 14 days, an infection, antibiotics or a skin problem on the lower back",
        "An injection may have to wait.",
    ),
    Item(
        "allergy",
        "has an allergy to numbing medicine, steroid, contrast dye, latex or skin cleaner",
        "Other materials may be needed.",
    ),
    Item("pregnancy", "could be pregnant or breastfeeds", "X-ray and CT use radiation; medicines may have to change."),
    Item(
        "steroids",
        "had steroid tablets, a high-dose steroid inhaler or a steroid injection in the last 12 months, "
        "has adrenal disease or has a steroid card",
        "Steroid doses add up.",
    ),
    Item(
        "interacting",
        "takes tablets with ritonavir or cobicistat (such as Paxlovid and some HIV tablets) or antifungal tablets",
        "These can make injected steroid act for much longer.",
    ),
    Item(
        "immunity",
        "has an illness, or takes medicine, that weakens the immune system (such as biologics, methotrexate or chemotherapy)",
        "Infection is more likely.",
    ),
    Item("cancer", "has or had cancer", "The cause of the pain may have to be looked for first."),
    Item(
        "weight-loss",
        "is losing weight and does not know why",
        "The cause of the pain may have to be looked for first.",
    ),
    Item("night", "has pain that is worse at night", "The cause of the pain may have to be looked for first."),
    Item(
        "bones",
        "has sudden new pain, and thin bones (osteoporosis) or steroid tablets",
        "A break in a bone can feel like this.",
    ),
    Item(
        "inflammatory",
        "has back pain that began before age 45, lasts over 3 months, wakes them at night "
        "or is stiff for over 30 minutes in the morning",
        "Inflammation in the spine is treated in another way first.",
    ),
    Item("fainting", "has fainted at a needle or is afraid of needles", "The visit can be planned for it."),
    Item(
        "lying",
        "cannot lie face down for 30 minutes, has a breathing or heart problem, or uses a walking aid or wheelchair",
        "The position and the room can be planned for it.",
    ),
    Item("age", "is under 18", "Children and teenagers are cared for in another way."),
    Item("weight", "may weigh more than a table or scanner can carry", "Equipment has limits."),
)

RATHER_SAY = "rather-say"  # "I would rather say on the phone": a tick like the others

KEYS = (*(item.key for item in SCREENING), RATHER_SAY)


def wording(key):
    """How a ticked item reads for those who may see it."""
    return "would rather say on the phone" if key == RATHER_SAY else _WORDINGS[key]


_WORDINGS = {item.key: item.wording for item in SCREENING}


def told(keys):
    """(wording, why it is asked) of each ticked item in the order of the form, for those who may see them."""
    return [(wording(key), _WHY.get(key, "")) for key in KEYS if key in keys]


_WHY = {item.key: item.why for item in SCREENING}
