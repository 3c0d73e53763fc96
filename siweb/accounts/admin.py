"""The accounts of staff, for the practice manager. What may be done to one is in siweb/accounts/services.py."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from . import services, two_factor
from .models import StaffProfile
from .roles import RIGHTS

User = get_user_model()


class AccountForm(forms.ModelForm):
    """Who somebody is and which groups they are in; nothing else about an account is anybody's to type."""

    groups = forms.ModelMultipleChoiceField(
        Group.objects.filter(name__in=RIGHTS), widget=forms.CheckboxSelectMultiple, required=False, label="Works as"
    )

    urgent_emails = forms.BooleanField(
        initial=True,
        required=False,
        label="Urgent e-mails",
        help_text="For clinicians: sent when reception passes on a patient who needs a call now. Untick while they are away.",
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups", "is_active")
        labels = {"username": "Name to sign in with", "is_active": "May sign in"}
        help_texts = {
            "username": "Such as m.jones. Letters, digits and @ . + - _ only.",
            "email": "For reminders of articles to look at again. May be left empty.",
            "is_active": "Untick instead of removing an account: what they did stays theirs.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True  # what they write and decide is signed with it
        if self.instance.pk:
            self.initial["urgent_emails"] = services.gets_urgent_emails(self.instance)

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and not self.errors:
            groups = list(cleaned["groups"])
            services.refuse_to_lose_the_last_manager(self.instance, is_active=cleaned["is_active"], groups=groups)
        return cleaned


@admin.register(User)
class AccountAdmin(admin.ModelAdmin):
    form = AccountForm
    fields = (*AccountForm.Meta.fields, "urgent_emails")
    list_display = ("username", "first_name", "last_name", "works_as", "is_active")
    ordering = ("-is_active", "username")
    actions = None
    change_list_template = "staff/accounts/accounts.html"
    change_form_template = "staff/accounts/account.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="auth_user_changelist"),
            path("add/", wrap(self.add_view), name="auth_user_add"),
            path("<int:object_id>/change/", wrap(self.account), name="auth_user_change"),
            path("<int:pk>/link/", wrap(self.link), name="auth_user_link"),
            path("<int:pk>/second-factor/", wrap(self.remove_second_factor), name="auth_user_second_factor"),
        ]

    def has_module_permission(self, request):
        return request.user.has_perm(services.MANAGE)

    has_add_permission = has_module_permission

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(services.MANAGE)

    has_view_permission = has_change_permission

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_superuser=False).prefetch_related("groups")

    def lookup_allowed(self, lookup, value, request):
        return False  # nothing is filtered here, and nonsense would be a server error

    @admin.display(description="works as")
    def works_as(self, account):
        return ", ".join(group.name for group in account.groups.all())

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Staff accounts"})

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": "A new account"})

    def account(self, request, object_id):
        account, more = self.get_object(request, str(object_id)), {}
        if account:
            more = {
                "title": account.get_full_name() or account.get_username(),
                "events": account.staff_events.all(),
                "has_second_factor": two_factor.has_one(account),
            }
        return self.change_view(request, str(object_id), extra_context=more)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        before = {group.name for group in form.instance.groups.all()} if change else set()
        super().save_related(request, form, formsets, change)
        wanted = {"urgent_emails": form.cleaned_data["urgent_emails"]}
        StaffProfile.objects.update_or_create(account=form.instance, defaults=wanted)
        services.record_changes(form, before, by=request.user, made=not change)

    def log_addition(self, *_):
        """Not in Django's own log beside ours."""

    log_change = log_addition

    def response_add(self, request, obj, post_url_continue=None):
        return self._show_link(request, obj)

    def link(self, request, pk):
        return self._show_link(request, self._posted(request, pk))

    def _show_link(self, request, account):
        link = services.make_link(account, by=request.user)
        context = self.admin_site.each_context(request) | {
            "title": f"A link for {account.get_full_name()}",
            "account": account,
            "link": link,
            "days": services.LINK_DAYS,
        }
        return TemplateResponse(request, "staff/accounts/account_link.html", context)

    def remove_second_factor(self, request, pk):
        account = self._posted(request, pk)
        two_factor.remove(account, by=request.user)
        messages.success(request, f"{account.get_full_name()} sets up a second factor again at the next sign-in.")
        return redirect("admin:auth_user_change", pk)

    def _posted(self, request, pk):
        """The account that a button was pressed for."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        account = self.get_queryset(request).filter(pk=pk).first() if pk < 2**63 else None
        if account is None or request.method != "POST":
            raise Http404
        return account
