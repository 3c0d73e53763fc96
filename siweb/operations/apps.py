from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Commands and system checks. It has no tables."""

    name = "siweb.operations"
    label = "operations"

    def ready(self):
        from . import system_checks  # noqa: F401  registers the checks
