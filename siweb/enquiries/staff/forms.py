"""What goes with a button: the version that was seen, and whatever was typed or chosen beside it."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone

from siweb.accounts.services import staff_with
from siweb.clinics import working_days
from siweb.clinics.models import Clinic
from siweb.core.models import name_of
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import CannedReply
from siweb.enquiries.questions.forms import ContactForm, Words

WAITS = (1, 3)  # working days that one waits with one press


class Colleagues(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return name_of(user)


class MoveForm(forms.Form):
    """Everything that can be typed on an enquiry's page beside its buttons, except a correction."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the newest event that was shown
    note = Words(
        label="Note",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Goes with whichever button you press. It is added, and cannot be changed afterwards.",
        error_messages={"max_length": "This note is %(show_value)d characters long. Shorten it to %(limit_value)d."},
    )
    until = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Choose a date, such as 2026-12-24."},
    )
    to = Colleagues(
        get_user_model().objects.none(),
        label="Hand over to",
        required=False,
        empty_label="Choose a colleague",
        error_messages={"invalid_choice": "Choose one of the colleagues who are listed."},
    )
    reply = forms.ModelChoiceField(
        CannedReply.objects.filter(in_use=True),
        label="Begin with",
        required=False,
        empty_label="An empty letter",
        error_messages={"invalid_choice": "This letter is not in use any more. Choose another."},
    )

    def __init__(self, data=None, *, enquiry):
        super().__init__(data, initial={"version": enquiry.version, "seen": newest(enquiry)})
        self.fields["to"].queryset = colleagues()

    def carry(self, enquiry):
        """Be shown over the enquiry as it is now, with everything that was typed."""
        self.fields["to"].queryset = colleagues().exclude(pk=enquiry.owner_id)
        if self.is_bound:
            self.data = self.data.copy()
            self.data["version"], self.data["seen"] = enquiry.version, newest(enquiry)


class CorrectionForm(ContactForm):
    """A phone number or an e-mail address put right, judged as the patient's own were."""

    def __init__(self, data=None, *, answers):
        given = {name: getattr(answers, name) for name in ("email", "first", "voicemail")}
        super().__init__(data if data and "phone" in data else None, initial=given | {"phone": answers.phone_raw})

    def said(self):
        return {name: value for name, value in super().said().items() if name != "times"}


def newest(enquiry):
    """The key of the newest event, to know later what has come since."""
    return enquiry.events.order_by("-pk").values_list("pk", flat=True).first() or 0


def colleagues():
    """Who can be given an enquiry."""
    return staff_with("enquiries.work_on_enquiry")


def waits():
    """The days that can be waited for with one press, as (working days, which day that is)."""
    now, clinic = timezone.now(), Clinic.current()
    return [(days, timezone.localdate(working_days.reply_due(now, clinic, days))) for days in WAITS]


def wait_buttons():
    """(working days, the words on its button, which day that is) of each."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    for days, day in waits():
        next_day = "Tomorrow" if day == tomorrow else "The next working day"
        yield days, next_day if days == 1 else f"In {days} working days", day


def until(pressed, day):
    """The morning that is waited for: of the days on the button that was pressed, or of the date that was typed."""
    days = dict(waits()).get(int(pressed)) if pressed.isdecimal() and len(pressed) == 1 else day
    return timezone.make_aware(datetime.combine(days, time(9))) if days else None


def why_not_booked(enquiry):
    """Why "Booked" is not among the buttons of an enquiry that is worked on, or ""."""
    booked = workflow.BY_ACTION["booked"]
    return workflow.refusal(enquiry, booked) if enquiry.state in booked.sources else ""
