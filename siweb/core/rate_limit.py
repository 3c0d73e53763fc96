"""Limits on what strangers may send, without keeping who they are."""

import hashlib
import secrets
import time

from .client_address import client_address

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
