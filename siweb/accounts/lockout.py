"""Guessing is limited: ten tries for each name and address, then a pause. django-axes asks here before a password is looked at.

A try is counted first and judged after, so a hundred at once are a hundred tries. Nothing else is kept of who tried than
name and address, and the tick forgets those when the pause is over. Nobody else is locked out: not the same person at
another address, not another person behind the same proxy.
"""

import ipaddress
from datetime import timedelta
from math import ceil

from axes.handlers.proxy import AxesHandler
from axes.models import AccessAttempt
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone

from siweb.core.client_address import client_address

MOST = 10
PAUSE = timedelta(minutes=15)
ANYWHERE = "0.0.0.0"  # noqa: S104  for what is counted wherever it comes from


class Handler(AxesHandler):
    """What django-axes asks and tells."""

    def is_allowed(self, request, credentials=None):
        request.axes_credentials = {"username": credentials["username"]}  # whose lock-out the page tells of
        return may_try(credentials["username"], address_of(request))

    def user_logged_in(self, sender, request, user, **kwargs):
        forget_tries(user.get_username(), address_of(request))

    def post_save_access_attempt(self, instance, **kwargs):
        """Nothing more to do; django-axes calls it."""

    post_delete_access_attempt = post_save_access_attempt


def address_of(request):
    """Where a request comes from; of IPv6 the network, because everybody there has as many addresses as they like."""
    for said in (client_address(request), request.META.get("REMOTE_ADDR", "")):
        try:
            address = ipaddress.ip_address(said)
        except ValueError:  # whatever a header held
            continue
        if address.version == 6 and not address.ipv4_mapped:
            return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
        return str(getattr(address, "ipv4_mapped", None) or address)
    return ANYWHERE


@transaction.atomic
def may_try(name, address):
    """Count one try, unless there were too many of late; whether it may be made."""
    now = timezone.now()
    tries, first = AccessAttempt.objects.select_for_update().get_or_create(
        username=name[:150], ip_address=address, user_agent="", defaults={"failures_since_start": 1}
    )
    if first:
        return True
    many = 0 if tries.attempt_time <= now - PAUSE else tries.failures_since_start
    if many >= MOST:
        return False
    AccessAttempt.objects.filter(pk=tries.pk).update(failures_since_start=many + 1, attempt_time=now)
    return True


def forget_tries(name, address):
    AccessAttempt.objects.filter(username=name[:150], ip_address=address).delete()


def forget_old_tries(now):
    AccessAttempt.objects.filter(attempt_time__lte=now - PAUSE).delete()


def locked_out(request, response=None, credentials=None, name=None, address=None):
    """The page that says for how long. django-axes shows it in place of the response."""
    name = name or (credentials or {}).get("username", "")
    last = AccessAttempt.objects.filter(username=name[:150], ip_address=address or address_of(request)).first()
    left = last.attempt_time + PAUSE - timezone.now() if last else PAUSE
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    page = render(
        request, "staff/accounts/locked_out.html", {"title": "Too many tries", "minutes": minutes}, status=429
    )
    page.headers["Retry-After"] = str(minutes * 60)
    return page
