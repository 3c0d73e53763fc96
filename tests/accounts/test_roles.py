"""Who may open which page of the staff, by which method: one table, and every address of the admin is in it.

A new page needs one line in PAGES: its name, what its address holds, who may open it, and by which methods.
"""

import copy
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from siweb.accounts.roles import CLINICIANS, EDITORS, MANAGERS, RECEPTION
from siweb.articles.editorial import suggestions
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.pictures import library, processing
from siweb.clinics.models import Location, Practitioner
from siweb.enquiries.models import CannedReply, Complaint
from tests.support.painting import noisy, saved

SUPERUSER, NO_GROUP, ANONYMOUS = "a superuser", "staff without a group", "anybody"
STAFF = {NO_GROUP, RECEPTION, EDITORS, CLINICIANS, MANAGERS, SUPERUSER}
EVERYBODY = STAFF | {ANONYMOUS}
WRITERS = {EDITORS, CLINICIANS, SUPERUSER}
APPROVERS = {CLINICIANS, SUPERUSER}
DESK = {RECEPTION, CLINICIANS, MANAGERS, SUPERUSER}  # clinicians: what needs their call
RECEPTIONISTS = {RECEPTION, MANAGERS, SUPERUSER}  # who work at the desk
MANAGER = {MANAGERS, SUPERUSER}
PLACES = {EDITORS, MANAGERS, SUPERUSER}
NOBODY = set()

READ, SEND, BOTH = ("GET",), ("POST",), ("GET", "POST")

# Name (or, without one, the route), what its address holds, who, how.
PAGES = (
    # Signing in
    ("login", {}, EVERYBODY, BOTH),
    ("choose_password", {"pk": 0, "token": "x"}, EVERYBODY, BOTH),
    ("code", {}, STAFF, BOTH),
    ("second_factor", {}, STAFF, BOTH),
    ("logout", {}, STAFF, SEND),
    ("session", {}, STAFF, BOTH),
    ("password_change", {}, STAFF, BOTH),
    # What Django's admin has
    ("index", {}, STAFF, BOTH),
    ("jsi18n", {}, STAFF, READ),
    ("app_list", {"app_label": "auth"}, MANAGER, BOTH),
    ("app_list", {"app_label": "articles"}, WRITERS, BOTH),
    ("app_list", {"app_label": "clinics"}, PLACES, BOTH),
    ("app_list", {"app_label": "enquiries"}, DESK, BOTH),
    ("(?P<url>.*)$", {}, NOBODY, ()),
    # Accounts
    ("auth_user_changelist", {}, MANAGER, BOTH),
    ("auth_user_add", {}, MANAGER, BOTH),
    ("auth_user_change", {"object_id": "account"}, MANAGER, BOTH),
    ("auth_user_link", {"pk": "account"}, MANAGER, SEND),
    ("auth_user_second_factor", {"pk": "account"}, MANAGER, SEND),
    # Articles
    ("articles_article_changelist", {}, WRITERS, READ),
    ("articles_article_add", {}, WRITERS, BOTH),
    ("articles_article_change", {"pk": "article"}, WRITERS, BOTH),
    ("articles_article_preview", {}, WRITERS, BOTH),
    ("articles_article_checks", {}, WRITERS, SEND),
    ("articles_article_pages", {}, WRITERS, READ),
    ("articles_article_sources", {}, WRITERS, READ),
    ("articles_article_how_to_write", {}, WRITERS, READ),
    ("articles_article_review", {"pk": "article"}, WRITERS, READ),
    ("articles_article_page", {"pk": "article", "number": 1}, WRITERS, READ),
    ("articles_article_decide", {"pk": "article"}, WRITERS, SEND),
    ("articles_article_propose", {"pk": "article"}, APPROVERS, SEND),
    ("articles_article_proposal", {"pk": "proposal"}, WRITERS, SEND),
    ("articles_article_history", {"pk": "article"}, WRITERS, READ),
    ("articles_article_compare", {"pk": "article"}, WRITERS, READ),
    ("articles_article_restore", {"pk": "article"}, WRITERS, SEND),
    ("articles_article_live_on", {"pk": "article"}, WRITERS, READ),
    ("articles_article_as_published", {"pk": "article", "number": "publication"}, WRITERS, READ),
    ("articles_article_confirm", {}, APPROVERS, BOTH),
    ("articles_article_pack", {}, WRITERS, READ),
    ("articles_article_resolve", {"pk": "article"}, WRITERS, BOTH),
    ("articles_article_move", {"pk": "article"}, APPROVERS, BOTH),
    ("articles_picture_upload", {}, WRITERS, SEND),
    ("articles_picture_changelist", {}, WRITERS, BOTH),
    ("articles_picture_change", {"pk": "picture"}, WRITERS, BOTH),
    # The clinic
    ("clinics_clinic_changelist", {}, MANAGER, BOTH),
    ("clinics_clinic_opening", {}, MANAGER, BOTH),
    ("clinics_clinic_history", {"object_id": 1}, MANAGER, BOTH),
    ("clinics_clinic_change", {"object_id": 1}, MANAGER, BOTH),
    ("clinics_location_changelist", {}, PLACES, BOTH),
    ("clinics_location_add", {}, PLACES, BOTH),
    ("clinics_location_history", {"object_id": "location"}, PLACES, BOTH),
    ("clinics_location_delete", {"object_id": "location"}, PLACES, BOTH),
    ("clinics_location_change", {"object_id": "location"}, PLACES, BOTH),
    ("clinics/location/<path:object_id>/", {"object_id": "location"}, STAFF, BOTH),  # leads to "change"
    ("clinics_practitioner_changelist", {}, PLACES, BOTH),
    ("clinics_practitioner_add", {}, PLACES, BOTH),
    ("clinics_practitioner_history", {"object_id": "practitioner"}, PLACES, BOTH),
    ("clinics_practitioner_delete", {"object_id": "practitioner"}, PLACES, BOTH),
    ("clinics_practitioner_change", {"object_id": "practitioner"}, PLACES, BOTH),
    ("clinics/practitioner/<path:object_id>/", {"object_id": "practitioner"}, STAFF, BOTH),
    # Enquiries
    ("enquiries_enquiry_changelist", {}, DESK, READ),
    ("enquiries_enquiry_search", {}, RECEPTIONISTS, BOTH),
    ("enquiries_enquiry_several", {}, RECEPTIONISTS, BOTH),
    ("enquiries_enquiry_change", {"pk": "enquiry"}, DESK, BOTH),
    ("enquiries_enquiry_export", {}, MANAGER, BOTH),
    ("enquiries_enquiry_summary", {"pk": "enquiry"}, APPROVERS, READ),
    ("enquiries_enquiry_call", {}, RECEPTIONISTS, BOTH),
    ("enquiries_enquiry_same_contact", {}, RECEPTIONISTS, SEND),
    ("enquiries_cannedreply_changelist", {}, MANAGER, BOTH),
    ("enquiries_cannedreply_add", {}, MANAGER, BOTH),
    ("enquiries_cannedreply_change", {"object_id": "reply"}, MANAGER, BOTH),
    ("enquiries_enquiry_correct", {"pk": "enquiry"}, RECEPTIONISTS, SEND),
    ("enquiries_enquiry_mail_again", {"pk": "enquiry"}, RECEPTIONISTS, SEND),
    ("enquiries_enquiry_letter", {"pk": "enquiry"}, RECEPTIONISTS, SEND),
    ("enquiries_enquiry_hold", {"pk": "enquiry"}, MANAGER, BOTH),
    ("enquiries_enquiry_erase", {"pk": "enquiry"}, MANAGER, BOTH),
    ("enquiries_enquiry_data", {}, MANAGER, READ),
    ("enquiries_enquiry_retention", {}, MANAGER, READ),
    ("enquiries_enquiry_clock", {}, MANAGER, SEND),
    ("enquiries_enquiry_complaints", {}, MANAGER, READ),
    ("enquiries_enquiry_complaint_add", {}, MANAGER, BOTH),
    ("enquiries_enquiry_complaint", {"pk": "complaint"}, MANAGER, BOTH),
    ("enquiries_enquiry_disclosure", {}, MANAGER, BOTH),
    ("enquiries_enquiry_to_erase", {}, MANAGER, BOTH),
    ("enquiries_enquiry_audit", {}, MANAGER, READ),
)

ON_THE_WAY = ("login", "choose_password", "code", "second_factor", "logout", "session")  # without the second factor


def routes(patterns, prefix=""):
    """(name, route) of every page below some patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield pattern.name or route, route


ADMIN = next(p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin")
ROUTES = dict(routes(ADMIN.url_patterns))


@pytest.fixture
def things(db, content, editor, clinician, make_enquiry, django_user_model):
    """One of everything that an address can hold."""
    sync.import_folder(content("anatomy", "Some words of it.\n"))
    article = Article.objects.get()
    place = Location.objects.get()
    return {
        "account": django_user_model.objects.create_user("norma", is_staff=True).pk,
        "article": article.pk,
        "publication": article.publications.get().pk,
        "proposal": suggestions.propose(article.head, clinician, "words of", "lines of").pk,
        "picture": library.add(processing.make(saved(noisy((40, 30)), "JPEG")), "hip.jpg", editor, "A hip").pk,
        "location": place.pk,
        "practitioner": Practitioner.objects.create(name="Ann", role="radiologist", register="GMC", number="1").pk,
        "enquiry": make_enquiry(tell=["diabetes"]).pk,
        "reply": CannedReply.objects.create(title="Ring us", subject="Ring us", body="Please ring us.").pk,
        "complaint": Complaint.objects.create(
            route="phone", name="Ann", contact="a@b.example", words="x", recorded_by=editor
        ).pk,
    }


@pytest.fixture
def browser_of(django_user_model):
    def browser_of(role):
        """The browser of somebody who has signed in with name and password."""
        browser = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            user = django_user_model.objects.create_user("one", is_staff=True, is_superuser=role == SUPERUSER)
            user.groups.set(Group.objects.filter(name=role))
            browser.force_login(user)
        return browser

    return browser_of


def address_of(name, held, things):
    held = {key: things.get(value, value) for key, value in held.items()}
    if name not in ROUTES:
        raise AssertionError(f"no page is called {name}: take its line out of PAGES")
    if "/" in name or "(" in name:
        return "/admin/" + name.replace("<path:object_id>", str(held.get("object_id"))).replace(
            "(?P<url>.*)$", "not/there/"
        )
    return reverse(f"admin:{name}", kwargs=held)


def ask(browser, method, address):
    """What a page answers, and nothing remains of it."""
    cookies = copy.deepcopy(browser.cookies)
    with transaction.atomic():
        response = browser.generic(method, address, "x=1", content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    browser.cookies = cookies
    return response


def reached(response):
    """Whether somebody has got to the page, and by a method that it has."""
    if response.status_code == 302:
        leads_to = urlsplit(response.headers["Location"])
        return leads_to.path != "/admin/login/" or leads_to.query == "why=out"
    return response.status_code not in (401, 403, 404, 405)


def in_words(row, method, response):
    return f"{method} {row[0]} {row[1]}: {response.status_code} {response.headers.get('Location', '')}"


def test_every_page_is_in_the_table():
    assert sorted(set(ROUTES) - {name for name, *_ in PAGES}) == []


# What says "not found" for other reasons than who asks.
NOT_FOUND = {
    *(("choose_password", method) for method in BOTH),
    *((f"articles_article_{name}", "POST") for name in ("decide", "propose")),
}


@pytest.mark.slow
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_may_open_what_and_that_no_browser_keeps_it(role, browser_of, things):
    browser, wrong = browser_of(role), []
    for row in PAGES:
        name, held, who, methods = row
        for method in ("GET", "POST"):
            response = ask(browser, method, address_of(name, held, things))
            may = role in who and method in methods
            found = reached(response) or (may and response.status_code == 404 and (name, method) in NOT_FOUND)
            if found != may or response.status_code >= 500:
                wrong.append(in_words(row, method, response))
            if response.headers.get("Cache-Control", "").count("no-store") != 1:
                wrong.append("may be kept: " + in_words(row, method, response))
    assert "\n".join(wrong) == ""


@pytest.mark.slow
@pytest.mark.parametrize("role", sorted(STAFF))
def test_on_a_public_site_nobody_gets_anywhere_without_the_second_factor(role, browser_of, things, settings):
    settings.PUBLIC = True
    browser, wrong = browser_of(role), []
    for row in PAGES:
        name, held, *_ = row
        for method in ("GET", "POST"):
            response = ask(browser, method, address_of(name, held, things))
            if reached(response) and name not in ON_THE_WAY:
                wrong.append(in_words(row, method, response))
    assert "\n".join(wrong) == ""


@pytest.mark.slow
def test_other_methods_are_no_fault_of_ours_and_change_nothing(browser_of, things):
    browser = browser_of(SUPERUSER)
    for row in PAGES:
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"):
            response = ask(browser, method, address_of(*row[:2], things))
            assert response.status_code < 500, in_words(row, method, response)


NONSENSE = (
    *(
        "q=%00",
        "p=-1",
        "p=x",
        "p=99999999999999999999",
        "e=1",
        "o=9.-9.x",
        "all=",
        "_popup=1&_to_field=x",
        "overdue=%00",
    ),
    *("created_at__year=999999999999", "date_joined__year=999999999999", "state__exact=%00", "id__in=x,%00", "state=x"),
    *("groups__permissions__content_type__app_label=x", "pk=99999999999999999999", "_changelist_filters=%00"),
    *("next=//evil.example", "revision=99999999999999999999", "from=-1&to=x", "on=9999-99-99"),
)
IDS = ("0", 2**63, "%00", "x")


@pytest.mark.slow
def test_nonsense_in_an_address_is_no_fault_of_ours(browser_of, things):
    browser = browser_of(SUPERUSER)
    for name, held, *_ in PAGES:
        queries = NONSENSE if name.endswith("changelist") else ["&".join(NONSENSE)]
        for query in queries:
            address = f"{address_of(name, held, things)}?{query}"
            assert ask(browser, "GET", address).status_code < 500, address


@pytest.mark.slow
def test_nonsense_for_a_key_is_no_fault_of_ours(browser_of, things):
    browser = browser_of(SUPERUSER)
    for route in (route for route in ROUTES.values() if "<" in route and "(" not in route):
        for key in IDS:
            address = "/admin/" + re.sub("<[^>]*>", str(key), route)
            for method in ("GET", "POST"):
                assert ask(browser, method, address).status_code < 500, address


def test_what_a_role_may_do_is_what_the_groups_hold(db):
    from siweb.accounts.roles import RIGHTS

    for name, rights in RIGHTS.items():
        held = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
        assert {f"{app}.{codename}" for app, codename in held} == set(rights)


@pytest.mark.slow
def test_a_confirmed_second_factor_that_was_not_given_opens_nothing_either(
    browser_of, things, settings, django_user_model
):
    browser = browser_of(MANAGERS)
    TOTPDevice.objects.create(user=django_user_model.objects.get(username="one"), name="app")
    for row in PAGES:
        response = ask(browser, "GET", address_of(*row[:2], things))
        assert row[0] in ON_THE_WAY or not reached(response), in_words(row, "GET", response)
