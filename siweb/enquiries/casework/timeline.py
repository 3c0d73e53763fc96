"""What has happened to an enquiry, in plain words: who did what, and where it stands since."""

from siweb.core import mail
from siweb.core.models import name_of
from siweb.enquiries.models import Enquiry, Outbox

# What somebody did, after their name.
DID = {
    "viewed": "viewed this",
    "claim": "claimed this",
    "reached": "called: spoke to them",
    "no_answer": "called: no answer",
    "left_message": "called: left a message",
    "replied": "noted that the patient has been in touch",
    "letter": "wrote an e-mail",
    "note": "added a note",
    "pass_on": "passed this to a clinician as urgent",
    "rang_clinician": "rang a clinician about this",
    "wait": "snoozed this",
    "hand_over": "handed this over",
    "release": "released this",
    "booked": "booked it",
    "not_suitable": "closed this: not suitable",
    "no_response": "closed this: no response",
    "withdrawn": "closed this: withdrawn",
    "duplicate": "closed this: a duplicate",
    "reopen": "opened this again",
    "spam": "marked this as spam",
    "not_spam": "said that this is not spam",
    "may_be_booked": "called as a clinician: may be booked",
    "not_here": "called as a clinician: not here, advice given",
    "ask_gp": "called as a clinician: ask the GP first",
    "not_reached": "called as a clinician: could not reach them",
    "received": "wrote this down during a phone call",
    "corrected": "corrected how to reach them",
    "printed": "printed the summary",
    "mail_again": "had a mail sent again",
    "held": "held this, so that it is not erased",
    "hold_kept": "kept the hold on for six more months",
    "hold_lifted": "lifted the hold",
    "erased_request": "erased this on request",
}

# What happened without anybody of staff.
BY_ITSELF = {
    "received": "The enquiry arrived",
    "corrected": "The patient wrote again and changed what they had said",
    "withdrawn": "The patient withdrew it",
    "release": "Released automatically",
    "mail_failed": "A mail to the patient could not be sent",
    "erased_retention": "Erased automatically, past its retention period",
    "erased_demo": "Erased with the demonstration that it belonged to",
}

_STATES = dict(Enquiry.State.choices)


def sentence(event, reader=None, who=""):
    """An event as one sentence: "Rita Reception called: no answer". Readers are told of what they did as "You".

    `who` is what the person who did it is called there, where that is not their name.
    """
    if not event.actor_name:
        return BY_ITSELF.get(event.verb) or _plain(event.verb).capitalize()
    who = "You" if reader and event.actor_id == reader.pk else who or event.actor_name
    return f"{who} {DID.get(event.verb) or _plain(event.verb)}"


def _plain(verb):
    return verb.replace("_", " ")


def standing_after(event):
    """Where the enquiry stands since an event, in words, or "" where that did not change."""
    if event.from_state == event.to_state:
        return ""
    return f"from “{_STATES[event.from_state]}” to “{_STATES[event.to_state]}”"


def lines(events, reader=None):
    """Events for a page: what was done, and where the enquiry stands since."""
    return [
        {
            "event": event,
            "what": sentence(event, reader),
            "since": standing_after(event),
            "quiet": event.verb == "viewed",
        }
        for event in events
    ]


def of_mail(message):
    """One mail in words: "to the patient: …, not sent yet (the server did not answer)"."""
    problem = message.problem
    if message.state == Outbox.State.QUEUED and not mail.can_send():
        problem = "no mail server set"
    whose = f" ({name_of(message.recipient)})" if message.recipient else ""
    return f"{message.get_kind_display()}{whose}, {message.get_state_display()}{f' ({problem})' if problem else ''}"
