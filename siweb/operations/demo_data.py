"""What `manage.py demo` fills a local site with: people who do not exist, what they asked, and how it went on.

Every surname says that it is invented, every phone number is kept free for films, every e-mail address is at example.org.
"""

from dataclasses import dataclass, field

# Who works here: the name to sign in with, and the group.
STAFF = (
    ("demo-reception", "Reception"),
    ("demo-editor", "Editors"),
    ("demo-clinician", "Clinicians"),
    ("demo-manager", "Practice managers"),
)
RECEPTION, CLINICIAN, MANAGER, PATIENT = "demo-reception", "demo-clinician", "demo-manager", ""


@dataclass(frozen=True)
class Step:
    """One thing that was done: so many working days ago at a time of day, or so many minutes ago."""

    when: tuple  # (3, "10:20"), or (0, minutes)
    action: str  # of workflow.py
    by: str = RECEPTION
    note: str = ""
    until: int | None = None  # in days from today


@dataclass(frozen=True)
class Story:
    """One enquiry: when it came, what was said, and what was done about it."""

    name: str
    came: tuple
    steps: tuple = ()
    said: dict = field(default_factory=dict)  # what differs from the usual answers
    marked: str = ""  # why a machine takes it for spam
    by_phone: bool = False
    corrected: tuple = ()  # when the sender gave another time by the private link
    mail_failed: bool = False
    held: str = ""
    erased: bool = False


# What reads like a real desk's day. Nothing here tells of a real person, and nothing is medical advice.
STORIES = (
    # Nobody has taken these
    Story("Amelia Example", (0, 35), said={"words": "Mornings suit me best. I work nights."}),
    Story(
        "Bashir Sample",
        (0, 160),
        said={"tell": ["diabetes"], "times": ["afternoon"], "words": "My GP said that I could ask you."},
    ),
    Story(
        "Halina Invented",
        (1, "18:40"),
        said={
            **{"who": "other", "asker": "Piotr Invented", "relation": "son", "knows": "yes", "ring": "asker"},
            **{"needs": ["interpreter", "large-print"], "language": "Polish"},
        },
    ),
    Story("Gwen Madeup", (3, "09:05"), said={"email": "", "voicemail": "no", "words": "Please do not ring my work."}),
    Story(
        "Owen Pretend", (4, "21:15"), said={"phone": "", "first": "email", "needs": ["bsl", "text"]}, mail_failed=True
    ),
    # Somebody works on these, and has done something today: what nobody touches goes back to everybody
    Story(
        "Carlos Fictional", (0, 190), (Step((0, 90), "claim"),), said={"words": "How long is the wait at the moment?"}
    ),
    Story(
        "Dilys Notreal",
        (4, "08:50"),
        said={"phone": "07700 900123 after 5"},
        steps=(Step((3, "09:30"), "claim"), Step((0, 150), "no_answer")),
    ),
    Story(
        "Ewan Imaginary",
        (3, "12:10"),
        (
            Step((3, "14:00"), "claim"),
            Step((3, "14:05"), "no_answer"),
            Step((0, 210), "left_message", note="Said that the clinic rang, and our number. Nothing else."),
        ),
    ),
    Story(
        "Farah Specimen",
        (5, "16:30"),
        (
            Step((4, "09:15"), "claim", MANAGER),
            Step((0, 45), "reached", MANAGER, "Will look for the referral letter and ring back."),
        ),
    ),
    # Waiting for the patient
    Story(
        "Gethin Example",
        (6, "10:00"),
        (
            Step((5, "09:10"), "claim"),
            Step((5, "09:20"), "no_answer"),
            Step((5, "09:25"), "letter", note="Your enquiry\n\nDear Gethin,\n\nWhen may we ring you?\n\nThe clinic"),
            Step((5, "09:30"), "wait", until=3),
        ),
    ),
    Story(
        "Hetty Sample",
        (6, "13:45"),
        (Step((5, "10:05"), "claim"), Step((5, "10:10"), "left_message"), Step((4, "10:15"), "wait", until=0)),
    ),
    Story(
        "Imran Invented",
        (9, "19:20"),
        (Step((8, "09:35"), "claim"), Step((8, "09:40"), "no_answer"), Step((7, "11:00"), "wait", until=-1)),
    ),
    Story(
        "Ruth Placeholder",
        (1, "11:30"),
        (Step((1, "11:32"), "claim"), Step((1, "11:40"), "wait", until=2)),
        by_phone=True,
        said={"email": "", "needs": ["step-free"]},
    ),
    # A clinician's call
    Story(
        "Jasmine Madeup",
        (2, "07:55"),
        (Step((1, "09:05"), "claim"), Step((0, 120), "not_reached", CLINICIAN, "Rang twice. Will try tomorrow.")),
        said={"tell": ["blood", "fainting"], "words": "I would like to talk about it first."},
    ),
    Story(
        "Kofi Pretend",
        (5, "20:10"),
        (
            Step((4, "09:00"), "claim"),
            Step((0, 100), "may_be_booked", CLINICIAN, "Spoke for ten minutes. May be booked."),
        ),
        said={"tell": ["allergy"], "times": ["midday"], "words": "I can come at short notice."},
    ),
    Story(
        "Lowri Placeholder",
        (7, "17:00"),
        (Step((6, "09:45"), "claim"), Step((5, "13:10"), "ask_gp", CLINICIAN), Step((5, "14:00"), "wait", until=5)),
        said={"tell": ["immunity"], "times": ["any"]},
    ),
    Story(
        "Morag Fictional",
        (8, "09:30"),
        (Step((7, "10:00"), "claim"), Step((6, "12:15"), "not_here", CLINICIAN), Step((0, 180), "reached")),
        said={"tell": ["cancer"]},
    ),
    Story(
        "Nia Notreal",
        (1, "13:20"),
        (Step((1, "14:10"), "claim"), Step((0, 230), "pass_on", note="Asked on the phone for a clinician.")),
    ),
    # Over
    Story(
        "Oscar Imaginary",
        (12, "08:20"),
        (Step((11, "09:10"), "claim"), Step((11, "09:20"), "reached"), Step((11, "09:30"), "booked")),
    ),
    Story(
        "Priya Specimen",
        (14, "12:00"),
        (
            Step((13, "09:30"), "claim"),
            Step((12, "12:30"), "may_be_booked", CLINICIAN),
            Step((12, "15:45"), "booked"),
        ),
        said={"tell": ["steroids"]},
    ),
    Story(
        "Quentin Example",
        (16, "10:45"),
        (Step((15, "09:20"), "claim"), Step((15, "10:00"), "not_suitable", note="Looks for a clinic for a knee.")),
        held="A complaint about the reply is being looked into.",
    ),
    Story(
        "Rhiannon Sample",
        (18, "18:30"),
        (
            Step((17, "09:40"), "claim"),
            Step((17, "09:45"), "no_answer"),
            Step((15, "10:30"), "no_answer"),
            Step((13, "16:00"), "no_answer"),
            Step((13, "16:05"), "no_response"),
        ),
    ),
    Story("Seren Invented", (10, "22:10"), (Step((9, "07:50"), "withdrawn", PATIENT),)),
    Story("Amelia Example", (2, "20:05"), (Step((1, "09:50"), "claim"), Step((1, "09:55"), "duplicate"))),
    Story(
        "Tomos Madeup",
        (15, "09:25"),
        (
            Step((14, "10:10"), "claim"),
            Step((12, "11:20"), "no_response"),
            Step((1, "12:05"), "reopen", note="Rang today: was away for two weeks."),
        ),
    ),
    Story("Una Pretend", (6, "08:15"), (Step((5, "11:30"), "claim"),), corrected=(0, 55)),
    Story(
        "Vernon Placeholder", (30, "14:25"), (Step((29, "09:30"), "claim"), Step((28, "10:00"), "booked")), erased=True
    ),
    # Marked by a machine
    Story(
        "Wendy Fictional", (0, 75), marked="fast", said={"words": "I had typed everything before I opened the page."}
    ),
    Story(
        "Cheap Backlinks Notreal",
        (4, "03:12"),
        marked="trap",
        said={"words": "Best ranking for your site, see example.org"},
    ),
    Story(
        "Lucky Winner Imaginary",
        (11, "02:40"),
        (Step((10, "09:05"), "spam", note="Advertising."),),
        marked="trap",
        said={"words": "You have won a prize that does not exist."},
    ),
)

# The weeks before, so that the manager's chart has something to show.
FIRST_NAMES = ("Ada", "Bryn", "Cerys", "Dev", "Elin", "Fergus", "Grace", "Hamza", "Isla", "Jac", "Kamila")
SURNAMES = ("Example", "Sample", "Invented", "Madeup", "Pretend", "Fictional", "Notreal")
EARLIER = 48
_ENDS = ("booked", "booked", "no_response", "booked", "not_suitable")
_CALLS = (("09:10", "09:22"), ("10:40", "10:47"), ("15:20", "15:50"))
_HOURS = ("08:35", "12:50", "17:25", "21:05")


def earlier():
    """One enquiry for each working day of ten weeks: taken on the same day or the next, and closed."""
    for number in range(EARLIER):
        came, by, end = 7 + number, (RECEPTION, MANAGER)[number % 3 == 0], _ENDS[number % len(_ENDS)]
        taken = came - 1 if number % 4 else came
        claimed, spoken = _CALLS[number % 3] if taken < came else ("22:10", "22:25")
        steps = (
            Step((taken, claimed), "claim", by),
            Step((taken, spoken), "left_message" if number % 5 == 2 else "reached", by),
            Step(
                (taken - 1, "11:05"), end, by, "Looks for something that we do not do." if end == "not_suitable" else ""
            ),
        )
        name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {SURNAMES[number % len(SURNAMES)]}"
        yield Story(name, (came, _HOURS[number % len(_HOURS)]), steps)


CANNED_REPLIES = (
    (
        "Demo: we could not reach you",
        "Your enquiry {{reference}}",
        "Dear {{name}},\n\nWe tried to ring you about your enquiry and could not reach you. "
        "Please call us, or answer with a time that suits you.\n\nThe clinic",
    ),
    (
        "Demo: when may we ring",
        "When may we ring you? {{reference}}",
        "Dear {{name}},\n\nThank you for your enquiry. Which days and times are good for a call?\n\nThe clinic",
    ),
    (
        "Demo: your appointment is booked",
        "Your appointment {{reference}}",
        "Dear {{name}},\n\nYour appointment is booked as we said on the phone. "
        "Please call us if you cannot come.\n\nThe clinic",
    ),
)
