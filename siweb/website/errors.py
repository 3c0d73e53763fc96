"""The pages for faults: what went wrong, what the reader can do about it, and whom to call."""

import logging
import sys

from django.http import HttpResponse
from django.template.response import TemplateResponse

from siweb.accounts import resubmit
from siweb.clinics.models import Clinic
from siweb.core import page_roles
from siweb.core.http import database_is_away
from siweb.enquiries.intake.resubmit import kept

log = logging.getLogger(__name__)

# What went wrong, and what the reader can do about it.
ERRORS = {
    400: ("We could not read that request", "Go back and try again. If you typed the address, check it."),
    403: ("That was not allowed", "Go back to the page, reload it and try again."),
    404: ("We cannot find that page", "It may have moved. Search for it, or start again from the home page."),
    413: ("What you sent is too large", "Shorten what you wrote, then send it again. Files cannot be sent here."),
    500: ("Something went wrong on our side", "Nothing you did caused it. Try again in a few minutes."),
    503: ("This page cannot be shown just now", "We are working on it. Try again in a few minutes, or call us."),
}


def error_page(request, code):
    """A page for a fault: says what to do next and whom to call, and asks nothing of the database that it cannot do without."""
    heading, message = ERRORS[code]
    if code in (500, 503) and (answer := resubmit.after_fault(request, code, heading)):
        return answer
    context = {"code": code, "heading": heading, "message": message, "noindex": True}
    if code in (500, 503):
        context["page_urls"] = page_roles.last_known()  # each question to a database that is away is a wait
    response = TemplateResponse(request, "website/error.html", context, status=code)
    response.headers["Cache-Control"] = "no-store"
    if code == 503:
        response.headers["Retry-After"] = "60"
    return response.render()


def bad_request(request, exception):
    return error_page(request, 400)


def forbidden(request, exception=None, reason=""):
    """Not allowed; `reason` is given when a form did not carry the token that it should. Then what was typed is given back."""
    match = request.resolver_match
    if match and reason and match.url_name in ("enquiry_check", "yours"):
        return kept(request, "cookie")
    if match and reason and match.app_name == "admin":
        return resubmit.unsent(request)
    return error_page(request, 403)


def not_found(request, exception):
    return error_page(request, 404)


def server_error(request):
    """A page for our own fault, and when even that cannot be made, bare words with the numbers to call.

    Where the fault was met on the way to a page, as when staff's session is read, `outage` has not seen it.
    """
    code = 503 if database_is_away(sys.exception()) else 500
    try:
        return error_page(request, code)
    except Exception:
        log.exception("the page for a fault could not be made")
        phone = Clinic.current().shown_phone
        numbers = (
            f"In an emergency call 999. For urgent NHS help call 111.{f' To reach us call {phone}.' if phone else ''}"
        )
        return HttpResponse(
            f"{ERRORS[code][0]}. {ERRORS[code][1]} {numbers}\n", status=code, content_type="text/plain; charset=utf-8"
        )
