"""What every page of the staff needs: who may open it, what stands around its content, and how long ago things were."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils.timesince import timesince


def for_those_who(right):
    """Let in only those staff who have a right, such as reviewing.WRITE."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def frame(request, title):
    """What every page of staff shows around its own content."""
    return admin.site.each_context(request) | {"title": title}


def age_of(moment, depth=2):
    """How long ago something was: "3 days, 2 hours", or to `depth` parts; "" in the first minute."""
    age = timesince(moment, depth=depth)
    return "" if age.startswith("0") else age
