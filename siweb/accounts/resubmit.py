"""What staff typed, given back when it could not be taken.

Their session had ended, or a new one begun, before they pressed the button; or something was wrong on our side.
"""

from urllib.parse import urlencode

from django.contrib import admin
from django.http import UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from siweb.core.client_address import from_here

from .views import wanted

_NOT_CARRIED = {"csrfmiddlewaretoken", "code", "password", "old_password", "new_password1", "new_password2"}
_WRITING = ("/admin/articles/", "/admin/clinics/", "/admin/enquiries/")
_SECRETS_ONLY = ("login", "code", "second_factor", "password_change")  # pages with nothing to carry


def unsent(request):
    """A page that carries what was posted, offers to sign in beside it, and sends the same again."""
    name = request.resolver_match.url_name
    if name == "choose_password":
        return redirect(request.path)
    if name in _SECRETS_ONLY:
        asked = {"next": wanted(request) if name == "login" else request.path, "why": "old"}
        return redirect(f"{reverse('admin:login')}?{urlencode(asked)}")
    typed = _typed(request)
    signed_in = admin.site.has_permission(request)
    # A page of another site must not have its own words sent in a colleague's name.
    if not (typed or signed_in) or not from_here(request):
        return redirect("admin:login")
    context = {"title": "This has not been saved yet", "typed": typed, "files": list(request.FILES)}
    return render(request, "staff/accounts/unsent.html", context | {"signed_in": signed_in}, status=403)


def after_fault(request, code, heading):
    """The same after a fault of ours; None where nobody was writing. It asks nothing of the database."""
    try:
        writing = request.method == "POST" and request.path.startswith(_WRITING) and from_here(request)
        typed = _typed(request) if writing else []
    except UnreadablePostError:
        return None
    if not typed:
        return None
    context = {"heading": heading, "typed": typed, "noindex": True}
    response = render(request, "staff/accounts/after_fault.html", context, status=code)
    add_never_cache_headers(response)
    return response


def _typed(request):
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_CARRIED]
