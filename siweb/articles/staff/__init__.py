"""The staff's pages about articles: one module for each page. Their addresses stand in siweb/articles/admin.py."""

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
