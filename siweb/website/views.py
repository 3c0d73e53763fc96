"""Pages that belong to no app: home, and what machines ask for."""

from datetime import timedelta

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siweb.articles.models import Publication
from siweb.articles.views import numbered
from siweb.clinics.models import Clinic, Location
from siweb.core.http import public
from siweb.core.models import SiteVersion
from siweb.core.urls import absolute

# What leads on from the home page, by where a patient is now: the pages on a shelf.
DOORS = {"thinking": "deciding", "booked": "preparing", "had": "after"}


@require_safe
def home(request):
    showing = Publication.objects.showing().without_text()
    steps = numbered(showing.filter(kind="step"))
    pages = list(showing.filter(shelf__in=DOORS.values()))
    doors = {door: [page for page in pages if page.shelf == shelf] for door, shelf in DOORS.items()}
    return public(render(request, "website/home.html", {"steps": steps, "doors": doors}))


@require_safe
def sitemap(request):
    pages = [reverse(name) for name in ("home", "guide", "search", "clinics", "enquire")]
    pages += [location.get_absolute_url() for location in Location.objects.all()]
    pages += [page.url for page in Publication.objects.showing().without_text()]
    addresses = [absolute(path) for path in pages]
    return public(render(request, "website/sitemap.xml", {"addresses": addresses}, content_type="application/xml"))


@require_safe
def robots(request):
    closed = Clinic.current().closed
    lines = ["User-agent: *", "Disallow: /" if closed else "Disallow:"]
    lines += [] if closed else [f"Sitemap: {absolute(reverse('sitemap'))}"]
    return public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def security_txt(request):
    """Where to report a weakness (RFC 9116)."""
    clinic = Clinic.current()
    expires = (timezone.now() + timedelta(days=90)).strftime("%Y-%m-%dT00:00:00Z")
    contact = f"mailto:{clinic.email}" if clinic.email else clinic.phone_link
    lines = [f"Contact: {contact}"] if contact else []
    lines += [f"Expires: {expires}", "Preferred-Languages: en"]
    return public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def favicon(request):
    """For browsers that ask for it by this name: others read its address in the page."""
    return public(redirect(static("favicon.ico")))


@require_safe
def manifest(request):
    """Name and icon of the site on a phone's home screen."""
    clinic = Clinic.current()
    icons = [
        {"src": static("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    content = {"name": clinic.name, "start_url": reverse("home"), "display": "browser", "icons": icons}
    return public(JsonResponse(content, content_type="application/manifest+json"))


@require_safe
def change_password(request):
    """Lead a password manager to the page where staff change theirs (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect("admin:password_change")


@never_cache
@require_safe
def healthz(request):
    """For a monitor of the server: 200 while the database answers."""
    return JsonResponse({"version": SiteVersion.current()})
