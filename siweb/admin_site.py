"""The staff's own site: Django's admin, with only the pages that somebody needs."""

from django.contrib.admin import AdminSite

from siweb.dashboard import dashboard

# Django's own pages that nobody needs: any object's address by its type and key, and lists for fields that we do not use.
NOT_NEEDED = ("view_on_site", "autocomplete")


class StaffSite(AdminSite):
    def get_urls(self):
        return [page for page in super().get_urls() if getattr(page, "name", None) not in NOT_NEEDED]

    def index(self, request, extra_context=None):
        return super().index(request, dashboard(request.user) | (extra_context or {}))
