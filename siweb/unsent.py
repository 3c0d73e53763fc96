"""What staff typed, given back when their session had ended before they pressed the button."""

from django.shortcuts import redirect, render

from siweb.throttle import from_here

_NOT_CARRIED = {"csrfmiddlewaretoken", "code", "password", "old_password", "new_password1", "new_password2"}


def unsent(request):
    """A page that carries what was posted, offers to sign in beside it, and sends the same again."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_CARRIED]
    # A page of another site must not have its own words sent in a colleague's name.
    if not typed or not from_here(request):
        return redirect("admin:login")
    context = {"title": "This has not been saved yet", "typed": typed, "files": list(request.FILES)}
    return render(request, "admin/unsent.html", context, status=403)
