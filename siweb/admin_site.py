"""The staff's own site: Django's admin, with only the pages that somebody needs."""

from django.contrib.admin import AdminSite

# Django's own pages that nobody needs: any object's address by its type and key, and lists for fields that we do not use.
NOT_NEEDED = ("view_on_site", "autocomplete")


class StaffSite(AdminSite):
    index_title = "Staff"

    def get_urls(self):
        return [page for page in super().get_urls() if getattr(page, "name", None) not in NOT_NEEDED]
