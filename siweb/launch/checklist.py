"""Opening the site: what has to be so before patients may use an https site, and the opening and closing themselves.

CONDITIONS is the list. The page, the dashboard and the tests are made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from siweb.articles.editorial import publishing
from siweb.articles.editorial.status import standings
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.models import Article, Publication
from siweb.clinics.models import Clinic, Location, MailTest, OpeningEvent
from siweb.core.models import SiteVersion
from siweb.core.page_roles import NEEDED
from siweb.core.phone_numbers import is_fiction

from . import email_test

# What the clinic itself has to have answered in its rules: the key of the rule, and what it then says.
RULES = {
    "numb-leg": "how long a leg may stay weak or numb before the patient calls",
    "driving": "when patients may drive",
    "blood-thinners": "what patients do about blood thinners",
    "diabetes": "what patients with diabetes do",
    "guidance": "which pictures guide the needle",
    "sedation": "whether sedation is offered",
    "price": "what it costs",
    "cancel": "what happens when patients cancel or change the date",
    "out-of-hours": "whom to call when the clinic is closed",
}
# Which pages a clinician has to have approved: the role of the page, and what the condition calls it.
APPROVED = {
    "help": "“When to get help”",
    "signs": "the warning signs",
    "preparation": "“Before you come”",
    "procedure": "what happens at the injection",
    "aftercare": "what to do afterwards",
}


class Seen:
    """What the conditions are about, read once."""

    def __init__(self):
        self.clinic = Clinic.objects.get(pk=1)
        self.places = list(Location.objects.all())
        self.mail_test = MailTest.objects.filter(pk=1).first()
        owners = {role: pk for role, (pk, _) in Publication.objects.by_role().items()}
        shown = Article.objects.filter(Q(pk__in=owners.values()) | Q(page__kind="rules"), page__isnull=False)
        found = {standing.article.pk: standing for standing in standings(shown)}
        self.pages = {role: found[pk] for role, pk in owners.items()}
        by_slug = {standing.article.slug: standing for standing in found.values()}
        offers = publishing.live_offers(page__kind="rules")
        self.rules = {key: (by_slug[slug], rule) for slug, offer in offers.items() for key, rule in offer.rules.items()}

    def is_approved(self, role):
        """Whether a clinician has approved the page of a role as readers see it."""
        return role in self.pages and _is_approved(self.pages[role])

    def is_answered(self, key):
        """Whether the clinic has answered a rule: not "Ask us", and a clinician stands for the answer."""
        standing, rule = self.rules.get(key, (None, None))
        return bool(rule) and rule.answered and _is_approved(standing)


def _is_approved(standing):
    """Whether a clinician has approved an article as readers see it, with the rules and pictures that it shows."""
    return standing.signature is not None and standing.signature.is_complete


# --- Where a condition is fixed: an address for somebody, or "" where they have no page for it ------------------------
def _fact(name):
    return lambda seen, user: f"{reverse('admin:clinics_clinic_change', args=[1])}#id_{name}"


def _example_place(seen, user):
    return next(
        (_place(place) for place in seen.places if place.is_example), reverse("admin:clinics_location_changelist")
    )


def _number(seen, user):
    if _is_real(seen.clinic):
        return next((_place(place) for place in seen.places if is_fiction(place.phone)), _fact("phone")(seen, user))
    return _fact("phone")(seen, user)


def _place(place):
    return reverse("admin:clinics_location_change", args=[place.pk])


def _text(role):
    return lambda seen, user: _page_of(seen.pages.get(role), user)


def _page_of(standing, user):
    if not user.has_perm(WRITE):
        return standing.article.page.url if standing else ""
    return standing.live_review if standing else reverse("admin:articles_article_changelist")


def _rule(key):
    def page(seen, user):
        standing, _ = seen.rules.get(key, (seen.pages.get("rules"), None))
        address = _page_of(standing, user)
        return address if user.has_perm(WRITE) or not address else f"{address}#{key}"

    return page


def _missing_page(seen, user):
    return _page_of(None, user)


def _test_mail(seen, user):
    return f"{reverse('admin:clinics_clinic_opening')}#test-mail"


# --- The conditions -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Condition:
    key: str
    words: str  # what has to be so
    fix: str  # how to make it so
    holds: Callable  # of a Seen
    page: Callable  # where it is fixed


def _is_real(of):
    return bool(of.phone) and not is_fiction(of.phone)


_ANSWER = "An editor writes the clinic’s own answer in the rules, and a clinician approves them."
_APPROVE = "A clinician reads the text that readers see, and approves it."


def _answered(key, words):
    return Condition(key, f"The rules say {words}", _ANSWER, lambda seen: seen.is_answered(key), _rule(key))


def _approved(role, words):
    return Condition(
        role, f"A clinician has approved {words}", _APPROVE, lambda seen: seen.is_approved(role), _text(role)
    )


CONDITIONS = (
    Condition(
        "clinic",
        "The clinic’s facts are its own, not an example",
        "Give your own facts, then untick “example data”.",
        lambda seen: not seen.clinic.is_example,
        _fact("is_example"),
    ),
    Condition(
        "places",
        "No location is an example",
        "Remove the example, or give it its own facts and untick “example data”.",
        lambda seen: not any(place.is_example for place in seen.places),
        _example_place,
    ),
    Condition(
        "phone",
        "The phone numbers are real",
        "Give the number that patients ring. Numbers such as 01632 960001 are kept free for films and reach nobody.",
        lambda seen: _is_real(seen.clinic) and not any(is_fiction(place.phone) for place in seen.places),
        _number,
    ),
    Condition(
        "hours",
        "The opening hours are given",
        "Give the hours when the phone is answered.",
        lambda seen: bool(seen.clinic.hours.strip()),
        _fact("hours"),
    ),
    Condition(
        "legal_name",
        "The legal name is given",
        "Give the name of the company or person that runs the clinic.",
        lambda seen: bool(seen.clinic.legal_name),
        _fact("legal_name"),
    ),
    Condition(
        "controller",
        "The data controller is given",
        "Give the name of who answers for patients’ data.",
        lambda seen: bool(seen.clinic.controller),
        _fact("controller"),
    ),
    Condition(
        "registration",
        "The data protection registration is given",
        "Give the number that the Information Commissioner’s Office gave you.",
        lambda seen: bool(seen.clinic.registration),
        _fact("registration"),
    ),
    Condition(
        "lawful_basis",
        "The lawful basis is chosen",
        "Choose it with the clinic’s adviser.",
        lambda seen: bool(seen.clinic.lawful_basis),
        _fact("lawful_basis"),
    ),
    Condition(
        "pages",
        "Every page that the site leads to is there",
        "An editor writes the missing page. The editor offers the roles that no page has: choose the one that it needs.",
        lambda seen: seen.pages.keys() >= set(NEEDED),
        _missing_page,
    ),
    Condition(
        "retention",
        "The privacy notice is on the site, and says how long enquiries are kept",
        "Publish the privacy notice, with [[clinic:retention]] in it.",
        lambda seen: "privacy" in seen.pages and ["facts", "retention"] in seen.pages["privacy"].article.page_uses,
        _text("privacy"),
    ),
    Condition(
        "complaints",
        "A page says how to complain",
        "An editor writes a page with the role “complaints”, and it is published.",
        lambda seen: "complaints" in seen.pages,
        _text("complaints"),
    ),
    *(_answered(key, words) for key, words in RULES.items()),
    *(_approved(role, words) for role, words in APPROVED.items()),
    Condition(
        "mail",
        "A test mail has arrived in the clinic’s mailbox",
        "Send one from this page, then type in the code that is in it.",
        lambda seen: email_test.has_arrived(seen.clinic, seen.mail_test),
        _test_mail,
    ),
)


@dataclass(frozen=True)
class Point:
    """A condition as it stands now, for somebody."""

    condition: Condition
    holds: bool
    page: str


def checklist(user):
    """Every condition, as a Point."""
    seen = Seen()
    return [Point(condition, condition.holds(seen), condition.page(seen, user)) for condition in CONDITIONS]


# --- Opening and closing ------------------------------------------------------------------------------------------------
@transaction.atomic
def open_site(by):
    """Let patients in. Raises ValidationError, and changes nothing, unless every condition holds in this very moment."""
    clinic = _held()
    if clinic.opened_at:
        raise ValidationError("The site is open already. Somebody else has opened it: look at what was done below.")
    if missing := sum(not point.holds for point in checklist(by)):
        thing = "1 thing is" if missing == 1 else f"{missing} things are"
        raise ValidationError(f"The site stays closed: {thing} missing. Fix what the list names, then open it.")
    _change(clinic, timezone.now(), "opened the site", by)


@transaction.atomic
def close_site(by, reason):
    """Let no enquiry in any more, until it is opened again."""
    clinic = _held()
    if not clinic.opened_at:
        raise ValidationError("The site is closed already. Somebody else has closed it: look at what was done below.")
    _change(clinic, None, "closed the site", by, reason)


def _held():
    """The clinic, while nothing that readers see can change before the transaction ends."""
    if not settings.PUBLIC:
        raise ValidationError("This is a local site, which always shows itself. It is neither opened nor closed.")
    SiteVersion.lock()
    return Clinic.objects.select_for_update().get(pk=1)


def _change(clinic, opened_at, verb, by, note=""):
    clinic.opened_at = opened_at
    clinic.save(update_fields=["opened_at"])
    OpeningEvent.record(verb, by=by, note=note)
