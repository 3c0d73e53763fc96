from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "siweb"

    def ready(self):
        from siweb import checks  # noqa: F401  registers them
        from siweb.clinics.example import make_example
        from siweb.models import SiteVersion
        from siweb.triggers import make_triggers

        # Each once after a migrate. Triggers too: SQLite drops a table's silently when it is rebuilt.
        for made in (make_triggers, SiteVersion.make, make_example):
            post_migrate.connect(made, sender=self, dispatch_uid=made.__qualname__)
