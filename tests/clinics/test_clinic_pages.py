"""The clinic's facts, places and people in the admin: readers see a change at once, and nothing is removed that is needed."""

import pytest

from siweb.accounts.roles import MANAGERS
from siweb.articles.importing import sync
from siweb.articles.models import Publication
from siweb.clinics.models import Clinic, Location, Practitioner
from siweb.core.models import SiteVersion
from siweb.enquiries.privacy.erasure import erase
from tests.conftest import with_role
from tests.enquiries.casework.test_enquiry_workflow import make

CLINIC = "/admin/clinics/clinic/1/change/"
PLACES, PEOPLE = "/admin/clinics/location/", "/admin/clinics/practitioner/"


@pytest.fixture
def office(client, django_user_model):
    client.force_login(with_role(django_user_model, "mia", MANAGERS))
    return client


@pytest.fixture
def place(db):
    return Location.objects.get()


def posted(page, **changes):
    """What a page's form posts when some of it was changed; None for a box that is unticked."""
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value is not None and value is not False}


def change(client, path, **changes):
    return client.post(path, posted(client.get(path), **changes))


def test_a_changed_fact_is_on_every_page_that_quotes_it_at_once(office, client, content):
    sync.import_folder(content("anatomy", "Call us: [[clinic:phone]].\n"))
    sync.import_folder(content("causes", "Nothing is quoted here.\n"))
    before, many = SiteVersion.current(), Publication.objects.count()
    assert change(office, CLINIC, phone="01632 960999").status_code == 302
    assert "01632 960999" in client.get("/guide/anatomy/").content.decode().partition("<main")[2]
    assert SiteVersion.current() > before
    assert Publication.objects.count() == many + 1, "the other page is as it was"


def test_a_change_that_cannot_be_shown_changes_nothing(office, content, monkeypatch):
    from siweb.articles.editorial import publishing

    def refuse():
        raise RuntimeError

    monkeypatch.setattr(publishing, "refresh", refuse)
    office.raise_request_exception = False
    before = Clinic.objects.values().get()
    assert change(office, CLINIC, phone="01632 960999").status_code == 500
    assert Clinic.objects.values().get() == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "call me"}, "is not a phone number"),
        ({"hours": "whenever"}, "is not understood"),
        ({"retention_months": 99}, "less than or equal to 24"),
        ({"regulator_link": "javascript:alert(1)"}, "valid URL"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_with_the_clinic_is_said_and_kept_to_be_fixed(office, changes, said):
    response = change(office, CLINIC, **changes)
    assert said in response.content.decode()
    assert Clinic.current().phone != "call me"


def test_there_is_one_clinic_and_opening_it_is_done_elsewhere(office):
    assert office.get("/admin/clinics/clinic/").headers["Location"] == CLINIC
    assert office.get("/admin/clinics/clinic/2/change/").status_code == 302
    assert [office.post(f"/admin/clinics/clinic/{path}").status_code for path in ("add/", "1/delete/")] == [404, 404]
    change(office, CLINIC, opened_at_0="2026-01-01", opened_at_1="09:00", opened_at="2026-01-01")
    assert Clinic.current().opened_at is None


def test_a_place_is_added_changed_and_removed_before_readers_eyes(office, client):
    new = {"name": "North", "slug": "north", "hours": "Mon-Fri 09:00-17:00", "phone": "01632 960123"}
    assert office.post(f"{PLACES}add/", new).status_code == 302
    assert "North" in client.get("/clinics/").content.decode()
    north = Location.objects.get(slug="north")
    change(office, f"{PLACES}{north.pk}/change/", parking="Behind the house")
    assert "Behind the house" in client.get("/clinics/north/").content.decode()
    assert office.post(f"{PLACES}{north.pk}/delete/", {"post": "yes"}).status_code == 302
    assert client.get("/clinics/north/").status_code == 404


def test_who_works_where_is_seen_at_once(office, client, place):
    office.post(f"{PEOPLE}add/", {"name": "Ann Example", "role": "radiologist", "register": "GMC", "number": "1"})
    ann, before = Practitioner.objects.get(), SiteVersion.current()
    change(office, f"{PEOPLE}{ann.pk}/change/", locations=[place.pk])
    assert SiteVersion.current() > before
    assert "Ann Example" in client.get(place.get_absolute_url()).content.decode()
    change(office, f"{PEOPLE}{ann.pk}/change/", locations=[])
    assert "Ann Example" not in client.get(place.get_absolute_url()).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_place_that_an_open_enquiry_asks_for_stays(office, place, make_enquiry, method):
    make_enquiry(place_id=place.pk)
    response = getattr(office, method)(f"{PLACES}{place.pk}/delete/", {"post": "yes"}, follow=True)
    assert "cannot be removed yet: 1 open enquiry asks for it" in response.content.decode()
    assert Location.objects.exists()


WAYS_TO_BE_OVER = {
    "closed": lambda enquiry, by: make(enquiry, "duplicate", by),
    "spam": lambda enquiry, by: make(enquiry, "spam", by),
    "erased": lambda enquiry, by: erase(enquiry, why="request"),
}


@pytest.mark.parametrize("state", WAYS_TO_BE_OVER)
def test_a_place_goes_when_what_asked_for_it_is_over(office, place, make_enquiry, state, reception):
    enquiry = make_enquiry(place_id=place.pk)
    WAYS_TO_BE_OVER[state](enquiry, reception)
    assert office.post(f"{PLACES}{place.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Location.objects.exists()
    enquiry.refresh_from_db()
    assert enquiry.state == state
