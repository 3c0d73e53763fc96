"""What views and middleware share about requests and answers."""

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError


class BodyTooLarge(Exception):
    """The request's body is longer than this page accepts. The answer is a page for status 413."""


def public(response):
    """Mark a page as the same for every reader: the page cache may keep it, a browser must ask whether it changed."""
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def number_in(text):
    """The whole number in an address or a form; -1, which nothing has, for anything else or one of more than 18 digits."""
    return int(text) if len(text) <= 18 and text.isdecimal() else -1


def database_is_away(fault):
    """Whether a fault means that nothing can be read or written just now."""
    return isinstance(fault, OperationalError | InterfaceError | InternalError)


def limit_for(path, cookies):
    """How many bytes a request's body may have: staff who are signed in send articles and pictures.

    Those whose session has just ended too: its cookie is gone then, and their text is given back (siweb/accounts/resubmit.py).
    """
    held = any(f"{name}=" in cookies for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME))
    if path.startswith("/admin/articles/") and held:
        return settings.STAFF_BODY_LIMIT
    return settings.BODY_LIMIT
