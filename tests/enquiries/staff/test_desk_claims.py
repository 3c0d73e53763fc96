"""A hundred colleagues claim one enquiry in the same moment, at a running site: one has it, and the others are told who."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest

from tests.support.serving import Site
from tests.support.visiting import rows

pytestmark = pytest.mark.server

MANY = 100
BEGIN = f"""
import uuid
from django.contrib.auth.models import Group, User
from django.test import Client
from siweb.clinics.models import Clinic
from siweb.enquiries.intake.submission import receive
from tests.conftest import SAID
group = Group.objects.get(name="Reception")
enquiry = receive(uuid.uuid4(), SAID, clinic=Clinic.current())
print(enquiry.pk, enquiry.events.get().pk)
for number in range({MANY}):
    user = User.objects.create_user(f"r{{number}}", first_name="Colleague", last_name=f"No{{number}}", is_staff=True)
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    print(client.cookies["session"].value)
"""
ONE_LOOKS = """
import uuid
from django.contrib.auth.models import Group, User
from django.test import Client
from siweb.clinics.models import Clinic
from siweb.enquiries.intake.submission import receive
from tests.conftest import SAID
user = User.objects.create_user("lena", first_name="Lena", last_name="Looker", is_staff=True)
user.groups.add(Group.objects.get(name="Reception"))
client = Client()
client.force_login(user)
print(receive(uuid.uuid4(), SAID, clinic=Clinic.current()).pk, client.cookies["session"].value)
"""
TOKEN = "x" * 32  # one's own cookie and what the form carries have to be the same


@pytest.fixture(scope="module")
def own_site(tmp_path_factory):
    with Site.start(tmp_path_factory.mktemp("claims")) as site:
        if site.database:
            enough = site.database.connections >= 2 * MANY  # what runs beside this test is not to be short of them
            assert enough, "Start PostgreSQL with -c max_connections=400: here a hundred people come at once."
        yield site


def test_of_a_hundred_claims_at_once_exactly_one_wins_and_the_others_are_told_who(own_site):
    first, *sessions = own_site.manage("shell", "-v0", "-c", BEGIN).strip().splitlines()
    pk, seen = first.split()
    together = Barrier(MANY)
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "move": "claim", "version": 1, "seen": seen, "note": "I take it"})

    def claim(session):
        together.wait()
        return own_site.get(
            f"/admin/enquiries/enquiry/{pk}/change/",
            method="POST",
            body=body,
            Cookie=f"session={session}; csrf={TOKEN}",
            Content_Type="application/x-www-form-urlencoded",
        )

    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(claim, sessions))
    assert sorted(answer.status for answer in answers) == [302, *[409] * (MANY - 1)], own_site.log()

    winner = f"Colleague No{[answer.status for answer in answers].index(302)}"
    for answer in answers:
        if answer.status == 409:
            assert re.search(rf"{winner} claimed this at \d\d:\d\d", answer.text)
            assert "I take it" in answer.text
    told = rows(own_site, "SELECT actor_name, note FROM enquiries_enquiryevent WHERE verb = 'claim'")
    assert [tuple(row) for row in told] == [(winner, "I take it")]
    [(state, version)] = rows(own_site, "SELECT state, version FROM enquiries_enquiry")
    assert (state, version) == ("in_progress", 2)


def test_many_windows_opened_at_once_are_one_look(own_site):
    pk, session = own_site.manage("shell", "-v0", "-c", ONE_LOOKS).split()
    together = Barrier(20)

    def look(_):
        together.wait()
        return own_site.get(f"/admin/enquiries/enquiry/{pk}/change/", Cookie=f"session={session}").status

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(look, range(20))) == {200}
    [(looks,)] = rows(own_site, "SELECT count(*) FROM enquiries_enquiryevent WHERE actor_name = 'Lena Looker'")
    assert looks == 1
