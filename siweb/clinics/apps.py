from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "siweb.clinics"
    label = "clinics"
