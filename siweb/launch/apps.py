from django.apps import AppConfig


class LaunchConfig(AppConfig):
    """Opening the site. Its tables are the clinic's."""

    name = "siweb.launch"
    label = "launch"
