from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.auth import apps as auth
from django.db import connections
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "siweb"

    def ready(self):
        from siweb import checks, sessions  # noqa: F401  they register what they hold

        post_migrate.connect(complete_the_database, sender=self, dispatch_uid="complete")


class StaffAdminConfig(admin.SimpleAdminConfig):
    """Django's admin with our own site, and in it our own pages only: what other packages would register is not looked for."""

    default = False  # of this module, SiteConfig is
    default_site = "siweb.admin_site.StaffSite"
    pages = ("siweb", "siweb.articles", "siweb.clinics", "siweb.enquiries")

    def ready(self):
        super().ready()
        for app in self.pages:
            import_module(f"{app}.admin")


class AccountsConfig(auth.AuthConfig):
    default = False  # as above
    verbose_name = "Accounts of staff"


def complete_the_database(using, **_):
    """After every migrate: the insert-only triggers, the roles, and the rows that every site has."""
    from siweb.clinics.example import make_example
    from siweb.clinics.models import Clinic
    from siweb.models import SiteVersion
    from siweb.roles import make_roles
    from siweb.triggers import make_triggers

    make_triggers(using)
    tables = connections[using].introspection.table_names()
    if {
        SiteVersion._meta.db_table,
        Clinic._meta.db_table,
        "articles_article",
        "auth_group",
        "enquiries_enquiry",
    } <= set(tables):  # not all, in a partial migrate
        SiteVersion.objects.get_or_create(pk=1)
        make_roles(using)
        make_example()
