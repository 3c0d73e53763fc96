"""Who looked at what: by member of staff, by reference, by day, the newest first. It names no patient."""

from datetime import datetime

from django import forms
from django.contrib.auth import get_user_model
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.casework.references import read_reference
from siweb.enquiries.privacy import access_log

from .forms import Colleagues
from .privacy_home import INPUT_FORMATS, MANAGE, NO_DAY, not_in_the_future


class ChoiceForm(forms.Form):
    who = Colleagues(get_user_model().objects.none(), label="Member of staff", required=False, empty_label="Everybody")
    reference = forms.CharField(label="Reference", required=False, max_length=20)
    day = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=INPUT_FORMATS,
        validators=[not_in_the_future],
        error_messages={"invalid": NO_DAY},
    )
    before = forms.RegexField(r"^\d{1,17}-[01]-\d{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["who"].queryset = get_user_model().objects.order_by("first_name", "last_name", "username")

    def clean_reference(self):
        typed = self.cleaned_data["reference"].strip()
        return read_reference(typed) if typed else ""

    def clean_before(self):
        """The place in the list from which it goes on, as `written` made it."""
        if not self.cleaned_data["before"]:
            return None
        moment, kind, id = map(int, self.cleaned_data["before"].split("-"))
        try:
            return (datetime.fromtimestamp(moment / 1_000_000, tz=timezone.get_current_timezone()), kind, id)
        except (ValueError, OverflowError, OSError):
            raise forms.ValidationError("This address is not whole. Begin again with “Show”.") from None


@require_safe
@for_those_who(MANAGE)
def audit(request):
    form = ChoiceForm(request.GET)
    if form.is_valid():
        chosen, (shown, more) = form.cleaned_data, access_log.acts(**form.cleaned_data)
    else:
        chosen, shown, more = {}, [], None
    context = frame(request, "Who looked at what") | {
        "form": form,
        "shown": shown,
        "first": not chosen.get("before"),
        "again": _address(chosen, None),
        "older": _address(chosen, more) if more else "",
    }
    return TemplateResponse(request, "staff/enquiries/audit.html", context, status=200 if form.is_valid() else 422)


def _address(chosen, place):
    """The same choice, from a place on."""
    query = {name: value for name, value in chosen.items() if value and name != "before"}
    if "who" in query:
        query["who"] = query["who"].pk
    if place:
        query["before"] = written(place)
    return f"?{urlencode(query)}"


def written(place):
    at, kind, id = place
    microseconds = (at - datetime.fromtimestamp(0, tz=at.tzinfo)).total_seconds()
    return f"{round(microseconds * 1_000_000)}-{kind}-{id}"
