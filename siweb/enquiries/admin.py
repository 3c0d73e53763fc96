"""Where the staff's pages about enquiries are. The pages themselves are functions in siweb/enquiries/staff/."""

from django.contrib import admin
from django.urls import path

from .casework import workflow
from .models import Enquiry
from .staff import (
    access_log,
    bulk_actions,
    clinician,
    clock,
    complaints,
    enquiry,
    erasure,
    export,
    holds,
    letter,
    phone_call,
    privacy_home,
    queue_list,
    retention,
    search,
    subject_access,
)
from .staff import replies as replies  # which registers itself

# Route below /admin/enquiries/enquiry/, view, and name after "admin:enquiries_enquiry_".
PAGES = (
    ("", queue_list.listing, "changelist"),
    ("search/", search.search, "search"),
    ("several/", bulk_actions.bulk, "several"),
    ("<uuid:pk>/change/", enquiry.page, "change"),
    ("<uuid:pk>/correct/", enquiry.correct, "correct"),
    ("<uuid:pk>/mail-again/", enquiry.mail_again, "mail_again"),
    ("<uuid:pk>/letter/", letter.letter, "letter"),
    ("<uuid:pk>/summary/", clinician.summary, "summary"),
    ("new-from-a-call/", phone_call.call, "call"),
    ("same-contact/", phone_call.same_contact, "same_contact"),
    ("export/", export.exporting, "export"),
    ("<uuid:pk>/hold/", holds.hold, "hold"),
    ("<uuid:pk>/erase/", erasure.erasure, "erase"),
    ("data/", privacy_home.data, "data"),
    ("data/clock/", clock.confirm, "clock"),
    ("data/retention/", retention.retention, "retention"),
    ("data/complaints/", complaints.listing, "complaints"),
    ("data/complaints/add/", complaints.add, "complaint_add"),
    ("data/complaints/<int:pk>/", complaints.change, "complaint"),
    ("data/disclosure/", subject_access.disclosure, "disclosure"),
    ("data/erasure/", subject_access.to_erase, "to_erase"),
    ("data/audit/", access_log.audit, "audit"),
)


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    """What Django's admin asks of a model: who may see that it is there."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"enquiries_enquiry_{name}") for route, view, name in PAGES]

    def has_module_permission(self, request):
        return bool(workflow.kinds_of(request.user))

    def has_view_permission(self, request, obj=None):
        return bool(workflow.kinds_of(request.user))

    has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
