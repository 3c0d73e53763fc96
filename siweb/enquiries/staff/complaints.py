"""Data-protection complaints: the list with what is due, and one of them to write down, acknowledge and close."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.casework.references import read_reference
from siweb.enquiries.casework.workflow import StaleError
from siweb.enquiries.models import Complaint, Enquiry
from siweb.enquiries.privacy import complaints

from . import access_recording
from .privacy_home import INPUT_FORMATS, MANAGE, NO_DAY, version_in

CLOSED_SHOWN = 200


_DAYS = ("received_on", "acknowledged_on", "closed_on")
_NEEDED = {
    "received_on": "Say on which day it came.",
    "route": "Say how it came.",
    "name": "Enter the name of who complains, as far as you know it.",
    "contact": "Enter a phone number or an e-mail address, so that you can answer.",
    "words": "Write down what they complain of.",
}


class ComplaintForm(forms.ModelForm):
    reference = forms.CharField(
        label="Reference of their enquiry", required=False, help_text="If it is about one, such as SIJ-7F3K"
    )

    class Meta:
        model = Complaint
        fields = (
            *("received_on", "route", "name", "contact", "words", "reference"),
            *("acknowledged_on", "closed_on", "outcome"),
        )
        widgets = {name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in _DAYS} | {
            name: forms.Textarea(attrs={"rows": 4}) for name in ("words", "outcome")
        }
        labels = {"received_on": "When it came", "acknowledged_on": "Acknowledged on", "closed_on": "Closed on"}
        help_texts = {
            "words": "In their own words as far as you have them",
            "acknowledged_on": "The day on which you told them that you have it; within 30 days",
            "closed_on": "The day on which you told them what you have done",
            "outcome": "Needed when it is closed",
        }

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for name, said in _NEEDED.items():
            self.fields[name].error_messages["required"] = said
        for name in _DAYS:
            self.fields[name].input_formats = INPUT_FORMATS
            self.fields[name].error_messages["invalid"] = NO_DAY
        if self.instance.enquiry:
            self.initial["reference"] = self.instance.enquiry.reference

    def clean_reference(self):
        typed = self.cleaned_data["reference"].strip()
        reference = read_reference(typed) if typed else ""
        self.instance.enquiry = Enquiry.objects.filter(reference=reference).first() if reference else None
        if reference and not self.instance.enquiry:
            raise ValidationError(f"There is no enquiry {reference}. Check the reference, or leave it empty.")
        return reference

    def clean(self):
        data, today = super().clean(), timezone.localdate()
        received = data.get("received_on")
        for name in _DAYS:
            day = data.get(name)
            if day and day > today:
                self.add_error(name, "This day is still to come. Enter the day on which it happened.")
            elif day and received and day < received:
                self.add_error(name, "This is before the complaint came. Check both days.")
        if data.get("closed_on") and not data.get("acknowledged_on"):
            self.add_error("acknowledged_on", "Say when they heard first; it may be the same day.")
        if data.get("closed_on") and not data.get("outcome"):
            self.add_error("outcome", "Say what was done: a complaint is closed with it.")
        if data.get("outcome") and not data.get("closed_on") and "closed_on" not in self.errors:
            self.add_error("closed_on", "Say when it was closed, or leave out what was done until then.")
        return data


@require_safe
@for_those_who(MANAGE)
def listing(request):
    """Numbers, days and ways, without a name."""
    closed = Complaint.objects.exclude(closed_on=None).order_by("-closed_on", "-id")
    context = frame(request, "Data-protection complaints") | {
        "unfinished": _rows(complaints.unfinished().select_related("enquiry")),
        "closed": _rows(closed.select_related("enquiry")[:CLOSED_SHOWN]),
    }
    return TemplateResponse(request, "staff/enquiries/complaints.html", context)


def _rows(found):
    today = timezone.localdate()
    return [
        {
            "complaint": complaint,
            "standing": complaints.standing(complaint),
            "late": not complaint.acknowledged_on and not complaint.closed_on and complaint.acknowledge_by < today,
        }
        for complaint in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def add(request):
    form = ComplaintForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if request.method == "POST" else 200)
    complaints.save(form.instance, by=request.user)
    messages.success(request, f"Written down: {complaints.standing(form.instance)}.")
    return redirect("admin:enquiries_enquiry_complaints")


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def change(request, pk):
    complaint = get_object_or_404(Complaint.objects.select_related("enquiry"), pk=pk)
    access_recording.recorded("complaint", request.user, **complaints.told(complaint, "viewed"))
    if request.method != "POST":
        return _page(request, ComplaintForm(instance=complaint))
    form = ComplaintForm(request.POST, instance=complaint)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        complaints.save(form.instance, by=request.user, version=version_in(request.POST))
    except StaleError:
        return _stale(request, form)
    messages.success(request, f"Saved: {complaints.standing(form.instance)}.")
    return redirect("admin:enquiries_enquiry_complaints")


def _stale(request, form):
    """What was typed stays in the form, and beside it stands what the other has saved."""
    now = Complaint.objects.select_related("enquiry").get(pk=form.instance.pk)
    theirs = ComplaintForm(instance=now)
    others = [(field.label, theirs[field.name].value()) for field in form if _differs(field, theirs)]
    return _page(request, form, now, others, status=409)


def _differs(field, theirs):
    return str(field.value() or "").split() != str(theirs[field.name].value() or "").split()


def _page(request, form, complaint=None, others=None, status=200):
    complaint = complaint or form.instance
    known = complaint.pk is not None
    context = frame(request, complaints.number(complaint).capitalize() if known else "A new complaint") | {
        "form": form,
        "known": known,
        "standing": complaints.standing(Complaint.objects.get(pk=complaint.pk)) if known else "",
        "version": complaint.version if others is not None else request.POST.get("version", complaint.version),
        "others": others,
    }
    return TemplateResponse(request, "staff/enquiries/complaint.html", context, status=status)
