"""Guessing is limited: by name and address, by address, and by network; then a pause.

An attempt is counted before the password is looked at, so a hundred at once are a hundred attempts, and a flood costs no
hashing. Nothing is kept of who tried but the name and the address, and the job runner deletes those when the pause is over.
Few wrong passwords lock nobody else out: not the same person at another address, not another person behind the same proxy.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.shortcuts import render
from django.utils import timezone

from siweb.core.client_address import client_address

from .models import SignInAttempts

COOLOFF = timedelta(minutes=15)
FURTHEST = 2 * COOLOFF  # in the future that a count may end: another machine's clock may be ahead, but not by days
ANY_ADDRESS = "0.0.0.0"  # noqa: S104  for what is counted wherever it comes from

Kind = SignInAttempts.Kind


@dataclass(frozen=True)
class Limit:
    """How many attempts of a kind are allowed within COOLOFF.

    Where it `slides`, that is after the latest attempt, so that slow guessing is counted too; else after the first one, so
    that the slips of a whole office do not add up over a day.
    """

    kind: str
    most: int
    slides: bool = True


NAME = Limit(Kind.NAME, 10)
ADDRESS = Limit(Kind.ADDRESS, 30, slides=False)
NETWORK = Limit(Kind.NETWORK, 100, slides=False)
CODE = Limit(Kind.CODE, 10)
RECOVERY = Limit(Kind.RECOVERY, 10)


@dataclass(frozen=True)
class Counter:
    """What a limit is applied to: a name, an address, or both."""

    limit: Limit
    username: str = ""
    address: str = ANY_ADDRESS

    @property
    def rows(self):
        return SignInAttempts.objects.filter(**self._key)

    @property
    def _key(self):
        return {"kind": self.limit.kind, "username": self.username[:150], "address": self.address}

    def is_exhausted(self, now):
        return self.rows.filter(_counts(now), count__gte=self.limit.most).exists()

    def lock(self, now):
        """Hold the row until the transaction ends, making it first where there is none."""
        row, _ = SignInAttempts.objects.select_for_update().get_or_create(
            **self._key, defaults={"count": 0, "until": now + COOLOFF}
        )
        return row

    def add(self, row, now):
        goes_on = now < row.until <= now + FURTHEST
        until = row.until if goes_on and not self.limit.slides else now + COOLOFF
        self.rows.update(count=row.count + 1 if goes_on else 1, until=until)


class LockoutBackend(ModelBackend):
    """Django's own, which looks at a password only while attempts are left."""

    def authenticate(self, request, username=None, password=None, **credentials):
        """Count an attempt from a page. Raises PermissionDenied for one too many, and notes its counter on the request."""
        if request is not None and (refused := register_attempt(*_counters(username or "", request))):
            request.locked_out = refused
            raise PermissionDenied
        return super().authenticate(request, username, password, **credentials)


def forget_on_sign_in(sender, request, user, **kwargs):
    """Forget what was counted under the name, and that this attempt came from its address and network."""
    if request is not None:
        *wider, by_name = _counters(user.get_username(), request)
        by_name.rows.delete()
        for counter in wider:
            counter.rows.filter(count__gt=0).update(count=F("count") - 1)


user_logged_in.connect(forget_on_sign_in, dispatch_uid="lockout")


def _counters(username, request):
    """Of an attempt to sign in, the widest first. A proxy of ours that names nobody stands for everybody: it has no limit."""
    address, network = places_of(request)
    by_name = Counter(NAME, username, address)
    if address in settings.PROXIES:
        return (by_name,)
    return (Counter(NETWORK, address=network), Counter(ADDRESS, address=address), by_name)


def address_of(request):
    return places_of(request)[0]


def places_of(request):
    """(address, network) that a request comes from: of IPv6 /64, which one home has to itself, and /48; of IPv4 /24."""
    for address in (client_address(request), request.META.get("REMOTE_ADDR", "")):
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:  # whatever a header held
            continue
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        lengths = (64, 48) if parsed.version == 6 else (32, 24)
        return tuple(str(ipaddress.ip_network((int(parsed), bits), strict=False)[0]) for bits in lengths)
    return ANY_ADDRESS, ANY_ADDRESS


def register_attempt(*counters):
    """Count one attempt by each counter, unless one of them is exhausted: then return that one, and count nothing."""
    now = timezone.now()
    if refused := next((counter for counter in counters if counter.is_exhausted(now)), None):
        return refused  # without a write: a flood of these keeps nobody from writing
    with transaction.atomic():
        rows = [counter.lock(now) for counter in counters]
        now = timezone.now()  # to lock them may have taken a while
        if refused := next((counter for counter in counters if counter.is_exhausted(now)), None):
            return refused
        for counter, row in zip(counters, rows, strict=True):
            counter.add(row, now)
    return None


def _counts(now):
    """Which rows are neither over nor left in the future by a wrong clock."""
    return Q(until__gt=now, until__lte=now + FURTHEST)


def forget_old_attempts(now):
    SignInAttempts.objects.exclude(_counts(now)).delete()


def locked_out(request, counter):
    """The page that says for how long."""
    until = counter.rows.values_list("until", flat=True).first()
    left = until - timezone.now() if until else COOLOFF
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    context = {"title": "Too many attempts", "minutes": minutes, "kind": counter.limit.kind, "most": counter.limit.most}
    page = render(request, "staff/accounts/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page
