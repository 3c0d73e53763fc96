"""Enquiries for staff, plainly: a list without names, and a page for each with what may be done next."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from siweb import mails

from . import contact, outbox, screening, workflow
from .forms import NEEDS, TIMES
from .models import Enquiry, Outbox
from .references import read_reference

LOOKED_AGAIN_AFTER = timedelta(hours=1)  # one event for each member of staff and hour


class MoveForm(forms.Form):
    """What goes with a move: the version that was seen, words, and a time to wait for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    until = forms.DateField(
        label="Wait until", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="For “Wait”"
    )


class Overdue(admin.SimpleListFilter):
    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "overdue")]

    def queryset(self, request, queryset):
        return queryset.overdue(timezone.now()) if self.value() else queryset


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    list_display = ("reference", "created_at", "state", "outcome", "due", "call", "mail")
    list_filter = (Overdue, "state", "call")
    search_fields = ("reference",)
    search_help_text = "Reference, such as SIJ-7F3K"
    ordering = ("due_at",)
    actions = None
    change_form_template = "admin/enquiry.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_view_permission(self, request, obj=None):
        return bool(_kinds(request.user))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        enquiries = super().get_queryset(request).prefetch_related("outbox")
        return enquiries if workflow.RECEPTION in _kinds(request.user) else enquiries.needs_a_call()

    def get_search_results(self, request, queryset, search_term):
        return (queryset.filter(reference=read_reference(search_term)) if search_term else queryset), False

    def lookup_allowed(self, lookup, value, request):
        # Only our own filters: nonsense for others (created_at__year=999999999999) would be a server error.
        return lookup.partition("__")[0] in (Overdue.parameter_name, "state", "call")

    @admin.display(description="reply due", ordering="due_at")
    def due(self, enquiry):
        late = enquiry.state == Enquiry.State.NEW and enquiry.due_at < timezone.now()
        judge = " – spam? please judge" if enquiry.is_unconfirmed_spam else ""
        return f"{timezone.localtime(enquiry.due_at):%a %d %b %H:%M}{' – overdue' if late else judge}"

    @admin.display(description="mail")
    def mail(self, enquiry):
        return "; ".join(_state_of(message) for message in enquiry.outbox.all())

    def changelist_view(self, request, extra_context=None):
        if problem := outbox.waiting_because():
            messages.warning(request, problem)
        return super().changelist_view(request, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        enquiry = self.get_object(request, object_id)
        if enquiry is None:
            raise Http404
        if not self.has_view_permission(request, enquiry):
            raise PermissionDenied
        if request.method != "POST":
            _look(enquiry, request.user)
            return self._page(request, enquiry, MoveForm(initial={"version": enquiry.version}))
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self._page(request, enquiry, form, status=422)
        try:
            self._move(request, enquiry, form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
            _look(enquiry, request.user)
            return self._page(request, enquiry, form, status=409)
        return redirect("admin:enquiries_enquiry_changelist" if "next" in request.POST else request.path)

    def _move(self, request, enquiry, data):
        workflow.make(
            enquiry,
            request.POST.get("move", ""),
            version=data["version"],
            who=_kinds(request.user),
            by=request.user,
            note=data["note"],
            until=_morning_of(data["until"]),
        )

    def _page(self, request, enquiry, form, status=200):
        enquiry.refresh_from_db()
        form.data = form.data | {"version": enquiry.version} if form.is_bound else form.data
        answers = enquiry.answers
        sees_ticks = workflow.CLINICIAN in _kinds(request.user)
        context = self.admin_site.each_context(request) | {
            "title": f"Enquiry {enquiry.reference}",
            "opts": self.opts,
            "original": enquiry,
            "enquiry": enquiry,
            "answers": answers,
            "phone": contact.say_phone(answers.phone) if answers and answers.phone else "",
            "times": _in_words(answers.times, TIMES) if answers else "",
            "needs": _in_words(answers.needs, NEEDS) if answers else "",
            "ticks": [screening.wording(key) for key in answers.tell] if answers and sees_ticks else [],
            "earlier": enquiry.all_answers.exclude(pk=enquiry.answers_id),
            "events": enquiry.events.order_by("-at", "-id"),
            "mails": [_state_of(message) for message in enquiry.outbox.all()],
            "moves": workflow.possible(enquiry, _kinds(request.user)),
            "form": form,
        }
        return TemplateResponse(request, self.change_form_template, context, status=status)


def _kinds(user):
    """As what somebody acts on enquiries, by their rights."""
    if not user.is_active:
        return ()
    rights = {"enquiries.work_on_enquiry": workflow.RECEPTION, "enquiries.see_ticks": workflow.CLINICIAN}
    return tuple(kind for right, kind in rights.items() if user.has_perm(right))


@transaction.atomic
def _look(enquiry, user):
    """Write down who looked, before anything is shown; once an hour for each."""
    lately = enquiry.events.filter(verb="viewed", actor=user, at__gt=timezone.now() - LOOKED_AGAIN_AFTER)
    if not lately.exists():
        enquiry.record("viewed", actor=user)


def _morning_of(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9)) if day else None


def _in_words(keys, choices):
    wordings = dict(choices)
    return ", ".join(wordings.get(key, key) for key in keys)


def _state_of(message):
    """One mail in words: "to the patient: …, not sent yet (the server did not answer)"."""
    problem = message.problem
    if message.state == Outbox.State.QUEUED and not mails.can_send():
        problem = "no mail server set"
    return f"{message.get_kind_display()}, {message.get_state_display()}{f' ({problem})' if problem else ''}"
