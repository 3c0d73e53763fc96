from django.apps import AppConfig

from siweb.core.apps import after_migrate


class ClinicsConfig(AppConfig):
    name = "siweb.clinics"
    label = "clinics"

    def ready(self):
        from .example import make_example

        after_migrate(make_example, tables=["clinics_clinic", "clinics_location", "siweb_siteversion"])
