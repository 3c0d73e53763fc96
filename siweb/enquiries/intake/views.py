"""A patient's way through: start → form → check → sent, and the private link. No session: the answers travel in the form."""

import functools
import logging
import traceback
import uuid

from django.core import signing
from django.db import DatabaseError, InterfaceError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from siweb.clinics.models import Clinic
from siweb.core.client_address import client_address
from siweb.core.http import public
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.questions.forms import ContactForm, EnquiryForm, typed
from siweb.enquiries.questions.screening import SCREENING
from siweb.enquiries.questions.urgent_signs import urgent_levels

from . import private_links, spam, submission
from .resubmit import kept

log = logging.getLogger(__name__)

_seal = signing.Signer(salt="siweb.enquiries.sent")  # the same enquiry has the same page


def keeps_what_was_typed(view):
    """Whatever goes wrong with what somebody sent, they get it back, with the clinic's number.

    The view is given the clinic, which is read once.
    """

    @functools.wraps(view)
    def wrapped(request, *args, **kwargs):
        clinic = Clinic.lately()
        if request.method != "POST":
            return view(request, clinic, *args, **kwargs)
        if not clinic.known:
            return kept(request, "away")
        try:
            return view(request, clinic, *args, **kwargs)
        except spam.TooManyError:
            return kept(request, "many")
        except (DatabaseError, InterfaceError) as away:
            log.error("an enquiry was not saved: %s", type(away).__name__)
            return kept(request, "away")
        except Http404:
            raise
        except Exception as fault:
            # Only where, never what: an error's own words can quote what was typed.
            where = "".join(traceback.format_tb(fault.__traceback__))
            log.error("an enquiry was not saved: %s\n%s", type(fault).__name__, where)
            return kept(request, "fault")

    return wrapped


@require_safe
def start(request):
    return public(render(request, "enquiries/start.html", {"red_signs": urgent_levels(), "screening": SCREENING}))


@require_safe
def form(request):
    clinic = Clinic.current()
    if clinic.closed:
        return redirect("enquire")
    response = _form_page(request, EnquiryForm(clinic=clinic))
    # It holds nothing of anybody yet, and "Back" to it must find what was typed: so a browser may keep it.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_was_typed
def check(request, clinic):
    if request.method != "POST":
        return redirect("enquiry_form")
    if clinic.closed:
        return kept(request, "closed")
    form, act = EnquiryForm(request.POST, clinic=clinic), request.POST.get("do")
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if act == "change":
        return _form_page(request, form)
    if act == "send":
        return _send(request, form, clinic)
    context = {
        "form": form,
        "rows": form.summary(),
        "typed": typed(request.POST),
        "carried": _carried(request),
        "trap": spam.TRAP,
        "trapped": request.POST.get(spam.TRAP, ""),
        "red_signs": urgent_levels(),
        "noindex": True,
    }
    return render(request, "enquiries/check.html", context)


def _form_page(request, form, status=200):
    context = {"form": form, "carried": _carried(request), "trap": spam.TRAP, "noindex": True}
    return render(request, "enquiries/form.html", context, status=status)


def _carried(request):
    """What travels with the answers: the form's key, and when it began.

    A form that does not say when it began is not given a time now: the next page may well be sent within seconds.
    """
    began = request.POST.get("began", "") if request.method == "POST" else spam.begin()
    return {"key": str(_key(request)), "began": began}


def _key(request):
    """The key of the form that was sent, or a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _send(request, form, clinic):
    enquiry = submission.receive(
        _key(request),
        form.said(),
        clinic=clinic,
        address=client_address(request),
        reason=spam.suspicion(request.POST),
    )
    return redirect("enquiry_sent", sealed=_seal.sign_object([enquiry.reference, enquiry.due_at.isoformat()]))


@never_cache
@require_safe
def sent(request, sealed):
    """The reference and what happens next; nothing of the person, and nothing is looked up."""
    try:
        reference, due = _seal.unsign_object(sealed)
    except signing.BadSignature:
        raise Http404 from None
    context = {"reference": reference, "due": parse_datetime(due), "red_signs": urgent_levels(), "noindex": True}
    return render(request, "enquiries/sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_was_typed
def yours(request, clinic, token):
    """An enquiry as its sender may see it: how far it is and how to reach them, never ticks or message."""
    enquiry = private_links.enquiry_of(token)
    if enquiry is None:
        return render(request, "enquiries/link_over.html", {"noindex": True}, status=404)
    act = request.POST.get("do")
    if act == "withdraw":
        return render(request, "enquiries/withdraw.html", {"noindex": True})
    if act == "withdraw-now":
        _withdraw(enquiry)
        return redirect("enquiry_withdrawn")
    if request.method == "POST" and clinic.closed:  # a closed site takes nothing; taking back is always possible
        return kept(request, "closed")
    form = ContactForm(request.POST if act == "correct" else None, initial=_contact(enquiry.answers))
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            spam.count(client_address(request), marked=False)
            submission.correct(enquiry, form.said(), via=Answers.Via.LINK)
        return redirect("enquiry_corrected")
    context = {"enquiry": enquiry, "form": form, "progress": _progress(enquiry), "noindex": True}
    return render(request, "enquiries/yours.html", context, status=422 if form.is_bound else 200)


def _withdraw(enquiry):
    """Close it for its sender, whatever staff do in the same moment."""
    with transaction.atomic():
        locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
        workflow.make(locked, "withdrawn", version=locked.version, who=(workflow.PATIENT,))


def _progress(enquiry):
    """How far it is, in words for the person who sent it."""
    if enquiry.state == Enquiry.State.IN_PROGRESS:
        return "Someone here is working on it."
    if enquiry.state == Enquiry.State.WAITING:
        return "We are waiting to hear from you. Please call us."
    by = date_format(timezone.localdate(enquiry.due_at), "l j F")
    if enquiry.due_at < timezone.now():
        return (
            f"We wanted to reply by {by}, and we are late. We are sorry. Please call us if you have not heard from us."
        )
    return f"We have it. We aim to reply by the end of {by}."


def _contact(answers):
    return {name: getattr(answers, name) for name in ContactForm.contact_fields} | {"phone": answers.phone_raw}


@require_safe
def withdrawn(request):
    return public(render(request, "enquiries/withdrawn.html", {"noindex": True}))


@require_safe
def corrected(request):
    return public(render(request, "enquiries/corrected.html", {"noindex": True}))
