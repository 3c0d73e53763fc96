from django.apps import AppConfig
from django.db.models.signals import post_save


class ArticlesConfig(AppConfig):
    name = "siweb.articles"
    label = "articles"

    def ready(self):
        from siweb.clinics.models import Clinic
        from siweb.core import page_roles, shared_texts

        shared_texts.register_signs(published_signs)
        page_roles.register_addresses(addresses_by_role)
        post_save.connect(quote_the_clinic_again, sender=Clinic, dispatch_uid="quote")


def published_signs():
    """The warning signs that readers see, in the order of their text."""
    from siweb.articles.editorial import publishing  # models are not ready when this module is imported

    return publishing.published_signs()


def addresses_by_role():
    """{role: path} of the pages that readers see."""
    from siweb.articles.models import Publication

    return {role: path for role, (_, path) in Publication.objects.by_role().items()}


def quote_the_clinic_again(**_):
    """A changed phone number is changed in every article that quotes it, in the same transaction."""
    from siweb.articles.editorial.publishing import refresh

    refresh(is_strict=False)
