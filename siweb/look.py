"""What every page carries: the style sheet, inlined, and the clinic in its frame."""

import base64
import hashlib
from functools import cache

import rcssmin
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import mark_safe

from siweb.clinics.models import Clinic


@cache
def site_css():
    """The style sheet as it stands in every page: one request fewer before the first words show."""
    source = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8")
    return mark_safe(rcssmin.cssmin(source))  # noqa: S308  our own file


@cache
def style_hash():
    digest = hashlib.sha256(site_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def page_frame(request):
    """Context of every template."""
    clinic = Clinic.current()
    match = getattr(request, "resolver_match", None)
    private = match and {"token", "sealed"} & set(match.kwargs)  # whoever has such an address can use it
    path = request.path if match and not private else ""  # an error page has no address of its own
    return {
        "clinic": clinic,
        "site_css": site_css(),
        "canonical": absolute(path) if path else "",
        "noindex": clinic.closed,
        "share_image": absolute(static("share.png")),
    }


def absolute(path):
    """The whole address of a path, under the site's own name and never under one that a request brought."""
    return f"{settings.SITE_ROOT}{path}"
