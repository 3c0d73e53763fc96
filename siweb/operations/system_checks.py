"""Configuration mistakes, found by `manage.py check` before a patient finds them. Each has an id and a fix."""

import os

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.db import DatabaseError, connections


@register()
def mail_needs_a_sender(app_configs, **kwargs):
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.DEFAULT_FROM_EMAIL:
        yield Error(
            "EMAIL_URL is set, but not who the mail comes from.",
            hint="Set EMAIL_FROM, such as SI Joint Clinic <no-reply@example.org>.",
            id="siweb.E001",
        )


@register()
def data_directory_is_ours(app_configs, **kwargs):
    is_ours = settings.DATA_DIR.is_dir() and os.access(settings.DATA_DIR, os.W_OK)
    if connections["default"].vendor == "sqlite" and not is_ours:
        yield Error(
            f"DATA_DIR ({settings.DATA_DIR}) is not a directory that this process may write to.",
            hint="Make it, give its owner the right to write, or set DATA_DIR to another.",
            id="siweb.E002",
        )


@register()
def drawings_have_a_size(app_configs, **kwargs):
    from siweb.articles.editorial.publishing import drawings

    sized = drawings()
    for path in sorted((settings.BASE_DIR / "static" / "figures").glob("*.svg")):
        if path.stem not in sized:
            yield Error(
                f"The drawing {path.name} does not say its size, so pages would jump while it loads.",
                hint='Begin its <svg> with viewBox="0 0 WIDTH HEIGHT" in whole numbers.',
                id="siweb.E003",
            )


@register(deploy=True)
def public_site_has_a_proxy(app_configs, **kwargs):
    if settings.PUBLIC and not settings.PROXIES:
        yield Warning(
            "PROXIES is empty, so nobody is believed who says that a request came by https: every page redirects to itself.",
            hint="Set PROXIES to the addresses of the proxy that ends TLS.",
            id="siweb.W001",
        )


@register(deploy=True)
def the_site_is_public(app_configs, **kwargs):
    if not settings.PUBLIC:
        yield Warning(
            "SITE_URL is not set: this is a local site, without https and for this machine only.",
            hint="Set SITE_URL to the https:// address that patients will type.",
            id="siweb.W002",
        )


@register("database")
def the_clinic_has_said_who_it_is(app_configs, databases=None, **kwargs):
    from siweb.clinics.models import Clinic

    if not databases or "default" not in databases:
        return
    try:
        clinic = Clinic.objects.filter(pk=1).first()
    except DatabaseError:  # before the first migrate
        return
    if clinic and clinic.is_example:
        yield Warning(
            "The clinic's facts are an example.",
            hint="Give the clinic's own, then untick “example data”.",
            id="siweb.W003",
        )
    if clinic and clinic.missing():
        yield Warning(
            f"The clinic has not given: {', '.join(clinic.missing())}.",
            hint="Pages say that these are missing until they are given.",
            id="siweb.W004",
        )
