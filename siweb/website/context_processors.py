"""What every template may show: the clinic, the style sheet, the page's own address, and pages by their role."""

from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject

from siweb.clinics.models import Clinic
from siweb.core import page_roles
from siweb.core.stylesheet import site_css
from siweb.core.urls import absolute


def page_frame(request):
    """Context of every template."""
    clinic = Clinic.current()
    match = getattr(request, "resolver_match", None)
    private = match and {"token", "sealed"} & set(match.kwargs)  # anyone who has such an address can use it
    path = request.path if match and not private else ""  # an error page has no address of its own
    return {
        "clinic": clinic,
        "page_urls": SimpleLazyObject(
            page_roles.addresses
        ),  # {{ page_urls.help }}: asked once for a page, and only if needed
        "site_css": site_css(),
        "canonical": absolute(path) if path else "",
        "noindex": clinic.closed,
        "share_image": absolute(static("share.png")),
    }
