"""Where a request came from."""

from urllib.parse import urlsplit

from django.conf import settings


def client_address(request):
    """The address that a request came from: the last one that a proxy of ours wrote down, else the peer's own."""
    peer = request.META.get("REMOTE_ADDR", "")
    if peer in settings.PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        for address in reversed([part.strip() for part in forwarded if part.strip()]):
            if address not in settings.PROXIES:
                return address[:45]
    return peer


def from_here(request):
    """Whether a request came from a page of this site, as far as its browser says."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc == request.get_host()
