"""Whole addresses of the site's pages."""

from django.conf import settings


def absolute(path):
    """The whole address of a path, under the site's own name and never under one that a request brought."""
    return f"{settings.SITE_ROOT}{path}"
