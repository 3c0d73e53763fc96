"""Guessing is limited: ten attempts for each name and address, then a pause.

An attempt is counted before the password is looked at, so a hundred at once are a hundred attempts. Nothing is kept of who
tried but the name and the address, and the job runner deletes those when the pause is over. Nobody else is locked out: not
the same person at another address, not another person behind the same proxy.
"""

import ipaddress
from datetime import timedelta
from math import ceil

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone

from siweb.core.client_address import client_address

from .models import SignInAttempts

FAILURE_LIMIT = 10
COOLOFF = timedelta(minutes=15)
ANY_ADDRESS = "0.0.0.0"  # noqa: S104  for what is counted wherever it comes from


class LockoutBackend(ModelBackend):
    """Django's own, which looks at a password only while attempts are left."""

    def authenticate(self, request, username=None, password=None, **credentials):
        """Count an attempt from a page. Raises PermissionDenied for one too many, and notes its name on the request."""
        if request is not None and not register_attempt(username or "", address_of(request)):
            request.locked_out = username or ""
            raise PermissionDenied
        return super().authenticate(request, username, password, **credentials)


def forget_on_sign_in(sender, request, user, **kwargs):
    if request is not None:
        forget_attempts(user.get_username(), address_of(request))


user_logged_in.connect(forget_on_sign_in, dispatch_uid="lockout")


def address_of(request):
    """Where a request comes from; of IPv6 the network, because everybody there has as many addresses as they like."""
    for address in (client_address(request), request.META.get("REMOTE_ADDR", "")):
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:  # whatever a header held
            continue
        if parsed.version == 6 and not parsed.ipv4_mapped:
            return str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return ANY_ADDRESS


@transaction.atomic
def register_attempt(username, address):
    """Count one attempt, unless there were too many in the last COOLOFF; whether it is allowed."""
    now = timezone.now()
    attempts, is_first = SignInAttempts.objects.select_for_update().get_or_create(
        username=username[:150], address=address, defaults={"latest": now}
    )
    if is_first:
        return True
    count = attempts.count if abs(now - attempts.latest) < COOLOFF else 0  # later than now: by a clock that was ahead
    if count >= FAILURE_LIMIT:
        return False
    SignInAttempts.objects.filter(pk=attempts.pk).update(count=count + 1, latest=now)
    return True


def forget_attempts(username, address):
    SignInAttempts.objects.filter(username=username[:150], address=address).delete()


def forget_old_attempts(now):
    SignInAttempts.objects.exclude(latest__range=(now - COOLOFF, now + COOLOFF)).delete()


def locked_out(request, username, address=None):
    """The page that says for how long."""
    latest = SignInAttempts.objects.filter(username=username[:150], address=address or address_of(request)).first()
    left = latest.latest + COOLOFF - timezone.now() if latest else COOLOFF
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    page = render(
        request, "staff/accounts/locked_out.html", {"title": "Too many tries", "minutes": minutes}, status=429
    )
    page.headers["Retry-After"] = str(minutes * 60)
    return page
