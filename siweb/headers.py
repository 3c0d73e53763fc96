"""What stands in front of every view: security headers, a limit on bodies, and an honest page when the database is away."""

import logging

from django.conf import settings

from siweb import look
from siweb.clinics.models import Clinic
from siweb.views import database_is_away, error_page

log = logging.getLogger(__name__)

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def content_security_policy(framed_by="'none'", frames="'none'", forms="'self'"):
    """Nothing but our own files; the one inlined style sheet is named by its hash. Frames only where staff see a preview."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {look.style_hash()}",
            *(f"{kind}-src 'self'" for kind in ("img", "font", "connect", "manifest")),
            f"form-action {forms}",
            "base-uri 'none'",
            "object-src 'none'",
            f"frame-ancestors {framed_by}",
            *([f"frame-src {frames}"] if frames != "'none'" else []),
        ]
    )


def framed_by_us(response):
    """Let this one response stand in a frame of our own pages. Its forms send nothing: readers' answers are not staff's."""
    response.headers["Content-Security-Policy"] = content_security_policy(framed_by="'self'", forms="'none'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def security_headers(get_response):
    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.PUBLIC and not request.path.startswith(settings.STATIC_URL) and Clinic.lately().closed:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return middleware


def limit_for(path, cookies):
    """How many bytes a request's body may have: staff who are signed in send articles and pictures.

    Those whose session has just ended too: its cookie is gone then, and their text is given back (siweb/unsent.py).
    """
    held = any(f"{name}=" in cookies for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    if path.startswith("/admin/articles/") and held:
        return settings.STAFF_BODY_LIMIT
    return settings.BODY_LIMIT


def body_limit(get_response):
    """Refuse a body by its announced length, before anything reads it. One without a length is never read at all.

    gunicorn's hooks (siweb/gunicorn.py) then end the connection.
    """

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = limit_for(request.path_info, request.META.get("HTTP_COOKIE", ""))
        if not (length.isascii() and length.isdigit()) or int(length) > limit:
            return error_page(request, 413)
        return get_response(request)

    return middleware


class outage:  # noqa: N801  a middleware, used like a function
    """Turn "the database is away" into a 503 page that says whom to call."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if database_is_away(exception):
            log.error("the database is away: %s", type(exception).__name__)
            return error_page(request, 503)
        return None
