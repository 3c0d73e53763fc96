"""Where the staff's pages about enquiries are. The pages themselves are functions in siweb/enquiries/staff/."""

from django.contrib import admin, messages
from django.urls import path
from django.utils import timezone

from . import outbox, workflow
from .models import Enquiry
from .references import read_reference
from .staff import exporting, letter, page, phone_call
from .staff.timeline import of_mail as in_words

# Route below /admin/enquiries/enquiry/, view, and name after "admin:enquiries_enquiry_".
PAGES = (
    ("<uuid:pk>/change/", page.page, "change"),
    ("<uuid:pk>/correct/", page.correct, "correct"),
    ("<uuid:pk>/mail-again/", page.mail_again, "mail_again"),
    ("<uuid:pk>/letter/", letter.letter, "letter"),
    ("new-from-a-call/", phone_call.call, "call"),
    ("same-contact/", phone_call.same_contact, "same_contact"),
    ("export/", exporting.exporting, "export"),
)


class Overdue(admin.SimpleListFilter):
    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "overdue")]

    def queryset(self, request, queryset):
        return queryset.overdue(timezone.now()) if self.value() else queryset


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    list_display = ("reference", "created_at", "state", "outcome", "due", "call", "mail")
    list_filter = (Overdue, "state", "call")
    search_fields = ("reference",)
    search_help_text = "Reference, such as SIJ-7F3K"
    ordering = ("due_at",)
    actions = None

    def get_urls(self):
        wrap = self.admin_site.admin_view
        pages = [("", self.changelist_view, "changelist"), *PAGES]
        return [path(route, wrap(view), name=f"enquiries_enquiry_{name}") for route, view, name in pages]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_view_permission(self, request, obj=None):
        return bool(workflow.kinds_of(request.user))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        enquiries = super().get_queryset(request).prefetch_related("outbox")
        return enquiries if workflow.RECEPTION in workflow.kinds_of(request.user) else enquiries.needs_a_call()

    def get_search_results(self, request, queryset, search_term):
        return (queryset.filter(reference=read_reference(search_term)) if search_term else queryset), False

    def lookup_allowed(self, lookup, value, request):
        # Only our own filters: nonsense for others (created_at__year=999999999999) would be a server error.
        return lookup.partition("__")[0] in (Overdue.parameter_name, "state", "call")

    @admin.display(description="reply due", ordering="due_at")
    def due(self, enquiry):
        late = enquiry.state == Enquiry.State.NEW and enquiry.due_at < timezone.now()
        judge = " – spam? please judge" if enquiry.is_unconfirmed_spam else ""
        return f"{timezone.localtime(enquiry.due_at):%a %d %b %H:%M}{' – overdue' if late else judge}"

    @admin.display(description="mail")
    def mail(self, enquiry):
        return "; ".join(in_words(message) for message in enquiry.outbox.all())

    def changelist_view(self, request, extra_context=None):
        if problem := outbox.waiting_because():
            messages.warning(request, problem)
        return super().changelist_view(request, extra_context)
