"""Everything that is held about somebody, in words that they can read: what a subject access request is answered with.

Staff are named by their initials: the person who asks can tell one colleague from another, and no name leaves that need not.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from siweb.core import phone_numbers
from siweb.enquiries.casework import timeline
from siweb.enquiries.models import Answers, DeskEvent
from siweb.enquiries.questions import screening
from siweb.enquiries.questions.forms import FIRST, KNOWS, NEEDS, RING, TIMES, VOICEMAIL, WHO

from . import access_log, complaints

_CHOICES = {"who": WHO, "knows": KNOWS, "ring": RING, "first": FIRST, "voicemail": VOICEMAIL}
_LISTS = {"times": dict(TIMES), "needs": dict(NEEDS)}
_SHOWN = [field for field in Answers._meta.fields if field.name not in ("id", "enquiry", "at", "via")]


@dataclass(frozen=True)
class Part:
    """A heading with its lines, each (what it is, what it says)."""

    heading: str
    lines: list


def everything(enquiry):
    """All that is held about an enquiry, as Parts."""
    yield Part("The enquiry", _enquiry(enquiry))
    for answers in enquiry.all_answers.order_by("-at"):
        now = "now" if answers.pk == enquiry.answers_id else "before"
        yield Part(f"Answers as they are {now}, by {answers.get_via_display()}, {_time(answers.at)}", _answers(answers))
    yield Part("What was done, and who looked", [_event(event) for event in enquiry.events.order_by("at", "id")])
    yield Part("Mails about it", [_mail(message) for message in enquiry.outbox.all()])
    yield Part("Lists, searches and files that it was in", list(_at_the_desk(enquiry)))


def of_complaint(complaint):
    """All that is held about a complaint."""
    lines = [
        ("Received", f"{complaint.received_on:%d %B %Y} by {complaint.get_route_display()}"),
        ("Name", complaint.name),
        ("Phone or e-mail", complaint.contact),
        ("What was complained of", complaint.words),
        ("Enquiry", complaint.enquiry),
        ("How it stands", complaints.standing(complaint)),
        ("What was done", complaint.outcome),
    ]
    return Part(complaints.number(complaint).capitalize(), _said(lines))


def _enquiry(enquiry):
    return _said(
        [
            ("Reference", enquiry.reference),
            ("Received", f"{_time(enquiry.created_at)}, by {enquiry.get_source_display()}"),
            ("State", f"{enquiry.get_state_display()} {enquiry.get_outcome_display()}".strip()),
            ("Clinician’s call", enquiry.get_call_display()),
            ("With", _initials(enquiry.owner.get_full_name()) if enquiry.owner else ""),
            ("Reply due", _time(enquiry.due_at)),
            ("First reply", _time(enquiry.first_reply_at)),
            ("Waits until", _time(enquiry.follow_up_at)),
            ("Marked as spam by a machine, because of", enquiry.spam_reason),
            ("Held, and so not erased, because", enquiry.hold_reason),
            ("The hold is reviewed on", enquiry.hold_review and f"{enquiry.hold_review:%d %B %Y}"),
            ("Private link valid until", _time(enquiry.link_until)),
            ("Last activity", _time(enquiry.last_activity_at)),
        ]
    )


def _answers(answers):
    return _said([(field.verbose_name.capitalize(), _answer(answers, field.name)) for field in _SHOWN])


def _answer(answers, name):
    value = getattr(answers, name)
    if name == "tell":
        return "; ".join(screening.wording(key) for key in value)
    if name in _LISTS:
        return "; ".join(_LISTS[name].get(key, key) for key in value)
    if name == "phone" and value:
        return phone_numbers.say_phone(value)
    if name == "phone_doubtful":
        return "yes" if value else ""
    return dict(_CHOICES.get(name, ())).get(value, value)


def _event(event):
    did = timeline.sentence(event, who=_initials(event.actor_name))
    said = " ".join(filter(None, [did, timeline.standing_after(event)]))
    return _time(event.at), "\n".join(filter(None, [said, event.note]))


def _mail(message):
    said = f"{message.get_kind_display()}, {message.get_state_display()} {_time(message.sent_at)}".strip()
    return "Mail", f"{said}\n{message.letter.note}" if message.letter else said


def _at_the_desk(enquiry):
    """How often, and by whom: one line for each would be hundreds of the same."""
    named = access_log.naming(enquiry.reference, DeskEvent.objects.all()).values_list("verb", "actor_name")
    for verb, count in sorted(Counter(verb for verb, _ in named).items()):
        who = sorted({_initials(name) if name else "the site" for of, name in named if of == verb})
        yield access_log.in_words(verb).capitalize(), f"{count} time{'' if count == 1 else 's'}, by {', '.join(who)}"


def _initials(name):
    return " ".join(f"{word[0]}." for word in name.split())


def _time(moment):
    return f"{timezone.localtime(moment):%d %B %Y %H:%M}" if moment else ""


def _said(lines):
    """Those that say something."""
    return [(label, str(value)) for label, value in lines if value not in (None, "", [])]
