from django.apps import AppConfig
from django.db.models.signals import post_save


class ArticlesConfig(AppConfig):
    name = "siweb.articles"
    label = "articles"

    def ready(self):
        from siweb.clinics.models import Clinic

        post_save.connect(quote_the_clinic_anew, sender=Clinic, dispatch_uid="quote")


def quote_the_clinic_anew(**_):
    """A changed phone number is changed in every article that quotes it, in the same transaction."""
    from siweb.articles.editorial.publishing import refresh

    refresh()
