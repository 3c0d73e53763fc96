"""Forged and broken forms at the desk: whatever is sent to a page of staff is no fault of ours, and changes nothing unseen."""

import os
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Answers, CannedReply, Complaint, DeskEvent, Enquiry
from tests.accounts.test_roles import PAGES, address_of
from tests.support.enquiring import ANSWERS, make

DESK = [(name, held) for name, held, *_ in PAGES if name.startswith("enquiries_")]
NONSENSE = (
    *("\0", "9" * 5000, "9999-12-31", "💣" * 4001),
    *("9" * 30, "0001-01-01", "\r\nBcc: x@evil.example", "-1", "٣", "²", "NaN", "", "a\0b", "1e400", "2026-02-30"),
    *("{{name}}", "{% debug %}", "%(x)s", "\u202e=1+1", "'\"\\%_!;--", "__all__"),
)
if os.environ.get("TESTS") != "full":
    NONSENSE = NONSENSE[:4]

TODAY, SOON = (str(timezone.localdate() + timedelta(days)) for days in (0, 30))
WHO = {"who": "0161 496 0000"}
# What each page understands; {} where it asks nothing. Where it names several acts, each is tried.
FORMS = {
    "enquiries_enquiry_search": [{"words": "Maria"}],
    "enquiries_enquiry_several": [
        {"do": "claim", "row": "{row}", "tab": "new", "confirmed": yes} for yes in ("", "yes")
    ],
    "enquiries_enquiry_change": [
        {"version": "{version}", "seen": "0", "move": move, "note": "Words", "until": SOON, "to": "1"}
        for move in ("note", "wait", "wait 1", "hand_over", "next")
    ],
    "enquiries_enquiry_call": [ANSWERS | {"key": str(uuid.uuid4()), "seen": "SIJ-7F3K", "place": "any"}],
    "enquiries_enquiry_same_contact": [{"phone": "0161 496 0000", "email": "a@example.org", "key": str(uuid.uuid4())}],
    "enquiries_enquiry_correct": [
        {
            "version": "{version}",
            "phone": "0161 496 0001",
            "voicemail": "yes",
            "email": "a@example.org",
            "first": "phone",
        }
    ],
    "enquiries_enquiry_mail_again": [{"version": "{version}", "mail": "1", "note": "Words"}],
    "enquiries_enquiry_letter": [
        {
            "version": "{version}",
            "seen": "0",
            "do": do,
            "subject": "About it",
            "text": "Words",
            "reply": "1",
            "note": "x",
        }
        for do in ("", "look", "send")
    ],
    "enquiries_enquiry_clock": [{"day": TODAY}],
    "enquiries_enquiry_hold": [{"version": "{version}", "do": "hold", "reason": "A court has asked"}],
    "enquiries_enquiry_erase": [{"reference": "SIJ-7F3K"}],
    "enquiries_enquiry_export": [
        {
            "first": TODAY,
            "last": TODAY,
            "reason": "The audit",
            "about": "state",
            "person": "name",
            "words": "notes",
            "do": do,
        }
        for do in ("", "download")
    ],
    "enquiries_enquiry_disclosure": [WHO, WHO | {"file": "1", "reference": "{reference}", "complaint": "1"}],
    "enquiries_enquiry_to_erase": [WHO],
    "enquiries_enquiry_complaint": [
        {"version": "1", "received_on": TODAY, "route": "phone", "name": "Ann", "contact": "a", "words": "x"}
        | {"reference": "{reference}", "acknowledged_on": TODAY, "closed_on": TODAY, "outcome": "Explained"}
    ],
    "enquiries_cannedreply_change": [{"title": "Ring", "subject": "Ring us", "body": "Please {{name}}"}],
}


@pytest.fixture
def admin(django_user_model):
    client = Client(raise_request_exception=True)  # a fault is shown as what it is
    client.force_login(django_user_model.objects.create_superuser("root"))
    return client


@pytest.fixture
def enquiry(make_enquiry, reception):
    enquiry = make_enquiry(tell=["diabetes"])
    make(enquiry, "claim", reception)
    return enquiry


@pytest.fixture
def addresses(enquiry, reception):
    reply = CannedReply.objects.create(title="Ring us", subject="Ring us", body="Please ring us.")
    complaint = Complaint.objects.create(route="phone", name="Ann", contact="a", words="x", recorded_by=reception)
    held = {"enquiry": enquiry.pk, "reply": reply.pk, "complaint": complaint.pk}
    return {name: address_of(name, holds, held) for name, holds in DESK}


def standing(enquiry):
    """All that a forged form could have changed."""
    enquiry.refresh_from_db()
    events = enquiry.events.exclude(verb__in=["viewed", "printed"]).values_list("verb", flat=True)
    return (
        enquiry.version,
        enquiry.state,
        enquiry.owner_id,
        list(events),
        Enquiry.objects.count(),
        Answers.objects.count(),
    )


def filled(form, enquiry):
    known = {"{row}": f"{enquiry.pk}:{enquiry.version}", "{version}": enquiry.version, "{reference}": enquiry.reference}
    return {name: known.get(value, value) if isinstance(value, str) else value for name, value in form.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMS))
def test_nonsense_in_any_field_of_a_form_that_is_right_otherwise_is_no_fault_of_ours(admin, enquiry, addresses, name):
    for form in FORMS[name]:
        form = filled(form, enquiry)
        for field in form:
            for value in NONSENSE:
                with transaction.atomic():
                    response = admin.post(addresses[name], form | {field: value})
                    b"".join(response)
                    transaction.set_rollback(True)
                assert response.status_code < 500, (field, value[:30])


def test_every_page_that_takes_a_form_is_tried(addresses):
    reads_only = [name for name, _, _, methods in PAGES if name in addresses and "POST" not in methods]
    like_others = ["enquiries_cannedreply_add", "enquiries_cannedreply_changelist", "enquiries_enquiry_complaint_add"]
    assert sorted({*FORMS, *reads_only, *like_others}) == sorted(addresses)


def never_shown(version):
    return (str(version - 1), str(version + 1), "9" * 30)


@pytest.mark.slow
def test_no_button_works_with_a_version_that_nobody_was_shown(admin, enquiry, addresses):
    before = standing(enquiry)
    for act in workflow.BY_ACTION:
        for version in never_shown(enquiry.version):
            form = {"version": version, "move": act, "note": "Words", "until": SOON}
            assert admin.post(addresses["enquiries_enquiry_change"], form).status_code in (409, 422), (act, version)
    assert standing(enquiry) == before


@pytest.mark.parametrize("name", ["correct", "hold", "letter", "mail_again", "several"])
def test_no_other_form_works_with_one_either(admin, enquiry, addresses, name):
    before = standing(enquiry)
    for form in FORMS[f"enquiries_enquiry_{name}"]:
        for version in never_shown(enquiry.version):
            forged = filled(form, enquiry) | {"version": version, "row": f"{enquiry.pk}:{version}"}
            admin.post(addresses[f"enquiries_enquiry_{name}"], forged)
    assert standing(enquiry) == before


def test_what_belongs_to_another_enquiry_is_not_touched(admin, enquiry, make_enquiry):
    other = make_enquiry(email="other@example.org")
    mail, before = other.outbox.first(), standing(other)
    other.outbox.update(state="failed")
    page = address_of("enquiries_enquiry_mail_again", {"pk": "enquiry"}, {"enquiry": enquiry.pk})
    admin.post(page, {"version": enquiry.version, "mail": mail.pk})
    mail.refresh_from_db()
    assert (mail.state, standing(other)) == ("failed", before)


def test_a_form_cannot_set_what_it_does_not_ask(admin, enquiry):
    page = address_of("enquiries_enquiry_change", {"pk": "enquiry"}, {"enquiry": enquiry.pk})
    forged = {"state": "closed", "outcome": "booked", "owner": "1", "call": "may_be_booked", "hold_reason": "x"}
    admin.post(page, {"version": enquiry.version, "move": "note", "note": "words"} | forged)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.outcome, enquiry.call, enquiry.hold_reason) == ("in_progress", "", "open", "")


@pytest.mark.slow
def test_words_are_shown_as_words_on_every_page(admin, addresses, enquiry, reception):
    evil = "<img src=x onerror=alert(1)>"
    told = dict.fromkeys(("asker", "relation", "name", "words", "phone_note", "language"), evil)
    Answers.objects.filter(enquiry=enquiry).update(who="other", **told)
    CannedReply.objects.update(title=evil, subject=evil, body=evil)
    make(enquiry, "note", reception, note=evil)
    form = {"version": enquiry.version, "do": "look", "words": "img", "phone": "0161 496 0000", "who": "0161 496 0000"}
    form |= dict.fromkeys(("subject", "text", "note", "reason", "name", "contact", "title", "body", "outcome"), evil)
    form |= {"row": f"{enquiry.pk}:{enquiry.version}"}
    for address in addresses.values():
        for response in (admin.get(address), admin.post(address, form)):
            assert "<img src=x" not in response.content.decode(), address


@pytest.mark.slow
def test_no_address_title_or_event_of_the_desk_names_anybody(admin, enquiry, addresses):
    form = {"version": enquiry.version, "words": "Maria Example", "phone": "0161 496 0000", "note": "Maria Example"}
    for address in addresses.values():
        for response in (admin.get(address), admin.post(address, form)):
            if response.status_code == 302:
                assert "Maria" not in response.headers["Location"]
            else:
                title = response.content.decode().partition("<title>")[2].partition("</title>")[0]
                assert "Maria" not in title
    assert not DeskEvent.objects.filter(about__contains="Maria").exists()


@pytest.mark.slow
@pytest.mark.parametrize("leads", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nothing_leads_elsewhere(admin, addresses, leads):
    for address in addresses.values():
        for response in (
            admin.get(address, {"next": leads, "tab": leads, "from": leads}),
            admin.post(f"{address}?tab={leads}&from={leads}", {"next": leads, "tab": leads, "do": "claim"}),
        ):
            assert "evil" not in response.headers.get("Location", "")
            assert "javascript:" not in response.headers.get("Location", "")


def test_what_is_far_too_long_is_refused_and_handed_back(admin, addresses):
    for address in addresses.values():
        response = admin.post(address, {"note": "x" * 5_000_000})
        assert response.status_code in (413, 405), address


def test_without_the_token_nothing_is_done_and_what_was_typed_is_handed_back(enquiry, addresses, django_user_model):
    client, before = Client(enforce_csrf_checks=True), standing(enquiry)
    client.force_login(django_user_model.objects.create_superuser("root"))
    for address in addresses.values():
        form = {"version": enquiry.version, "move": "note", "note": "typed words", "do": "claim"}
        response = client.post(address, form, headers={"Origin": "https://evil.example"})
        assert response.status_code in (302, 403), address
    assert standing(enquiry) == before
