"""Where the staff's pages about enquiries are. The pages themselves are functions in siweb/enquiries/staff/."""

from django.contrib import admin
from django.urls import path

from . import workflow
from .models import Enquiry
from .staff import (
    audit,
    bulk,
    clinician,
    complaints,
    data,
    erasure,
    exporting,
    finding,
    hold,
    letter,
    listing,
    page,
    phone_call,
    retention,
    subject,
)
from .staff import replies as replies  # which registers itself

# Route below /admin/enquiries/enquiry/, view, and name after "admin:enquiries_enquiry_".
PAGES = (
    ("", listing.listing, "changelist"),
    ("search/", finding.search, "search"),
    ("several/", bulk.bulk, "several"),
    ("<uuid:pk>/change/", page.page, "change"),
    ("<uuid:pk>/correct/", page.correct, "correct"),
    ("<uuid:pk>/mail-again/", page.mail_again, "mail_again"),
    ("<uuid:pk>/letter/", letter.letter, "letter"),
    ("<uuid:pk>/summary/", clinician.summary, "summary"),
    ("new-from-a-call/", phone_call.call, "call"),
    ("same-contact/", phone_call.same_contact, "same_contact"),
    ("export/", exporting.exporting, "export"),
    ("<uuid:pk>/hold/", hold.hold, "hold"),
    ("<uuid:pk>/erase/", erasure.erasure, "erase"),
    ("data/", data.data, "data"),
    ("data/retention/", retention.retention, "retention"),
    ("data/complaints/", complaints.listing, "complaints"),
    ("data/complaints/add/", complaints.add, "complaint_add"),
    ("data/complaints/<int:pk>/", complaints.change, "complaint"),
    ("data/disclosure/", subject.disclosure, "disclosure"),
    ("data/erasure/", subject.to_erase, "to_erase"),
    ("data/audit/", audit.audit, "audit"),
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
