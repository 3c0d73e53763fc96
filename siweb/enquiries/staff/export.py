"""The practice manager takes enquiries away as a workbook: which days, why, which columns; then how many; then the file."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from siweb.core import xlsx
from siweb.core.staff_pages import for_those_who, frame
from siweb.enquiries.questions.forms import Line
from siweb.enquiries.reports import export

from . import access_recording
from .privacy_home import INPUT_FORMATS, MANAGE, NO_DAY, not_in_the_future

TICKS = ("about", "person", "words")  # fields of columns


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = INPUT_FORMATS
    default_error_messages = {"required": "Choose a day.", "invalid": NO_DAY}
    default_validators = [MinValueValidator(date(2000, 1, 1), "Choose a day from the year 2000 on."), not_in_the_future]


def _ticks(label, columns, **options):
    return forms.MultipleChoiceField(
        label=label,
        choices=[(column.key, column.heading) for column in columns],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among the columns that are shown."},
        **options,
    )


def _keys(columns):
    return [column.key for column in columns]


class ExportForm(forms.Form):
    first = Day(label="Received from")
    last = Day(label="Received up to and including")
    reason = Line(
        label="What is it for?",
        max_length=200,
        help_text="This is written down with your name, and kept. Name no patient in it.",
        error_messages={
            "required": "Say what it is for.",
            "max_length": "This is %(show_value)d characters long. Shorten it to %(limit_value)d.",
            "null_characters_not_allowed": "Type this again: it holds a character that cannot be stored.",
        },
    )
    about = _ticks("About the enquiry", export.ABOUT, initial=_keys(export.ABOUT))
    person = _ticks("Person and contact", export.PERSON, initial=_keys(export.PERSON))
    words = _ticks("Written in their own words", export.WORDS, help_text="Only if you need to read them.")

    use_required_attribute = False

    @property
    def ticks(self):
        return [self[name] for name in TICKS]

    @property
    def columns(self):
        chosen = {key for name in TICKS for key in self.cleaned_data[name]}
        return [column for column in export.COLUMNS if column.key in chosen]

    @property
    def enquiries(self):
        return export.received_between(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def in_words(self):
        """What the record says of it."""
        data = self.cleaned_data
        columns = ", ".join(_keys(self.columns))
        return f"received {data['first']} to {data['last']}; columns: {columns}; for: {data['reason']}"

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "This is before the first day. Choose a later one, or change the first.")
        if not self.errors.keys() & set(TICKS) and not self.columns:
            self.add_error("about", "Choose at least one column.")
        if not self.errors and self.enquiries.count() > xlsx.MOST_ROWS:
            raise ValidationError(f"A workbook holds at most {xlsx.MOST_ROWS:,} rows. Choose fewer days.")
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(MANAGE)
def exporting(request):
    """The form; what it would take, to be confirmed; the file."""
    if request.method != "POST":
        return _page(request, ExportForm())
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    act = request.POST.get("do")
    if act == "download":
        return _download(request, form)
    if act == "change":
        return _page(request, form)
    return _page(request, form, count=form.enquiries.count())


def _page(request, form, status=200, count=None):
    context = frame(request, "Export enquiries") | {"form": form, "count": count}
    if count is not None:
        context["typed"] = [(field.html_name, value) for field in form for value in _values(field)]
    return TemplateResponse(request, "staff/enquiries/export.html", context, status=status)


def _values(field):
    value = field.value()
    return value if isinstance(value, list) else [value]


def _download(request, form):
    """The file. That it was taken is written down before its first byte leaves; if that cannot be, nothing leaves."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    count, pieces = export.file_of(form.enquiries, form.columns)
    access_recording.recorded("exported", request.user, about=form.in_words, count=count)
    headers = {"Content-Disposition": f'attachment; filename="{export.file_name(first, last)}"'}
    return StreamingHttpResponse(pieces, content_type=xlsx.CONTENT_TYPE, headers=headers)
