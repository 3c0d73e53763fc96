"""The clinic's facts, its places and its people, kept right by staff. What they change, readers see at once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.shortcuts import redirect
from django.urls import path

from siweb.core.models import SiteVersion

from .models import Clinic, Location, Practitioner


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin):
    """One row, so one page: there is no list of clinics, none to add and none to remove."""

    fieldsets = (
        (None, {"fields": ("name", "is_example", "phone", "hours", "special_hours", "email")}),
        ("Who runs it", {"fields": ("legal_name", "regulator", "regulator_link", "rating")}),
        ("Patients' data", {"fields": ("controller", "registration", "lawful_basis", "retention_months")}),
        ("Replies to patients", {"fields": ("nation", "reply_days", "replies_read")}),
        ("Articles", {"fields": ("one_clinician", "review_months")}),
    )
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    change_form_template = "staff/clinics/clinic.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="clinics_clinic_changelist"),
            path("<int:object_id>/history/", wrap(self.history_view), name="clinics_clinic_history"),
            path("<int:object_id>/change/", wrap(self.change_view), name="clinics_clinic_change"),
        ]

    def changelist_view(self, request, extra_context=None):
        if not self.has_change_permission(request):
            raise PermissionDenied
        return redirect("admin:clinics_clinic_change", 1)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, str(object_id), form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        return super().history_view(request, str(object_id), extra_context)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """Pages that quote a fact are written again with it, in the one transaction.

        Only what was changed is written: somebody else may have opened or closed the site meanwhile.
        """
        obj.save(update_fields=form.changed_data)


class ShownToReadersAdmin(admin.ModelAdmin):
    actions = None  # one at a time: each is looked at before it goes
    save_as_continue = False

    def lookup_allowed(self, lookup, value, request):
        return False  # nothing is filtered here, and nonsense would be a server error

    def save_related(self, request, form, formsets, change):
        """Which places somebody works at is saved after the rest: the site's version moves for that too."""
        super().save_related(request, form, formsets, change)
        SiteVersion.move()


@admin.register(Location)
class LocationAdmin(ShownToReadersAdmin):
    list_display = ("name", "phone", "offers_injections")
    prepopulated_fields = {"slug": ("name",)}

    def view_on_site(self, location):
        return location.get_absolute_url()

    def delete_view(self, request, object_id, extra_context=None):
        location = self.get_object(request, object_id)
        waiting = location and location.answers.of_open_enquiries().count()
        if waiting and self.has_delete_permission(request, location):
            many = "1 open enquiry asks" if waiting == 1 else f"{waiting} open enquiries ask"
            message = f"{location} cannot be removed yet: {many} for it. Close what is open first, then remove it."
            messages.error(request, message)
            return redirect("admin:clinics_location_change", location.pk)
        return super().delete_view(request, object_id, extra_context)


@admin.register(Practitioner)
class PractitionerAdmin(ShownToReadersAdmin):
    list_display = ("name", "role", "register", "number")
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}
