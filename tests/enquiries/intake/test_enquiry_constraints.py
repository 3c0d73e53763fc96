"""What the database itself refuses of an enquiry, the person who writes it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint
from django.utils import timezone

from siweb.enquiries.intake import private_links
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from tests.support.enquiring import sent

pytestmark = pytest.mark.django_db

TABLES = (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)
NOW = timezone.now()

# Constraint: changes to a good row that break it and no other.
IMPOSSIBLE = [
    (Enquiry, "enquiry_state_is_known", {"state": "lost"}),
    (Enquiry, "enquiry_state_is_known", {"state": ""}),
    (Enquiry, "enquiry_closed_means_outcome", {"state": "closed"}),
    (Enquiry, "enquiry_closed_means_outcome", {"outcome": "booked"}),
    (Enquiry, "enquiry_closed_means_outcome", {"state": "spam", "outcome": "duplicate"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "in_progress"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "waiting", "follow_up_at": NOW}),
    (Enquiry, "enquiry_worked_on_means_owner", {"owner": "editor"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "closed", "outcome": "booked", "owner": "editor"}),
    (Enquiry, "enquiry_waiting_means_until", {"state": "waiting", "owner": "editor"}),
    (Enquiry, "enquiry_waiting_means_until", {"follow_up_at": NOW}),
    (Enquiry, "enquiry_only_spam_is_confirmed", {"spam_confirmed": True}),
    (Enquiry, "enquiry_is_booked_only_if_it_may_be", {"state": "closed", "outcome": "booked", "call": "open"}),
    (Enquiry, "enquiry_is_booked_only_if_it_may_be", {"state": "closed", "outcome": "booked", "call": "not_here"}),
    (Enquiry, "enquiry_is_booked_only_if_it_may_be", {"state": "closed", "outcome": "booked", "call": "ask_gp"}),
    (Enquiry, "enquiry_hold_is_reviewed", {"hold_reason": "a complaint"}),
    (Enquiry, "enquiry_hold_is_reviewed", {"hold_review": NOW}),
    (Enquiry, "enquiry_erased_means_no_answers", {"answers": None}),
    (Enquiry, "enquiry_erased_means_no_answers", {"erased_at": NOW}),
    (Enquiry, "enquiry_erased_means_no_answers", {"state": "erased", "answers": None}),
    (Enquiry, "enquiry_erased_means_no_answers", {"state": "erased", "erased_at": NOW}),
    (
        Enquiry,
        "enquiry_erased_means_no_answers",
        {"state": "erased", "erased_at": NOW, "answers": None, "link_hash": "x", "link_until": NOW},
    ),
    (Enquiry, "enquiry_link_ends", {"link_hash": "x"}),
    (Enquiry, "enquiry_link_ends", {"link_until": NOW}),
    (
        Enquiry,
        "enquiry_held_is_not_erased",
        {"state": "erased", "erased_at": NOW, "answers": None, "hold_reason": "a complaint", "hold_review": NOW},
    ),
    (Answers, "answers_have_a_name", {"name": ""}),
    (Answers, "answers_can_be_reached", {"phone": "", "first": "phone"}),
    (Answers, "answers_can_be_reached", {"email": "", "first": "email"}),
    (Answers, "answers_can_be_reached", {"first": ""}),
    (Answers, "answers_can_be_reached", {"first": "post"}),
    (Answers, "answers_asker_only_for_others", {"who": "other"}),
    (Answers, "answers_asker_only_for_others", {"who": ""}),
    (Answers, "answers_asker_only_for_others", {"asker": "Tom"}),
    (Answers, "answers_asker_only_for_others", {"relation": "son"}),
    (Answers, "answers_asker_only_for_others", {"knows": "yes"}),
    (Answers, "answers_asker_only_for_others", {"ring": "asker"}),
    (Outbox, "outbox_sent_means_when", {"state": "sent"}),
    (Outbox, "outbox_sent_means_when", {"sent_at": NOW}),
    (Outbox, "outbox_sent_means_when", {"state": "failed", "sent_at": NOW}),
    (Outbox, "outbox_letter_has_words", {"kind": "letter"}),
    (Outbox, "outbox_urgent_has_recipient", {"kind": "urgent"}),
    (Outbox, "outbox_urgent_has_recipient", {"recipient": "editor"}),
    (Enquiry, "enquiry_passed_on_means_open_call", {"passed_on_at": NOW, "call": "open"}),
    (Enquiry, "enquiry_passed_on_means_open_call", {"passed_on_by": "editor", "call": "open"}),
    (Enquiry, "enquiry_passed_on_means_open_call", {"passed_on_at": NOW, "passed_on_by": "editor"}),
]

POSSIBLE = [
    (Enquiry, {"state": "in_progress", "owner": "editor"}),
    (Enquiry, {"state": "waiting", "owner": "editor", "follow_up_at": NOW}),
    (Enquiry, {"state": "closed", "outcome": "booked", "call": "may_be_booked"}),
    (Enquiry, {"state": "closed", "outcome": "withdrawn", "call": "open"}),
    (Enquiry, {"state": "spam", "spam_confirmed": True}),
    (Enquiry, {"state": "erased", "erased_at": NOW, "answers": None, "outcome": "booked"}),
    (Enquiry, {"link_hash": "x", "link_until": NOW}),
    (Enquiry, {"hold_reason": "a complaint", "hold_review": NOW}),
    (Answers, {"phone": "", "first": "email"}),
    (Answers, {"who": "other", "asker": "Tom"}),
    (Enquiry, {"passed_on_at": NOW, "passed_on_by": "editor", "call": "open"}),
    (Outbox, {"state": "sent", "sent_at": NOW}),
    (Outbox, {"kind": "urgent", "recipient": "editor"}),
]


@pytest.mark.parametrize(("table", "constraint", "changes"), IMPOSSIBLE)
def test_the_database_refuses_an_impossible_row(client, editor, table, constraint, changes):
    sent(client)
    changes = {name: editor if value == "editor" else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        table.objects.update(**changes)


@pytest.mark.parametrize(("table", "changes"), POSSIBLE)
def test_the_database_takes_a_possible_row(client, editor, table, changes):
    sent(client)
    changes = {name: editor if value == "editor" else value for name, value in changes.items()}
    assert table.objects.update(**changes) == table.objects.count() > 0


def test_the_database_refuses_an_erased_event_with_words(client):
    enquiry = sent(client)
    with pytest.raises(IntegrityError, match="event_erased_has_no_note"), transaction.atomic():
        EnquiryEvent.objects.create(enquiry=enquiry, verb="note", note="words", erased_at=NOW)


def test_every_check_of_the_database_is_tested_here():
    tested = {constraint for _, constraint, _ in IMPOSSIBLE} | {"event_erased_has_no_note"}
    checks = {c.name for table in TABLES for c in table._meta.constraints if isinstance(c, CheckConstraint)}
    assert tested == checks


@pytest.mark.parametrize("name", ["reference", "submission_key", "link_hash"])
def test_no_two_enquiries_share_a_reference_a_key_or_a_link(client, name):
    one, other = sent(client), sent(client)
    private_links.make_link(one)
    one.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=other.pk).update(**{name: getattr(one, name), "link_until": NOW})


def test_one_address_has_one_count_an_hour():
    AddressCount.objects.create(digest="x", hour=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AddressCount.objects.create(digest="x", hour=NOW)
