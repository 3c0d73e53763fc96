from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "siweb.enquiries"
    label = "enquiries"
