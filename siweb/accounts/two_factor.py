"""The second factor: an app on a phone that shows a code of six digits, and ten recovery codes on paper.

Compulsory on a public site: until it is set up, or its code given, no page of the staff is open. On a local site it is
offered, and asked of the person who has set it up.
"""

import django_otp
import segno
from django.conf import settings
from django.db import transaction
from django.utils.safestring import mark_safe
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from siweb.core.http import number_in

from . import lockout, services

KEY = "second_factor_key"  # in the session, until the first code is given
RECOVERY_CODES = 10


def has_one(user):
    return TOTPDevice.objects.filter(user=user).exists()


def is_missing(user):
    """Whether somebody who has given the password must still set up the second factor, or give its code."""
    if user.is_verified():
        return False
    if not hasattr(user, "must_give_code"):  # asked several times for each page
        user.must_give_code = settings.PUBLIC or has_one(user)
    return user.must_give_code


# --- Setting it up ------------------------------------------------------------------------------------
def key_for(request):
    """The key that a phone is to hold, the same until it does."""
    return request.session.setdefault(KEY, default_key())


def in_fours(words):
    return " ".join(words[at : at + 4] for at in range(0, len(words), 4))


def qr_code(user, key):
    """(what a phone's camera reads, the key as text for the person who types it)."""
    device = TOTPDevice(user=user, key=key)
    picture = segno.make(device.config_url).svg_inline(scale=5, light="#fff", title="Code for your authenticator app")
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return mark_safe(picture), in_fours(secret)  # noqa: S308  drawn here, of our own words


def set_up(request, typed):
    """Keep the key if the code is of it; the recovery codes, or None. The code cannot be used again."""
    key, user = request.session.get(KEY), request.user
    check = TOTP(bytes.fromhex(key)) if key else None
    if not (check and check.verify(number_in(typed), tolerance=1)):
        return None
    with transaction.atomic():
        services.lock(user)
        if has_one(user):  # in another tab
            return None
        device = TOTPDevice.objects.create(user=user, name="app", key=key, drift=check.drift, last_t=check.t())
        services.record(user, "set up the second factor", by=user)
        codes = _make_recovery_codes(user)
    del request.session[KEY]
    _verified(request, device)
    return codes


@transaction.atomic
def new_recovery_codes(user):
    services.lock(user)
    services.record(user, "made new recovery codes", by=user)
    return _make_recovery_codes(user)


def _make_recovery_codes(user):
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return [in_fours(code) for code in codes]


def recovery_codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(user, *, by):
    """Somebody's phone is lost, or another is to take its place: they set it up again at the next sign-in."""
    services.lock(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    services.record(user, "removed the second factor", by=by)


# --- Giving its code ----------------------------------------------------------------------------------
def counter_of(request, typed):
    """What an attempt is counted by.

    Digits are counted for the person wherever they are, because there are few of them. Recovery codes are counted apart, and
    by address: a thief of the password who uses up the attempts does not lock the owner out.
    """
    if _plain(typed).isdecimal():
        return lockout.Counter(lockout.CODE, request.user.get_username())
    return lockout.Counter(lockout.RECOVERY, request.user.get_username(), lockout.address_of(request))


def _plain(typed):
    return "".join(character for character in typed.lower() if character.isalnum())


def give(request, typed):
    """Whether the code is right: six digits of the app, or a recovery code, each once."""
    counter, typed = counter_of(request, typed), _plain(typed)
    kind = TOTPDevice if typed.isdecimal() else StaticDevice
    for device in kind.objects.filter(user=request.user):
        if verified := django_otp.verify_token(request.user, device.persistent_id, typed):
            counter.rows.delete()
            _verified(request, verified)
            return True
    return False


def _verified(request, device):
    request.session.cycle_key()
    django_otp.login(request, device)
