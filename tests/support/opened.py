"""A public site on which everything holds that has to before it is opened, in tests."""

import pytest

from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic, LawfulBasis, Location, MailTest
from siweb.core.page_roles import NEEDED, ROLES
from siweb.launch import checklist, email_test
from tests.support.deciding import signed
from tests.support.mailserver import CLINIC, set_mail_server
from tests.support.serving import free_port

PHONE = "0161 715 0000"

_RULES = "".join(f"{key}\n:   What about {key}?\n:   We say so.\n\n" for key in checklist.RULES)
_SIGN = (
    "numb\n:   level: emergency\n:   group: nerves\n:   for: everyone\n:   short: new numbness\n:   source: clinic\n"
    ":   typed: numb\n:   New numbness.\n"
)
_TEXTS = {
    "our-rules": (_RULES, "rules", "rules"),
    "privacy": ("We keep it [[clinic:retention]].\n", "page", "privacy"),
    "complaints": ("Write to us.\n", "topic", "complaints"),
    "when-to-get-help": ("Call 999.\n", "topic", "help"),
    "warning-signs": (_SIGN, "signs", "signs"),
    "before-you-come": ("Eat something.\n", "step", "preparation"),
    "procedure": ("It takes a while. You may drive: [[rule:driving]]\n", "step", "procedure"),
    "aftercare": ("Rest.\n", "step", "aftercare"),
}
APPROVED = ("our-rules", "when-to-get-help", "warning-signs", "before-you-come", "procedure", "aftercare")


@pytest.fixture
def ready(settings, content, clinician):
    """The site, closed still, with everything there."""
    settings.PUBLIC = True
    set_mail_server(settings, free_port())
    for slug, (body, kind, role) in _TEXTS.items():
        content(slug, body, kind=kind, role=role, title=slug.capitalize())
    with_needed_roles(content)
    sync.import_folder(content.folder)
    for article in Article.objects.filter(slug__in=APPROVED):
        signed(article.live, by=clinician)
    for place in Location.objects.all():
        place.is_example, place.phone = False, PHONE
        place.save()
    give(
        is_example=False,
        phone=PHONE,
        email=CLINIC,
        legal_name="Joint Ltd",
        controller="Joint Ltd",
        registration="Z1",
        lawful_basis=LawfulBasis.STEPS,
    )
    mail_arrived(clinician)


def with_needed_roles(content):
    """Write a small file for each role that the site needs and no file has."""
    given = {role for path in content.folder.glob("*.md") for role in front_matter.read_bytes(path.read_bytes()).role}
    for role in NEEDED:
        if role not in given:
            content(role, kind=ROLES[role].kind or "page", role=role, title=role.capitalize())


def give(**facts):
    """Facts of the clinic."""
    clinic = Clinic.objects.get()
    for name, value in facts.items():
        setattr(clinic, name, value)
    clinic.save()


def mail_arrived(by):
    email_test._write_down("123456", Clinic.objects.get(), by)
    assert email_test.confirm("123456", by) == ""
    assert MailTest.objects.get().arrived_at
