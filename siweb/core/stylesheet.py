"""The style sheet of every public page, inlined."""

import base64
import hashlib
from functools import cache

import rcssmin
from django.conf import settings
from django.utils.safestring import mark_safe


@cache
def site_css():
    """The style sheet as it stands in every page: one request fewer before the first words show."""
    source = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8")
    return mark_safe(rcssmin.cssmin(source))  # noqa: S308  our own file


@cache
def style_hash():
    digest = hashlib.sha256(site_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
