"""Who may do what: groups and their rights, made again after every migrate."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

MANAGERS, RECEPTION, EDITORS, CLINICIANS = "Practice managers", "Reception", "Editors", "Clinicians"

RIGHTS = {
    MANAGERS: ("enquiries.work_on_enquiry",),
    RECEPTION: ("enquiries.work_on_enquiry",),
    EDITORS: ("articles.write_article",),
    CLINICIANS: ("articles.write_article", "articles.approve_article", "enquiries.see_ticks"),
}


def make_roles(using="default"):
    """Give each group exactly its rights."""
    for app in ("articles", "enquiries"):
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    for name, rights in RIGHTS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set([_permission(right, using) for right in rights])


def _permission(right, using):
    app, _, codename = right.partition(".")
    return Permission.objects.using(using).get(content_type__app_label=app, codename=codename)
