"""What stands in front of every view: security headers, a limit on bodies, and an honest page when the database is away."""

import logging

from django.conf import settings

from siweb.accounts.hashers import TooBusyError
from siweb.clinics.models import Clinic
from siweb.core.csp import content_security_policy
from siweb.core.http import BodyTooLarge, database_is_away, limit_for

from .errors import error_page

log = logging.getLogger(__name__)

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def security_headers(get_response):
    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.PUBLIC and not request.path.startswith(settings.STATIC_URL) and Clinic.lately().closed:
            response.headers["X-Robots-Tag"] = "noindex"
        if request.method == "HEAD" and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""  # gunicorn would log that it dropped the body
        return response

    return middleware


def body_limit(get_response):
    """Refuse a body by its announced length, before anything reads it. One without a length is never read at all.

    gunicorn's hooks (siweb/config/gunicorn_conf.py) then end the connection.
    """

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = limit_for(request.path_info, request.META.get("HTTP_COOKIE", ""))
        if not (length.isascii() and length.isdigit()) or int(length) > limit:
            return error_page(request, 413)
        return get_response(request)

    return middleware


class outage:  # noqa: N801  a middleware, used like a function
    """Turn "the database is away" into a 503 page that says whom to call, a body that a view found too long into a 413, and
    too many passwords at once into a 503 too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, BodyTooLarge):
            return error_page(request, 413)
        if isinstance(exception, TooBusyError):
            return error_page(request, 503)
        if database_is_away(exception):
            log.error("the database is away: %s", type(exception).__name__)
            return error_page(request, 503)
        return None
