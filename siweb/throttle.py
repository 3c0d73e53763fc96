"""Limits on what strangers may send, without keeping who they are."""

import hashlib
import secrets
import time
from urllib.parse import urlsplit

from django.conf import settings

MOST_ADDRESSES = 10_000


class Throttle:
    """At most `most` acts from one address in `seconds`, counted in this process's memory only.

    Addresses are scrambled with a salt that dies with the count. When the memory is full it starts again: a flood from
    thousands of addresses is for the server in front to stop.
    """

    def __init__(self, most, seconds):
        self.most, self.seconds = most, seconds
        self._forget(time.monotonic())

    def _forget(self, now):
        self.counts, self.salt, self.until = {}, secrets.token_bytes(16), now + self.seconds

    def allows(self, request):
        """Count one act; whether it is within the limit."""
        now = time.monotonic()
        if now >= self.until or len(self.counts) >= MOST_ADDRESSES:
            self._forget(now)
        key = hashlib.blake2b(client_address(request).encode(), key=self.salt, digest_size=8).digest()
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key] <= self.most


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
