"""The rules of staff accounts: the practice manager makes and disables them, and everything that is done to one is written down.

Nobody but its owner ever knows a password: a new account gets a link that works once, and its owner chooses one there.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from siweb.core.models import StaffEvent
from siweb.core.urls import absolute

from .models import StaffProfile
from .roles import MANAGERS

MANAGE = "siweb.manage_accounts"
LINK_DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)

User = get_user_model()


def record(account, verb, *, by, note=""):
    return StaffEvent.record(verb, by=by, note=note, account=account)


def staff_with(permission):
    """Return the accounts of staff who may sign in and have a permission by their groups."""
    backend = "django.contrib.auth.backends.ModelBackend"
    able = User.objects.with_perm(permission, backend=backend, include_superusers=False)
    return able.filter(is_active=True, is_staff=True).order_by("first_name", "last_name", "username")


def gets_urgent_emails(account):
    """Check whether urgent e-mails are switched on for an account, as they are unless a manager has switched them off."""
    return not StaffProfile.objects.filter(account=account, urgent_emails=False).exists()


def lock(user):
    """Hold an account until the transaction ends."""
    return User.objects.select_for_update().get(pk=user.pk)


def refuse_to_lose_the_last_manager(account, *, is_active, groups):
    """Raise ValidationError if nobody could manage accounts any more. Call it inside the transaction that changes one."""
    managers = Group.objects.select_for_update().get(name=MANAGERS)  # one such change at a time
    active = set(managers.user_set.filter(is_active=True, is_staff=True).values_list("pk", flat=True))
    if active == {account.pk} and not (is_active and managers in groups):
        raise ValidationError(
            "This is the last practice manager who can sign in. Make somebody else a practice manager first."
        )


def record_changes(form, groups_before, *, by, made):
    """Write down what a form has done to an account: which fields, and which groups it is in now."""
    account, changed = form.instance, form.changed_data
    if made:
        record(account, "made the account", by=by, note=_in_words(account.groups.all()))
    if not made and "is_active" in changed:
        record(account, "enabled the account" if account.is_active else "disabled the account", by=by)
    if not made and "groups" in changed:
        note = f"{', '.join(sorted(groups_before)) or 'nothing'} → {_in_words(account.groups.all())}"
        record(account, "changed what they work as", by=by, note=note)
    others = [form.fields[name].label.lower() for name in changed if name not in ("is_active", "groups")]
    if not made and others:
        record(account, "changed the account", by=by, note=", ".join(others))


def _in_words(groups):
    return ", ".join(sorted(group.name for group in groups)) or "nothing"


# --- Links to choose a password -----------------------------------------------------------------------
@transaction.atomic
def make_link(account, *, by):
    """The address where its owner chooses a password, once. The old password, and older links, work no more."""
    account = lock(account)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    record(account, "gave a link to choose a password", by=by)
    return absolute(reverse("admin:choose_password", args=[account.pk, default_token_generator.make_token(account)]))


def owner_of_link(pk, token):
    """The account that a link is for; None when it is over."""
    account = User.objects.filter(pk=pk, is_active=True).first()
    return account if account and default_token_generator.check_token(account, token) else None
