"""The desk asks the database as often of a full inbox as of an almost empty one, and few times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siweb.enquiries.models import Answers
from siweb.enquiries.staff.tabs import TABS
from tests.support.inbox import fill

MOST = 15
LIST = "/admin/enquiries/enquiry/"


def queries(act):
    with CaptureQueriesContext(connection) as asked:
        assert act().status_code == 200
    return [query["sql"] for query in asked]


def asked_by_each_page(client):
    client.get("/admin/")  # the first request of a session writes that somebody is here
    found = {tab.key: queries(lambda tab=tab: client.get(LIST, {"tab": tab.key})) for tab in TABS}
    name = Answers.objects.earliest("at").name.split()[0]
    kinds = {"name": name, "phone": "077 0000", "e-mail": "patient1@", "reference": "SIJ-333334"}
    for kind, words in kinds.items():
        found[kind] = queries(lambda words=words: client.post(f"{LIST}search/", {"words": words}))
    found["dashboard"] = queries(lambda: client.get("/admin/"))
    return found


@pytest.mark.slow
def test_no_page_of_the_desk_asks_more_of_a_full_inbox(client, reception, caller, monkeypatch):
    monkeypatch.setattr(
        "siweb.accounts.session_timeout.WRITTEN_EVERY", 3600
    )  # seconds; a slow machine would write it in between
    client.force_login(reception)
    fill(20, 2, (reception, caller))
    few = asked_by_each_page(client)
    fill(200, 20, (reception, caller), first=20)
    many = asked_by_each_page(client)
    for page, asked in many.items():
        if page != "dashboard":
            assert len(asked) <= MOST, f"{page}:\n" + "\n".join(asked)
        assert len(asked) == len(few[page]), f"{page}: {len(asked)} and {len(few[page])}"


@pytest.mark.parametrize("tab", [tab.key for tab in TABS])
def test_a_tab_holds_one_page_at_a_time(client, reception, caller, tab):
    client.force_login(reception)
    fill(260, 32, (reception, caller))
    rows = client.get(LIST, {"tab": tab}).content.decode().count('name="row"')
    assert rows <= 30
