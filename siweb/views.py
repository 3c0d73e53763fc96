"""Pages that belong to no app: home, errors, and what machines ask for."""

import logging
import sys
from datetime import timedelta

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siweb.articles.models import Publication
from siweb.clinics.models import Clinic, Location
from siweb.look import absolute
from siweb.models import SiteVersion

log = logging.getLogger(__name__)

# What went wrong, and what the reader can do about it.
ERRORS = {
    400: ("We could not read that request", "Go back and try again. If you typed the address, check it."),
    403: ("That was not allowed", "Go back to the page, load it again and try once more."),
    404: ("We cannot find that page", "It may have moved. Search for it, or start again from the home page."),
    413: ("That was too much to send", "Shorten what you wrote, then send it again. Files cannot be sent here."),
    500: ("Something went wrong on our side", "Nothing you did caused it. Try again in a few minutes."),
    503: ("This page cannot be shown just now", "We are working on it. Try again in a few minutes, or call us."),
}


def public(response):
    """Mark a page as the same for every reader: the page cache may keep it, a browser must ask whether it changed."""
    response.headers["Cache-Control"] = "public, no-cache"
    return response


# What leads on from the home page, by where a patient is now. A page that staff have retired is left out.
DOORS = {
    "thinking": ("inflammatory-back-pain", "your-options", "benefits-and-risks", "questions-to-ask"),
    "booked": ("before-you-come", "procedure", "your-timeline", "our-rules"),
    "had": ("aftercare", "relief-diary", "it-did-not-help"),
}


@require_safe
def home(request):
    showing = Publication.objects.showing().without_text()
    steps = numbered(showing.filter(kind="step"))
    pages = {page.slug: page for page in showing.filter(article__slug__in=sum(DOORS.values(), ()))}
    doors = {door: [pages[slug] for slug in slugs if slug in pages] for door, slugs in DOORS.items()}
    return public(render(request, "home.html", {"steps": steps, "doors": doors}))


def numbered(steps):
    """The steps of the patient's path, each knowing its number."""
    steps = list(steps)
    for number, step in enumerate(steps, start=1):
        step.number = number
    return steps


@require_safe
def sitemap(request):
    pages = [reverse(name) for name in ("home", "guide", "search", "clinics", "enquire")]
    pages += [location.get_absolute_url() for location in Location.objects.all()]
    pages += [page.url for page in Publication.objects.showing().without_text()]
    addresses = [absolute(path) for path in pages]
    return public(render(request, "sitemap.xml", {"addresses": addresses}, content_type="application/xml"))


@require_safe
def robots(request):
    closed = Clinic.current().closed
    lines = ["User-agent: *", "Disallow: /" if closed else "Disallow:"]
    lines += [] if closed else [f"Sitemap: {absolute(reverse('sitemap'))}"]
    return public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def security_txt(request):
    """Where to report a weakness (RFC 9116)."""
    clinic = Clinic.current()
    expires = (timezone.now() + timedelta(days=90)).strftime("%Y-%m-%dT00:00:00Z")
    contact = f"mailto:{clinic.email}" if clinic.email else clinic.phone_link
    lines = [f"Contact: {contact}"] if contact else []
    lines += [f"Expires: {expires}", "Preferred-Languages: en"]
    return public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@never_cache
@require_safe
def healthz(request):
    """For whoever watches the server: 200 while the database answers."""
    return JsonResponse({"version": SiteVersion.current()})


def error_page(request, code):
    """A page for a fault: says what to do next and whom to call, and asks nothing of the database that it cannot do without."""
    heading, message = ERRORS[code]
    if code in (500, 503):
        from siweb.unsent import after_fault

        if kept := after_fault(request, code, heading):
            return kept
    response = TemplateResponse(
        request, "error.html", {"code": code, "heading": heading, "message": message, "noindex": True}, status=code
    )
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
        from siweb.enquiries.kept import kept

        return kept(request, "cookie")
    if match and reason and match.app_name == "admin":
        from siweb.unsent import unsent

        return unsent(request)
    return error_page(request, 403)


def not_found(request, exception):
    return error_page(request, 404)


def database_is_away(fault):
    """Whether a fault means that nothing can be read or written just now."""
    return isinstance(fault, OperationalError | InterfaceError | InternalError)


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
