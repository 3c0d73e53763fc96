"""The practice manager's page for opening the site: what is still missing, the test mail, the button, and what was done."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from siweb.clinics.models import Clinic, MailTest, OpeningEvent
from siweb.core.staff_pages import for_those_who, frame

from . import checklist, email_test


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who("clinics.change_clinic")
def opening_page(request):
    if request.method != "POST":
        return _page(request)
    act = _ACTS.get(request.POST.get("do"))
    if act is None:
        return _page(request, ["Nothing was done. Press one of the buttons."], status=422)
    try:
        messages.success(request, act(request))
    except ValidationError as problem:
        return _page(request, problem.messages, status=422)
    return redirect("admin:clinics_clinic_opening")


def _open(request):
    checklist.open_site(request.user)
    return "The site is open. Readers see it from now on, and enquiries are taken."


def _close(request):
    checklist.close_site(request.user, _REASON.clean(request.POST.get("reason")))
    return "The site is closed. The guide can be read, and no enquiry is taken."


def _send(request):
    email_test.send(request.user)
    return "The test mail is on its way. Look into the mailbox, then type the code from it below."


def _confirm(request):
    if problem := email_test.confirm(request.POST.get("test_code", ""), request.user):
        raise ValidationError(problem)
    return "The code was right: mail arrives in the clinic’s mailbox."


_REASON = forms.CharField(
    max_length=400, error_messages={"required": "Write why the site is closed, then press the button again."}
)
_ACTS = {"open": _open, "close": _close, "send": _send, "confirm": _confirm}


def _page(request, problems=(), status=200):
    points = checklist.checklist(request.user)
    clinic, test = Clinic.current(), MailTest.objects.filter(pk=1).first()
    context = frame(request, "Open the site") | {
        "problems": problems,
        "is_local": not settings.PUBLIC,
        "missing": [point for point in points if not point.holds],
        "there": [point for point in points if point.holds],
        "count": len(points),
        "mailbox": clinic.email,
        "mail_has_arrived": email_test.has_arrived(clinic, test),
        "code_is_waited_for": email_test.is_waited_for(test),
        "reason": request.POST.get("reason", ""),
        "test_code": request.POST.get("test_code", ""),
        "events": OpeningEvent.objects.all()[:50],
    }
    return render(request, "staff/launch/opening.html", context, status=status)
