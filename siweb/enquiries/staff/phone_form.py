"""The patient's form as somebody asks it aloud: the same fields and rules, in the words of the person who holds the phone."""

from siweb.enquiries.questions import screening
from siweb.enquiries.questions.forms import EnquiryForm

LABELS = {
    "who": "Who is the appointment for?",
    "asker": "The caller’s own name",
    "relation": "What is the caller to them?",
    "knows": "Do they know that the caller is asking?",
    "ring": "Whom should we ring?",
    "name": "Full name of the person who needs the appointment",
    "phone": "On which number can we reach them?",
    "voicemail": "If nobody answers, may we leave a message?",
    "email": "E-mail address, spelled back to them",
    "first": "Which should we try first? (if they give both)",
    "times": "When is a good time to ring? (optional)",
    "needs": "What do they need? (optional)",
    "language": "Which language? (if they need an interpreter)",
    "tell": "Read out: the person who needs the appointment … (optional)",
    "words": "Anything else they want us to know? (optional)",
}
HINTS = {
    "phone": "For example 07700 900123. You can add words, such as “after 5”. Read it back",
    "tell": "Tick any that is true. Only clinicians see it once this is saved",
    "words": "In their own words, please without a medical history",
}
CHOICES = {
    "who": {"me": "The caller", "other": "Someone else"},
    "knows": {"cannot": "The caller cannot ask them"},
    "ring": {"asker": "The caller", "patient": "The person who needs the appointment"},
    "tell": {screening.RATHER_SAY: "would rather tell only a clinician"},
}


class CallForm(EnquiryForm):
    """What a caller says, typed by a colleague."""

    needed = {
        "asker": "Ask for the caller’s own name.",
        "relation": "Ask what the caller is to them, such as wife, son or carer.",
        "knows": "Ask whether they know that the caller is asking.",
        "ring": "Ask whom we should ring.",
        "language": "Ask which language they need an interpreter for.",
        "consent": "Read the sentence to the caller and tick it if they agree. Without it we may keep nothing: offer them "
        "a visit to the desk instead.",
        "who": "You also wrote down who asks for them. Choose “Someone else”, or empty those answers.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)
            said = CHOICES.get(name, {})
            if said:
                field.choices = [(value, said.get(value, wording)) for value, wording in field.choices]
            field.widget.attrs["autocomplete"] = "off"  # a browser must not keep, or offer, what another caller said
