"""One enquiry: whom to reach and how, what was asked, what has happened, and what may be done next."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from siweb import mails
from siweb.enquiries import contact, screening, workflow
from siweb.enquiries.forms import NEEDS, TIMES
from siweb.enquiries.models import Enquiry, Outbox
from siweb.enquiries.workflow import kinds_of

from . import looking


class MoveForm(forms.Form):
    """What goes with a move: the version that was seen, words, and a time to wait for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    until = forms.DateField(
        label="Wait until", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="For “Wait”"
    )


def page(request, pk):
    """Look at one enquiry, or move it."""
    kinds = kinds_of(request.user)
    if not kinds:
        raise PermissionDenied
    seen = Enquiry.objects.all() if workflow.RECEPTION in kinds else Enquiry.objects.needs_a_call()
    enquiry = get_object_or_404(seen, pk=pk)
    if request.method != "POST":
        looking.opened(enquiry, request.user)
        return _shown(request, enquiry, MoveForm(initial={"version": enquiry.version}))
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _shown(request, enquiry, form, status=422)
    try:
        _move(request, enquiry, form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem)
        looking.opened(enquiry, request.user)
        return _shown(request, enquiry, form, status=409)
    return redirect("admin:enquiries_enquiry_changelist" if "next" in request.POST else request.path)


def _move(request, enquiry, data):
    workflow.make(
        enquiry,
        request.POST.get("move", ""),
        version=data["version"],
        who=kinds_of(request.user),
        by=request.user,
        note=data["note"],
        until=_morning_of(data["until"]),
    )


def _shown(request, enquiry, form, status=200):
    enquiry.refresh_from_db()
    form.data = form.data | {"version": enquiry.version} if form.is_bound else form.data
    answers = enquiry.answers
    sees_ticks = workflow.CLINICIAN in kinds_of(request.user)
    context = admin.site.each_context(request) | {
        "title": f"Enquiry {enquiry.reference}",
        "enquiry": enquiry,
        "answers": answers,
        "phone": contact.say_phone(answers.phone) if answers and answers.phone else "",
        "times": _in_words(answers.times, TIMES) if answers else "",
        "needs": _in_words(answers.needs, NEEDS) if answers else "",
        "ticks": [screening.wording(key) for key in answers.tell] if answers and sees_ticks else [],
        "earlier": enquiry.all_answers.exclude(pk=enquiry.answers_id),
        "events": enquiry.events.order_by("-at", "-id"),
        "mails": [in_words(message) for message in enquiry.outbox.all()],
        "moves": workflow.possible(enquiry, kinds_of(request.user)),
        "form": form,
    }
    return TemplateResponse(request, "admin/enquiry.html", context, status=status)


def _morning_of(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9)) if day else None


def _in_words(keys, choices):
    wordings = dict(choices)
    return ", ".join(wordings.get(key, key) for key in keys)


def in_words(message):
    """One mail in words: "to the patient: …, not sent yet (the server did not answer)"."""
    problem = message.problem
    if message.state == Outbox.State.QUEUED and not mails.can_send():
        problem = "no mail server set"
    return f"{message.get_kind_display()}, {message.get_state_display()}{f' ({problem})' if problem else ''}"
