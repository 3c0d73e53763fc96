"""The pages on which staff sign in and out: the code, setting up the second factor, and choosing a password."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from . import lockout, services, two_factor
from .session_timeout import WHY


class SignInForm(AdminAuthenticationForm):
    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": "The name or the password is not right. Both tell small letters from capitals. "
        "If you were sure, ask the practice manager whether you may sign in."
    }


def sign_in_context(request):
    return {
        "title": "Sign in",
        "why": WHY.get(request.GET.get("why"), ""),
        "next": wanted(request),
        "app_path": reverse("admin:login"),
    }


def wanted(request):
    """Where somebody was going when they were asked to sign in: a page of ours, that is there to be looked at."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours and address.startswith("/") else reverse("admin:index")


def onwards(request):
    """On to the code or its setting up while they are needed, else to where somebody wanted to go."""
    if not two_factor.is_missing(request.user):
        return redirect(wanted(request))
    step = "admin:code" if two_factor.has_one(request.user) else "admin:second_factor"
    return redirect(f"{reverse(step)}?{urlencode({'next': wanted(request)})}")


def page(request, template, title, status=200, **more):
    context = admin.site.each_context(request) | {"title": title, "next": wanted(request)} | more
    return render(request, f"staff/accounts/{template}.html", context, status=status)


@require_POST
def sign_out(request):
    logout(request)
    return redirect(f"{reverse('admin:login')}?why=out")


@sensitive_post_parameters("code")
def code(request):
    """The second step: six digits of the app, or a recovery code."""
    if not two_factor.has_one(request.user) or request.user.is_verified():
        return onwards(request)
    if request.method != "POST":
        return page(request, "code", "Your code")
    typed = request.POST.get("code", "")
    if refused := lockout.register_attempt(two_factor.counter_of(request, typed)):
        return lockout.locked_out(request, refused)
    if not two_factor.give(request, typed):
        problem = (
            "That code is not right, or it has been used. Wait for the next one in your app, and type it here."
            if typed.strip()
            else "Type the six digits that your app shows."
        )
        return page(request, "code", "Your code", status=422, problem=problem)
    left = two_factor.recovery_codes_left(request.user)
    if left < two_factor.RECOVERY_CODES // 3:
        messages.warning(request, f"You have {left} recovery codes left. Make new ones under “Second factor”.")
    return redirect(wanted(request))


def second_factor_page(request):
    """What one is told to do about the second factor."""
    if not two_factor.has_one(request.user):
        return _set_up(request)
    return _set_up_already(request) if request.user.is_verified() else onwards(request)


def _set_up_already(request):
    """The page of the person who has one: new recovery codes, or another phone."""
    act = request.POST.get("do")
    if act == "codes":
        return _show_codes(request, two_factor.new_recovery_codes(request.user))
    if act == "again":
        two_factor.remove(request.user, by=request.user)
        return redirect("admin:second_factor")
    left = two_factor.recovery_codes_left(request.user)
    return page(request, "second_factor", "Your second factor", left=left)


@sensitive_post_parameters("code")
def _set_up(request):
    """The page of the person who has none yet: a key for the phone, and a first code from it."""
    problem = ""
    if request.method == "POST":
        codes = two_factor.set_up(request, "".join(request.POST.get("code", "").split()))
        if codes:
            return _show_codes(request, codes)
        problem = "That code is not right. Check the time on your phone, wait for the next code, and type it here."
    picture, key = two_factor.qr_code(request.user, two_factor.key_for(request))
    found = {"picture": picture, "key": key, "problem": problem}
    return page(request, "set_up", "Set up your second factor", status=422 if problem else 200, **found)


def _show_codes(request, codes):
    return page(request, "recovery_codes", "Your recovery codes", codes=codes)


# --- Passwords ----------------------------------------------------------------------------------------
@sensitive_post_parameters()
def change_password(request):
    """Everybody changes their own. Where they have signed in elsewhere, they are signed out."""
    counter = lockout.Counter(lockout.NAME, request.user.get_username(), lockout.address_of(request))
    if request.method == "POST" and (refused := lockout.register_attempt(counter)):
        return lockout.locked_out(request, refused)
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        counter.rows.delete()
        form.save(commit=False)  # hashes the password, which may wait, before the database is locked
        with transaction.atomic():
            form.user.save()
            services.record(request.user, "changed their own password", by=request.user)
        update_session_auth_hash(request, form.user)
        messages.success(
            request, "Your password is changed. Other browsers in which you were signed in are signed out."
        )
        return redirect("admin:index")
    return page(request, "password", "Change your password", status=422 if form.is_bound else 200, form=form)


@sensitive_post_parameters()
def choose_password(request, pk, token):
    """Where a link from the practice manager leads: to a first password, or a new one when it was forgotten."""
    account = services.owner_of_link(pk, token)
    if account is None:
        return page(request, "link_is_over", "This link works no more", status=404)
    form = SetPasswordForm(account, request.POST or None)
    if form.is_valid():
        form.save(commit=False)
        with transaction.atomic():
            account.save()
            services.record(account, "chose a password", by=account)
        return redirect(f"{reverse('admin:login')}?why=chosen")
    return page(request, "password", "Choose your password", 422 if form.is_bound else 200, form=form, account=account)
