"""The letters that reception sends often, kept by the practice manager: never removed, only taken out of use."""

from django import forms
from django.contrib import admin
from django.urls import path

from siweb.enquiries.models import CannedReply

from .privacy_home import MANAGE


class ReplyForm(forms.ModelForm):
    class Meta:
        model = CannedReply
        fields = ("title", "subject", "body", "in_use")
        widgets = {
            "subject": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        }
        labels = {"body": "Letter"}


@admin.register(CannedReply)
class ReplyAdmin(admin.ModelAdmin):
    form = ReplyForm
    list_display = ("title", "subject", "in_use")
    ordering = ("-in_use", "title")
    actions = None

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="enquiries_cannedreply_changelist"),
            path("add/", wrap(self.add_view), name="enquiries_cannedreply_add"),
            path("<int:object_id>/change/", wrap(self.change), name="enquiries_cannedreply_change"),
        ]

    def change(self, request, object_id):
        return self.change_view(request, str(object_id))

    def has_module_permission(self, request):
        return request.user.has_perm(MANAGE)

    has_add_permission = has_module_permission

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)

    has_view_permission = has_change_permission

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request):
        return False  # nothing is filtered here, and nonsense would be a server error

    def log_addition(self, *_):
        """Not in Django's own log: what staff do is written down in ours."""

    log_change = log_addition
