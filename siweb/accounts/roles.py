"""Who may do what: groups and their rights, made again after every migrate."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

MANAGERS, RECEPTION, EDITORS, CLINICIANS = "Practice managers", "Reception", "Editors", "Clinicians"

_PLACES_AND_PEOPLE = tuple(
    f"clinics.{verb}_{model}" for model in ("location", "practitioner") for verb in ("add", "change", "delete")
)

RIGHTS = {
    MANAGERS: (
        *("enquiries.work_on_enquiry", "enquiries.manage_enquiries"),
        *("siweb.manage_accounts", "clinics.change_clinic", *_PLACES_AND_PEOPLE),
    ),
    RECEPTION: ("enquiries.work_on_enquiry",),
    EDITORS: ("articles.write_article", *_PLACES_AND_PEOPLE),
    CLINICIANS: ("articles.write_article", "articles.approve_article", "enquiries.see_ticks"),
}


def make_roles(using="default"):
    """Give each group exactly its rights."""
    for app in ("articles", "clinics", "enquiries", "siweb"):
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    for name, rights in RIGHTS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set([_permission(right, using) for right in rights])


def _permission(right, using):
    app, _, codename = right.partition(".")
    return Permission.objects.using(using).get(content_type__app_label=app, codename=codename)
