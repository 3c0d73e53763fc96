"""Every state × action × role over HTTP, from the table: what is possible works and leaves one event, and nothing else does."""

import itertools
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from siweb.accounts.roles import CLINICIANS, EDITORS, MANAGERS, RECEPTION
from siweb.enquiries import admin
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Answers, DeskEvent, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.staff.forms import colleagues
from tests.conftest import with_role
from tests.support.at_the_desk import brought, held, page_of, to_send, what_is_stored

NOBODY = "nobody"
KINDS = {RECEPTION: {"reception"}, MANAGERS: {"reception"}, CLINICIANS: {"clinician"}, EDITORS: set(), NOBODY: set()}
STATES = tuple(Enquiry.State)
TABLES = (Enquiry, Answers, EnquiryEvent, Outbox, DeskEvent)


@pytest.fixture
def browser_of(django_user_model):
    def browser_of(role):
        browser = Client(raise_request_exception=False)
        if role != NOBODY:
            user = django_user_model.objects.create_user("one", first_name="Olive", is_staff=True)
            user.groups.set([Group.objects.get(name=role)])
            browser.force_login(user)
        return browser

    return browser_of


@pytest.fixture
def cora(django_user_model):
    return with_role(django_user_model, "cora", "Reception")


def pressed(browser, enquiry, action, cora):
    """Press a button with whatever it could need beside it."""
    if action == "letter":
        return browser.post(page_of(enquiry, "letter"), to_send(enquiry))
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    return browser.post(page_of(enquiry), held(enquiry, move=action, note="words", until=day, to=cora.pk))


@pytest.mark.slow
@pytest.mark.parametrize(("state", "role"), [*itertools.product(STATES, KINDS)])
def test_a_button_works_where_the_table_allows_it_and_nowhere_else(
    browser_of, make_enquiry, reception, cora, state, role
):
    enquiry, browser = brought(make_enquiry(tell=["diabetes"]), state, reception), browser_of(role)
    enquiry.refresh_from_db()
    shown = browser.get(page_of(enquiry))
    offered = shown.context["can"] if shown.status_code == 200 else set()
    possible = {move.action for move in workflow.possible(enquiry, KINDS[role])} if shown.status_code == 200 else set()
    assert offered == possible
    for action in workflow.BY_ACTION:
        with transaction.atomic():
            before = what_is_stored(*TABLES)
            response = pressed(browser, enquiry, action, cora)
            events = list(EnquiryEvent.objects.exclude(verb="viewed").order_by("pk").values_list("verb", flat=True))
            if action in possible:
                assert response.status_code == 302, action
                assert (len(events), events[-1]) == (len([e for e in before[2] if e["verb"] != "viewed"]) + 1, action)
            else:
                assert response.status_code in (302, 403, 404, 409), action
                assert what_is_stored(*TABLES) == before, action
                if response.status_code == 409:
                    assert "Nothing was changed" in response.content.decode() or action == "letter"
            transaction.set_rollback(True)


@pytest.mark.slow
def test_no_get_changes_anything(client, make_enquiry, reception, cora):
    """Every address of the enquiries, by GET and HEAD, with all that a button would send."""
    enquiries = [brought(make_enquiry(tell=["diabetes"]), state, reception) for state in STATES]
    client.force_login(reception)
    client.raise_request_exception = False
    before = what_is_stored(Enquiry, Answers, Outbox)
    for route, _, _ in admin.PAGES:
        for enquiry in enquiries if "<" in route else enquiries[:1]:
            address = "/admin/enquiries/enquiry/" + route.replace("<uuid:pk>", str(enquiry.pk))
            for method, action in itertools.product((client.get, client.head), ("claim", "spam")):
                sent = held(enquiry, move=action, do="send", subject="x", text="x", to=cora.pk, mail="1", phone="1")
                assert method(address, sent).status_code < 500
    assert what_is_stored(Enquiry, Answers, Outbox) == before
    assert set(EnquiryEvent.objects.values_list("verb", flat=True)) <= {
        *("received", "claim", "wait", "no_response", "spam", "viewed", "erased_request")
    }


def test_the_walk_knows_every_address():
    staff = next(found for found in get_resolver().url_patterns if getattr(found, "namespace", "") == "admin")
    served = {str(name).partition("enquiries_enquiry_")[2] for name in staff.reverse_dict}
    assert served - {""} <= {name for _, _, name in admin.PAGES} | {"changelist"}


def test_only_colleagues_who_can_work_on_it_are_given_one(client, make_enquiry, reception, cora, editor, caller):
    cora.is_active = False
    cora.save()
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    for other in (cora, editor, caller):
        response = client.post(page_of(enquiry), held(enquiry, move="hand_over", to=other.pk, note="kept"))
        assert response.status_code == 422
        assert "Choose one of the colleagues who are listed." in response.content.decode()
        assert "kept" in response.content.decode()
    assert list(colleagues()) == [reception]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x" * 2000])
def test_odd_days_are_no_fault(client, make_enquiry, reception, day):
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    assert client.post(page_of(enquiry), held(enquiry, move="wait", until=day)).status_code in (302, 409, 422)
    assert client.get(page_of(enquiry)).status_code == 200
