"""What every page of the staff needs: who may open it, and what stands around its content."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied


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
