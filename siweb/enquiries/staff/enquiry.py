"""One enquiry: whom to speak to and how, what was asked, what has happened, and what may be done next.

Everything that can be typed on it belongs to one form, so that whichever button is pressed nothing typed is lost.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from siweb.clinics.models import Clinic
from siweb.core.models import name_of
from siweb.core.staff_pages import frame
from siweb.enquiries.casework import duplicates, timeline, workflow
from siweb.enquiries.casework.workflow import CLINICIAN, RECEPTION, kinds_of
from siweb.enquiries.intake import submission
from siweb.enquiries.mail import outbox, urgent
from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.questions import screening
from siweb.enquiries.questions.urgent_signs import urgent_levels

from . import access_recording, clinician, contact_details, due_dates, forms, next_in_queue, tabs
from .forms import CorrectionForm, MoveForm


def page(request, pk):
    """Look at one enquiry, or press one of its buttons."""
    enquiry = find(request, pk)
    if request.method == "POST":
        return _press(request, enquiry)
    access_recording.opened(enquiry, request.user)
    return shown(request, enquiry, MoveForm(enquiry=enquiry))


def find(request, pk):
    """An enquiry that somebody may see. Clinicians may finish what they have begun, even if a colleague was quicker."""
    kinds = kinds_of(request.user)
    if not kinds:
        raise PermissionDenied
    enquiry = get_object_or_404(Enquiry.objects.select_related("answers", "owner"), pk=pk)
    begun = request.method == "POST" and enquiry.events.filter(verb="viewed", actor=request.user).exists()
    if not (may_see(request.user, enquiry) or begun):
        raise Http404
    return enquiry


def may_see(user, enquiry):
    return RECEPTION in kinds_of(user) or clinician.in_reach(user).filter(pk=enquiry.pk).exists()


def _press(request, enquiry):
    form, action = MoveForm(request.POST, enquiry=enquiry), request.POST.get("move", "")
    access_recording.opened(enquiry, request.user)
    if action == "look":
        return shown(request, enquiry, form)
    if not form.is_valid():
        return shown(request, enquiry, form, status=422)
    try:
        done = _next(request, enquiry, form) if action == "next" else _move(request, enquiry, form, action)
    except ValidationError as problem:
        return refused(request, enquiry, form, problem, would_leave(action, form.cleaned_data))
    return done


def _move(request, enquiry, form, action):
    name, _, days = action.partition(" ")
    if name == "pass_on":
        version, note = form.cleaned_data["version"], form.cleaned_data["note"]
        event = urgent.pass_on(enquiry, version=version, by=request.user, note=note)
        return back(request, enquiry, timeline.sentence(event, request.user))
    event = workflow.make(
        enquiry,
        name,
        version=form.cleaned_data["version"],
        who=kinds_of(request.user),
        by=request.user,
        note=form.cleaned_data["note"],
        until=forms.until(days, form.cleaned_data["until"]),
        to=form.cleaned_data["to"],
    )
    return back(request, enquiry, timeline.sentence(event, request.user))


def _next(request, enquiry, form):
    """Keep the note, and go to the next oldest of the queue that one came from."""
    add_note(request, enquiry, form, form.cleaned_data["version"])
    following = next_in_queue.following(enquiry, request.GET.get("tab", ""), request.user)
    if following:
        return redirect(address(following, request))
    messages.info(request, "That was the last one here.")
    return redirect(tabs.address_of(request.GET.get("tab", "")))


def add_note(request, enquiry, form, version):
    if form.cleaned_data["note"]:
        who, note = kinds_of(request.user), form.cleaned_data["note"]
        workflow.make(enquiry, "note", version=version, who=who, by=request.user, note=note)


# --- Two buttons that are no moves --------------------------------------------------------------------
@require_POST
def correct(request, pk):
    """Put a phone number or an e-mail address right, beside what the patient typed."""
    enquiry = of_reception(request, pk)
    form = MoveForm(request.POST, enquiry=enquiry)
    correction = CorrectionForm(request.POST, answers=enquiry.answers) if enquiry.answers else None
    access_recording.opened(enquiry, request.user)
    if not form.is_valid() or correction is None or not correction.is_valid():
        return shown(request, enquiry, form, status=422, correction=correction)
    try:
        said, version = correction.said(), form.cleaned_data["version"]
        if version == enquiry.version and enquiry.state not in Enquiry.OPEN:
            raise ValidationError("Only what is open is corrected. Open it again first.")
        with transaction.atomic():
            newer = submission.correct(enquiry, said, via=Answers.Via.DESK, by=request.user, version=version)
            add_note(request, newer, form, newer.version)
    except ValidationError as problem:
        same = submission.is_known(Enquiry.objects.get(pk=enquiry.pk), said)
        return refused(request, enquiry, form, problem, ("corrected", form.cleaned_data["note"]) if same else None)
    return back(request, newer, "What you corrected is shown next to what was typed.")


@require_POST
def mail_again(request, pk):
    """Have a mail sent again that could not be sent."""
    enquiry = of_reception(request, pk)
    form = MoveForm(request.POST, enquiry=enquiry)
    access_recording.opened(enquiry, request.user)
    if not form.is_valid():
        return shown(request, enquiry, form, status=422)
    try:
        with transaction.atomic():
            add_note(request, enquiry, form, form.cleaned_data["version"])
            key = request.POST.get("mail", "")
            owed = key.isdecimal() and len(key) < 18 and outbox.send_again(enquiry, int(key), request.user)
    except ValidationError as problem:
        return refused(request, enquiry, form, problem)
    said = "The mail goes out within a minute." if owed else "That mail waits to be sent already, or has gone."
    return back(request, enquiry, said)


def of_reception(request, pk):
    if RECEPTION not in kinds_of(request.user):
        raise PermissionDenied
    return find(request, pk)


# --- What is answered ---------------------------------------------------------------------------------
def address(enquiry, request):
    """Where an enquiry is, with the plain word for the queue that one came from."""
    return reverse("admin:enquiries_enquiry_change", args=[enquiry.pk]) + next_in_queue.query(
        request.GET.get("tab", "")
    )


def back(request, enquiry, said):
    """To the page again, or to the list where it is not theirs to see any more."""
    messages.success(request, f"{said}.".replace("..", "."))
    if may_see(request.user, enquiry):
        return redirect(address(enquiry, request))
    return redirect("admin:enquiries_enquiry_changelist")


def refused(request, enquiry, form, problem, leaves=None):
    """Nothing was done: say what has changed, and keep what was typed.

    `leaves` is (verb, words) of the event that the button leaves. Where all that has changed is this very event, the
    button was pressed twice, and what it does was done once.
    """
    changes = changes_since(form, enquiry)
    if isinstance(problem, workflow.StaleError):
        if leaves and [(e.actor_id, e.verb, e.note) for e in changes] == [(request.user.pk, *leaves)]:
            return back(request, enquiry, timeline.sentence(changes[0], request.user))
        if changes:
            return shown(request, enquiry, form, status=409, changes=changes)
    form.add_error(None, problem)
    return shown(request, enquiry, form, status=409)


def changes_since(form, enquiry):
    """What was done since the page was made, the newest first."""
    seen = form.cleaned_data["seen"] or 0
    return list(enquiry.events.filter(pk__gt=seen).exclude(verb="viewed").order_by("-pk"))


def would_leave(action, typed):
    """(verb, words) of the event that a button leaves, or None where it is no move."""
    name, _, days = action.partition(" ")
    move = workflow.BY_ACTION.get("note" if name == "next" else name)
    until = forms.until(days, typed["until"])
    return (move.action, workflow.told(move, typed["note"], until, typed["to"])) if move else None


def shown(request, enquiry, form, status=200, *, changes=(), correction=None):
    enquiry = Enquiry.objects.select_related("answers", "owner", "passed_on_by").get(pk=enquiry.pk)
    form.carry(enquiry)
    context = frame(request, f"Enquiry {enquiry.reference}") | {
        "enquiry": enquiry,
        "form": form,
        "changes": timeline.lines(changes, request.user),
        "only_mine": all(event.actor_id == request.user.pk for event in changes),
        "can": {move.action for move in workflow.possible(enquiry, kinds_of(request.user))},
        "tab": tabs.BY_KEY.get(request.GET.get("tab", "")),
        "list": tabs.address_of(request.GET.get("tab", "")),
        "query": next_in_queue.query(request.GET.get("tab", "")),
        "passed_on": urgent.passed_on(enquiry),
    }
    if may_see(request.user, enquiry):
        at_desk = RECEPTION in kinds_of(request.user)
        template = "staff/enquiries/enquiry.html" if at_desk else "staff/enquiries/call.html"
        context |= _whole(request, enquiry, correction) if at_desk else clinician.of_one(enquiry, request.user)
    else:
        template = "staff/enquiries/over.html"
    return TemplateResponse(request, template, context, status=status)


def _whole(request, enquiry, correction):
    """What the desk reads of it, beside what every page of one has."""
    answers, user, clinic = enquiry.answers, request.user, Clinic.current()
    calls_too = CLINICIAN in kinds_of(user)  # beside the desk
    context = {
        "due": due_dates.in_words(enquiry),
        "overdue": due_dates.is_overdue(enquiry),
        "events": timeline.lines(enquiry.events.order_by("-at", "-id"), user),
        "mails": [(message, timeline.of_mail(message)) for message in enquiry.outbox.all()],
        "waits": list(forms.wait_buttons()),
        "not_booked": forms.why_not_booked(enquiry),
        "red_signs": urgent_levels(),
    }
    if not workflow.refusal(enquiry, workflow.BY_ACTION["pass_on"]):
        context["urgent_emails"] = [name_of(clinician) for clinician in urgent.recipients()]
    if answers:
        context |= {
            "answers": answers,
            "whom": contact_details.whom(answers),
            "for_another": contact_details.for_another(answers),
            "phone": contact_details.phone(answers),
            "times": contact_details.times(answers),
            "needs": contact_details.badges(answers),
            "no_calls": "text" in answers.needs,
            "voicemail": contact_details.voicemail(answers, clinic),
            "history": contact_details.history(enquiry),
            "ticks": screening.told(answers.tell) if calls_too else [],
            "may_print": calls_too and clinician.in_reach(user).filter(pk=enquiry.pk).exists(),
            "duplicates": duplicates.of(enquiry),
            "correction": correction or CorrectionForm(request.POST, answers=answers),
            "correcting": correction is not None and correction.errors,
        }
    return context
