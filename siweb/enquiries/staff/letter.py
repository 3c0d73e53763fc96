"""An e-mail to a patient before it goes: filled in, to be changed, and shown as the whole mail that they will get."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from siweb.clinics.models import Clinic
from siweb.core.staff_pages import frame
from siweb.enquiries.casework import timeline, workflow
from siweb.enquiries.mail import letters, messages
from siweb.enquiries.questions.forms import Line, Words

from . import access_recording
from . import enquiry as page
from .forms import MoveForm

LETTER = workflow.BY_ACTION["letter"]


class LetterForm(MoveForm):
    """The words of a letter, beside the note for colleagues that goes with it."""

    subject = Line(
        label="Subject",
        max_length=120,
        error_messages={
            "required": "Write a subject, such as “About your enquiry”.",
            "max_length": "The subject is %(show_value)d characters long. Shorten it to %(limit_value)d.",
        },
    )
    text = Words(
        label="Letter",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": "Write something to send.",
            "max_length": "The letter is %(show_value)d characters long. Shorten it to %(limit_value)d.",
        },
    )


@require_POST
def letter(request, pk):
    """Begin a letter, look at it again, or send it."""
    enquiry = page.of_reception(request, pk)
    access_recording.opened(enquiry, request.user)
    if request.POST.get("do") in ("look", "send"):
        return _written(request, enquiry, LetterForm(request.POST, enquiry=enquiry))
    form = MoveForm(request.POST, enquiry=enquiry)
    if not form.is_valid():
        return page.shown(request, enquiry, form, status=422)
    if form.cleaned_data["version"] != enquiry.version:
        return page.refused(request, enquiry, form, workflow.StaleError())
    if problem := _impossible(enquiry):
        return page.refused(request, enquiry, form, ValidationError(problem))
    reply = form.cleaned_data["reply"]
    subject, text = letters.filled(reply, enquiry) if reply else (f"About your enquiry {enquiry.reference}", "")
    begun = request.POST.copy()
    begun["subject"], begun["text"] = subject, text
    return _shown(request, enquiry, LetterForm(begun, enquiry=enquiry), subject, text)


def _impossible(enquiry):
    """Why no letter can be sent about an enquiry, or ""."""
    no_address = enquiry.answers and not enquiry.answers.email
    return workflow.refusal(enquiry, LETTER) or (letters.NO_ADDRESS if no_address else "")


def _written(request, enquiry, form):
    if not form.is_valid():
        return _shown(request, enquiry, form, request.POST.get("subject", ""), request.POST.get("text", ""), status=422)
    subject, text, note = (form.cleaned_data[name] for name in ("subject", "text", "note"))
    if request.POST["do"] == "look":
        return _shown(request, enquiry, form, subject, text)
    try:
        letters.send(enquiry, subject, text, version=form.cleaned_data["version"], by=request.user, note=note)
    except ValidationError as problem:
        return _refused(request, enquiry, form, problem)
    return page.back(request, enquiry, "Your e-mail goes out within a minute")


def _refused(request, enquiry, form, problem):
    """Pressed twice, it was sent once; otherwise every word is kept, beside what has changed."""
    subject, text = form.cleaned_data["subject"], form.cleaned_data["text"]
    changes = page.changes_since(form, enquiry)
    mine = [event for event in changes if (event.verb, event.actor_id) == ("letter", request.user.pk)]
    if any(letters.words_of(event) == (subject, text) for event in mine):
        return page.back(request, enquiry, "Your e-mail was sent once, however often you pressed")
    stale = isinstance(problem, workflow.StaleError)
    if not stale:
        form.add_error(None, problem)
    return _shown(request, enquiry, form, subject, text, status=409, changes=changes if stale else ())


def _shown(request, enquiry, form, subject, text, status=200, changes=()):
    enquiry.refresh_from_db()
    form.carry(enquiry)
    problem = _impossible(enquiry)
    context = frame(request, f"E-mail about {enquiry.reference}") | {
        "enquiry": enquiry,
        "form": form,
        "errors": status == 422,
        "changes": timeline.lines(changes, request.user),
        "impossible": problem,
        "back_to": page.address(enquiry, request),
    }
    if enquiry.answers and enquiry.answers.email:
        context |= {
            "reader": letters.reader_of(enquiry.answers),
            "asks_for": enquiry.answers.name if enquiry.answers.ring == "asker" else "",
            "to": enquiry.answers.email,
            "mail": messages.letter(enquiry, Clinic.current(), subject, text),
        }
    return TemplateResponse(request, "staff/enquiries/letter.html", context, status=status)
