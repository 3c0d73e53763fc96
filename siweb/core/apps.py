from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """What every other app builds on. Its label is `siweb`, as its tables are named."""

    name = "siweb.core"
    label = "siweb"

    def ready(self):
        from .insert_only import make_triggers
        from .models import SiteVersion

        after_migrate(make_triggers)
        after_migrate(
            lambda using: SiteVersion.objects.using(using).get_or_create(pk=1), tables=[SiteVersion._meta.db_table]
        )


def after_migrate(complete, tables=()):
    """Have `complete(using)` called after every migrate that leaves all of `tables` in the database.

    Call it in the `ready` of an app that is installed after this one. Django sends post_migrate once for each app that has
    a models module, and never for one that has none: so whatever completes the database listens to this app's.
    """

    def receive(using, **_):
        if set(tables) <= set(connections[using].introspection.table_names()):
            complete(using)

    post_migrate.connect(receive, sender=apps.get_app_config("siweb"), weak=False)
