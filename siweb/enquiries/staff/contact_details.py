"""Whom to speak to and how to reach them: what reception must know before the phone rings at the other end."""

from siweb.core import phone_numbers
from siweb.enquiries.questions.forms import TIMES

BADGES = {
    "interpreter": "Interpreter",
    "bsl": "British Sign Language",
    "text": "No calls: text or e-mail only",
    "large-print": "Large print",
    "step-free": "Step-free access",
}


def badges(answers):
    """What they need, in a few words each: "Interpreter: Polish"."""
    named = {key: BADGES.get(key, key) for key in answers.needs}
    if answers.language:
        named["interpreter"] = f"{BADGES['interpreter']}: {answers.language}"
    return list(named.values())


def times(answers):
    wordings = dict(TIMES)
    return ", ".join(wordings.get(key, key).lower() for key in answers.times)


def whom(answers):
    """The name of the person who is spoken to."""
    return answers.asker if answers.ring == "asker" else answers.name


def for_another(answers):
    """Who asks for whom, and what may be said to the patient; "" where somebody asks for themselves."""
    if answers.who != "other":
        return ""
    asked = f"{answers.asker} ({answers.relation}) asks for {answers.name}."
    known = {
        "yes": f"{answers.name} knows about it.",
        "no": f"{answers.name} does not know about it.",
        "cannot": f"{answers.asker} cannot ask {answers.name}.",
    }
    only = f" Speak only to {answers.asker}." if answers.ring == "asker" and answers.knows != "yes" else ""
    return f"{asked} {known.get(answers.knows, '')}{only}"


def voicemail(answers, clinic):
    """What may be said to a machine: never that it is about an enquiry, and not the clinic's name, which says too much."""
    if answers.voicemail == "yes":
        number = f" and our number, {clinic.phone}," if clinic.phone else " and our number"
        return (
            f"They allow a message. Say only your own name{number} and ask {whom(answers)} to ring back. "
            "Do not say the clinic's name or what it is about: others may hear it."
        )
    return "They do not want a message. Put the phone down without a word, then press “No answer”."


def phone(answers):
    return phone_numbers.say_phone(answers.phone) if answers.phone else ""


def history(enquiry):
    """Every way in which they said how to reach them, the newest first: (answers, by whom and how it was told)."""
    by = {event.at: event.actor_name for event in enquiry.events.filter(verb="corrected")}
    return [(answers, _told(answers, by.get(answers.at))) for answers in enquiry.all_answers.order_by("-at")]


def _told(answers, corrected_by):
    told = {
        "form": "typed in the form",
        "link": "changed by the patient",
        "phone": "said on the phone",
        "desk": f"corrected by {corrected_by}",
    }
    return told[answers.via]
