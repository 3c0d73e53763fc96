"""Private addresses: of the page "sent", and of the page behind the link in the acknowledgement."""

import json
from datetime import datetime

import pytest
from django.conf import settings
from django.core import signing

from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import private_links, spam
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import erasure
from tests.support.enquiring import ANSWERS, PHONE, Page, send, sent, shown_again
from tests.support.marking import MARKED, marks

pytestmark = pytest.mark.django_db


def test_the_sealed_address_holds_the_reference_and_the_day_and_nothing_more(client):
    response = send(client, MARKED)
    enquiry = Enquiry.objects.get()
    payload = response.url.split("/")[-2].partition(":")[0]
    reference, due = json.loads(signing.b64_decode(payload.encode()))
    assert (reference, datetime.fromisoformat(due)) == (enquiry.reference, enquiry.due_at)  # in summer time too
    page = client.get(response.url).content.decode()
    assert enquiry.reference in page
    assert marks(page) == []
    Enquiry.objects.update(reference="SIJ-GONE")
    assert enquiry.reference in client.get(response.url).content.decode()  # nothing is looked up


@pytest.mark.parametrize("why", ["unknown", "past its retention period", "a newer one was sent", "closed", "erased"])
def test_a_link_that_opens_nothing_does_not_say_why(client, why):
    enquiry = sent(client, MARKED)
    token = private_links.make_link(enquiry)
    assert client.get(f"/enquire/yours/{token}/").status_code == 200
    enquiry.refresh_from_db()
    if why == "past its retention period":
        Enquiry.objects.update(link_until=enquiry.created_at)
    if why == "a newer one was sent":
        private_links.make_link(enquiry)
    if why == "closed":
        workflow.make(enquiry, "withdrawn", version=enquiry.version, who=(workflow.PATIENT,))
    if why == "erased":
        erasure.erase(enquiry, why="request")
    path = f"/enquire/yours/{'x' * len(token) if why == 'unknown' else token}/"
    plain = client.get("/enquire/yours/never-made/")
    for response in (client.get(path), client.post(path, {"do": "correct", "email": "x@b.cc"})):
        page = response.content.decode()
        assert response.status_code == plain.status_code == 404
        assert page.replace(path, "…") == plain.content.decode().replace("/enquire/yours/never-made/", "…")


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "x", lambda s: "x" + s, lambda s: s.swapcase(), lambda s: ""]
)
def test_a_sealed_address_that_was_changed_is_not_found(client, change):
    sealed = send(client, MARKED).url.split("/")[-2]
    assert client.get(f"/enquire/sent/{change(sealed)}/").status_code == 404


@pytest.fixture
def path(client):
    """The address behind an enquiry's private link."""
    return f"/enquire/yours/{private_links.make_link(sent(client))}/"


def correct(client, path, **changes):
    """Press "Save how to reach me", from the address that the form was sent from."""
    data = {"do": "correct", "phone": PHONE, "voicemail": "yes", "email": ANSWERS["email"], "first": "phone"}
    return client.post(path, data | changes, REMOTE_ADDR="203.0.113.7")


def addresses_told(response):
    """What a page says of its own address to search engines and to those who share it."""
    page = Page(response)
    return [
        *(link["href"] for link in page.all("link", rel="canonical")),
        *(meta["content"] for meta in page.all("meta", property="og:url")),
    ]


def test_a_private_address_stands_nowhere_but_where_its_own_pages_lead_back_to_it(client, path, monkeypatch):
    assert addresses_told(client.get("/enquire/")) == [f"{settings.SITE_ROOT}/enquire/"] * 2  # the control
    sealed = send(client).url
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 0)
    pages = {
        (sealed, 200): client.get(sealed),
        (sealed + "x/", 404): client.get(sealed + "x/"),
        (sealed.replace(":", "x:"), 404): client.get(sealed.replace(":", "x:")),
        (path, 200): client.get(path),
        (path, 422): correct(client, path, phone="call me"),
        (path, 429): correct(client, path),
        (path + "?do=withdraw", 200): client.post(path, {"do": "withdraw"}),
        ("/enquire/yours/never-made/", 404): client.get("/enquire/yours/never-made/"),
        (path + "x/", 404): client.get(path + "x/"),
    }
    for (address, status), response in pages.items():
        page = Page(response)
        assert response.status_code == status, address
        assert addresses_told(response) == [], address
        back = page.all("form", action=path) + page.all("a", href=path)
        assert page.source.count(address.split("/")[3]) == len(back), (address, status)
    assert Page(pages[path, 429]).all("form", action=path)  # the control: there it does


def test_corrections_count_against_the_limit_of_an_address(client, path, monkeypatch):
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 3)  # the form was the first
    for phone in ("0161 496 0001", "0161 496 0002"):
        assert correct(client, path, phone=phone).status_code == 302
    typed = {"phone": "0161 496 0003 after 5", "first": "email", "times": ["morning", "midday"]}
    response = correct(client, path, **typed)
    assert response.status_code == 429
    assert shown_again(Page(response), typed) == typed
    assert "0161 496 0003 after 5" in response.content.decode().partition("What you typed</h2>")[2]
    assert Enquiry.objects.get().answers.phone == "+441614960002"
    assert send(client).status_code == 429  # the form and the link have one count
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 4)
    assert correct(client, path, **typed).status_code == 302
    assert Enquiry.objects.get().answers.phone_note == "after 5"
