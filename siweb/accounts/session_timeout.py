"""How long staff stay signed in: thirty minutes without doing anything, twelve hours at most.

What a page does by itself in the background is not doing anything. A person who types for long is warned by
static/js/accounts/session.js; and what arrives when it is too late is given back (siweb/accounts/resubmit.py), never lost.
"""

import time

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

IDLE = 30 * 60
LONGEST = 12 * 3600
WRITTEN_EVERY = 10  # seconds between two writes of "was here"

# Why somebody is asked to sign in, as the sign-in page says it.
WHY = {
    "idle": "You were signed out because nothing was done here for 30 minutes.",
    "long": "You were signed out because 12 hours have passed since you signed in.",
    "old": "That page was too old, or your browser does not keep the cookies of this site. Please try again.",
    "out": "You are signed out.",
    "chosen": "Your password is set. Sign in with it.",
}


@receiver(user_logged_in)
def begin(request, **_):
    request.session["began"] = request.session["seen"] = int(time.time())


def sessions(get_response):
    """Middleware: end what is over, remember who was here, and let no page of the staff be kept by a browser."""

    def middleware(request):
        if not request.path_info.startswith(reverse("admin:index")):
            return get_response(request)
        request.ended = ""
        if request.user.is_authenticated:
            request.ended = _over(request.session)
            if request.ended:
                logout(request)
            elif request.headers.get("X-Background") != "yes":
                _was_here(request.session)
        response = get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def _over(session):
    """Why a session is over, or ""."""
    now = time.time()
    if now - session.get("began", 0) >= LONGEST:
        return "long"
    return "idle" if now - session.get("seen", 0) >= IDLE else ""


def _was_here(session):
    now = int(time.time())
    if now - session["seen"] >= WRITTEN_EVERY:
        session["seen"] = now


def seconds_left(session):
    """(until the session ends, whether doing something makes that later)."""
    now = time.time()
    idle, longest = session["seen"] + IDLE - now, session["began"] + LONGEST - now
    return max(0, int(min(idle, longest))), longest > IDLE


@require_http_methods(["GET", "POST"])
def session(request):
    """For session.js: how long is left, for whom, and a CSRF token that works. A POST is "stay signed in"."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0}, status=403)
    left, extends = seconds_left(request.session)
    said = {"left": left, "extends": extends, "name": request.user.get_username(), "token": get_token(request)}
    return JsonResponse(said)
