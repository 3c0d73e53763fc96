from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.contrib.auth import apps as auth
from django.utils.module_loading import module_has_submodule

from siweb.core.apps import after_migrate


class AccountsConfig(AppConfig):
    """Staff and how they sign in. Their rows are in Django's own auth app."""

    name = "siweb.accounts"
    label = "accounts"
    default = True  # of this module

    def ready(self):
        from . import lockout, session_timeout  # noqa: F401  listen to sign-ins
        from .roles import make_roles

        # Rights belong to these apps: in a migrate of one app alone the others' tables may not be there yet.
        after_migrate(make_roles, tables=["auth_group", "articles_article", "clinics_clinic", "enquiries_enquiry"])


class StaffAuthConfig(auth.AuthConfig):
    """Django's auth app under the name that staff see."""

    default = False
    verbose_name = "Accounts of staff"


class StaffAdminConfig(admin.SimpleAdminConfig):
    """Django's admin with our own site, and in it our own pages only: what other packages would register is not looked for."""

    default = False
    default_site = "siweb.accounts.admin_site.StaffSite"

    def ready(self):
        super().ready()
        for app in apps.get_app_configs():
            if app.name.startswith("siweb.") and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
