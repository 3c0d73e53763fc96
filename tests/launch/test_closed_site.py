"""A public site that is not open: it says so, takes nothing, stays out of search engines and gives out no made-up number."""

import re
import uuid

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from siweb.accounts.roles import MANAGERS
from siweb.clinics.models import Clinic, Location
from siweb.enquiries.intake import private_links
from siweb.enquiries.mail import messages
from siweb.enquiries.models import Answers, Enquiry
from siweb.launch import checklist
from tests.conftest import with_role
from tests.support.enquiring import ANSWERS, posted
from tests.support.opened import PHONE, give
from tests.support.snapshot import load_shipped_content

# The example number in any form, and a link to any number but those of the emergency services and of the regulator.
EXAMPLE = re.compile(r"01632[ \d]*960|441632960|tel:(?!999|111|18000|0?3031231113|\+443031231113)")

# One page of each kind, by GET; and what says "no".
PAGES = (
    *("/", "/guide/", "/guide/anatomy/", "/guide/anatomy/print/", "/guide/anatomy/large-print/", "/privacy/"),
    *("/search/", "/search/?q=pain", "/clinics/", "/clinics/example-location/", "/enquire/", "/enquire/withdrawn/"),
    *("/enquire/corrected/", "/enquire/yours/unknown/", "/not-there/", "/robots.txt", "/sitemap.xml"),
    *("/.well-known/security.txt", "/guide/anatomy/useful/"),
)


@pytest.fixture
def closed(db, settings):
    """The articles that we ship and the example clinic, on a public site: as it is on its first day."""
    settings.PUBLIC = True
    load_shipped_content()


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", MANAGERS)


def secret_link(enquiry):
    return f"/enquire/yours/{private_links.make_link(enquiry)}/"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- It says so, and stays out of search engines ----------------------------------------------------------------------


@pytest.mark.slow
def test_everything_asks_search_engines_to_stay_away_and_every_page_says_not_open_yet(closed, client):
    for path in PAGES:
        response = client.get(path)
        assert response.headers["X-Robots-Tag"] == "noindex", path
        if response.headers["Content-Type"].startswith("text/html"):
            page = response.content.decode()
            assert page.count('<meta name="robots" content="noindex">') == 1, path
            assert page.count("<b>Not open yet.</b>") == 1, path


def test_robots_are_sent_away_and_are_not_told_of_a_list_of_pages(closed, client):
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_an_open_site_and_a_local_one_ask_for_nothing_of_the_kind(ready, manager, client, settings):
    checklist.open_site(manager)
    assert "X-Robots-Tag" not in client.get("/").headers
    assert "Sitemap: " in client.get("/robots.txt").content.decode()
    checklist.close_site(manager, "The roof leaks.")
    assert client.get("/").headers["X-Robots-Tag"] == "noindex"
    settings.PUBLIC = False
    assert "X-Robots-Tag" not in client.get("/").headers


# --- No made-up number ------------------------------------------------------------------------------------------------


def test_no_page_gives_out_the_example_number(closed, client):
    found = {path: EXAMPLE.findall(body(client.get(path)).decode()) for path in PAGES}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}


@pytest.mark.parametrize(("is_example", "number"), [(True, PHONE), (False, "01632 960001"), (False, "07700 900 123")])
def test_a_number_is_an_example_by_its_digits_or_by_what_it_belongs_to(db, settings, is_example, number):
    for of in (Clinic(is_example=is_example, phone=number), Location(is_example=is_example, phone=number)):
        assert of.phone_link, "a local site shows itself"
        settings.PUBLIC = True
        assert (of.shown_phone, of.phone_link) == ("", "")
        settings.PUBLIC = False


def test_an_open_site_whose_number_becomes_an_example_again_does_not_give_it_out(ready, manager, client):
    checklist.open_site(manager)
    assert f'href="tel:+44{PHONE[1:].replace(" ", "")}"' in client.get("/").content.decode()
    give(phone="01632 960001")
    assert EXAMPLE.findall(client.get("/").content.decode()) == []


def test_a_closed_site_shows_its_own_number_and_does_not_link_it(ready, client):
    page = client.get("/").content.decode()
    assert PHONE in page
    assert EXAMPLE.findall(page) == []


def test_pages_for_faults_give_out_no_example_number(closed, client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    client.raise_request_exception = False
    monkeypatch.setattr("siweb.website.views.numbered", away)
    response = client.get("/")
    assert response.status_code == 503
    assert EXAMPLE.findall(response.content.decode()) == []
    monkeypatch.setattr("siweb.website.views.numbered", lambda steps: 1 / 0)
    for _ in range(2):  # the page, then the bare words where even that cannot be made
        response = client.get("/")
        assert response.status_code == 500
        assert EXAMPLE.findall(response.content.decode()) == []
        monkeypatch.setattr("siweb.website.errors.error_page", lambda request, code: 1 / 0)
    assert "To reach us call" not in response.content.decode()


def test_a_mail_that_is_still_owed_gives_out_no_example_number(closed, make_enquiry):
    mail = messages.acknowledgement(make_enquiry(), Clinic.current(), "token")
    for text in (mail.body, mail.alternatives[0].content):
        assert EXAMPLE.findall(text) == []


# --- It takes nothing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [None, "change", "send", "withdraw-now"])
def test_no_form_is_taken_and_what_was_typed_is_given_back(closed, client, act):
    response = client.post("/enquire/check/", posted(do=act))
    page = response.content.decode()
    assert response.status_code == 403
    assert ANSWERS["words"] in page
    assert "<form" not in page.partition("<main")[2]
    assert EXAMPLE.findall(page) == []
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("path", ["/enquire/", "/enquire/form/", "/enquire/sent/x/", "/enquire/withdrawn/"])
def test_other_pages_of_the_way_take_nothing_either(closed, client, path):
    assert client.post(path, posted(do="send", key=str(uuid.uuid4()))).status_code in (404, 405)
    assert not Enquiry.objects.exists()


def test_there_is_no_form_to_fill_in(closed, client):
    assert client.get("/enquire/form/").headers["Location"] == "/enquire/"
    for path in ("/", "/enquire/", "/guide/anatomy/"):
        assert "/enquire/form/" not in client.get(path).content.decode()


@pytest.mark.slow
def test_a_form_that_was_open_when_the_site_was_closed_is_not_taken(ready, manager, client):
    checklist.open_site(manager)
    assert client.get("/enquire/form/").status_code == 200
    checklist.close_site(manager, "The roof leaks.")
    assert client.post("/enquire/check/", posted(do="send")).status_code == 403
    assert not Enquiry.objects.exists()


def test_by_the_private_link_nothing_is_corrected_but_it_can_still_be_taken_back(ready, client, make_enquiry):
    enquiry = make_enquiry()
    link = secret_link(enquiry)
    assert client.get(link).status_code == 200
    corrected = {"do": "correct", "email": "other@example.org", "first": "email"}
    assert client.post(link, corrected).status_code == 403
    assert Answers.objects.count() == 1
    assert client.post(link, {"do": "withdraw"}).status_code == 200
    client.post(link, {"do": "withdraw-now"})
    enquiry.refresh_from_db()
    assert enquiry.outcome == Enquiry.Outcome.WITHDRAWN


def test_a_post_without_its_cookie_is_given_back_and_stored_nowhere(closed):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/enquire/check/", posted(do="send"))
    assert response.status_code == 403
    assert EXAMPLE.findall(response.content.decode()) == []
    assert not Enquiry.objects.exists()


def test_while_nothing_is_known_of_the_clinic_nothing_is_taken_and_it_is_said_to_be_for_now(
    closed, client, monkeypatch
):
    monkeypatch.setattr(Clinic, "_last_read", None)
    monkeypatch.setattr(Clinic.objects, "get", lambda **_: (_ for _ in ()).throw(DatabaseError))
    response = client.post("/enquire/check/", posted(do="send"))
    assert response.status_code == 503
    assert "We could not save this just now" in response.content.decode()
    assert not Enquiry.objects.exists()
