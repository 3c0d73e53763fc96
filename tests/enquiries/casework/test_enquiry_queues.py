"""Which enquiries wait for whom: a truth table of the desk's queues, at one moment."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.models import Enquiry

NOW = timezone.make_aware(datetime(2026, 11, 25, 11))  # a Wednesday
BEFORE, LATER, TODAY, YESTERDAY = NOW - timedelta(minutes=1), NOW + timedelta(days=1), NOW, NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=9)

# What an enquiry is, and in which queues it stands.
QUEUES = [
    ({"state": "new", "due_at": LATER}, {"first reply"}),
    ({"state": "new", "due_at": BEFORE}, {"first reply", "overdue"}),
    ({"state": "in_progress", "due_at": LATER}, {"mine"}),
    ({"state": "in_progress", "due_at": BEFORE}, {"mine", "overdue"}),
    ({"state": "in_progress", "due_at": BEFORE, "first_reply_at": LONG_AGO}, {"mine"}),
    ({"state": "waiting", "follow_up_at": LATER}, {"waiting"}),
    ({"state": "waiting", "follow_up_at": TODAY}, {"waiting", "waiting due"}),
    ({"state": "waiting", "follow_up_at": YESTERDAY}, {"waiting", "waiting due", "overdue"}),
    ({"state": "new", "due_at": LATER, "call": "open"}, {"first reply", "call"}),
    ({"state": "new", "due_at": LATER, "call": "ask_gp"}, {"first reply"}),
    ({"state": "closed", "outcome": "withdrawn", "call": "open"}, {"closed"}),
    ({"state": "spam", "created_at": NOW}, {"spam", "unconfirmed"}),
    ({"state": "spam", "created_at": LONG_AGO}, {"spam", "unconfirmed", "overdue"}),
    ({"state": "spam", "created_at": LONG_AGO, "spam_confirmed": True}, {"spam"}),
    ({"state": "closed", "outcome": "booked", "hold_reason": "x", "hold_review": NOW}, {"closed", "held"}),
]


def queues_of(enquiry, user):
    every = Enquiry.objects
    queues = {
        "first reply": every.needs_first_reply(),
        "mine": every.mine(user),
        "waiting": every.waiting(),
        "waiting due": every.waiting_due(NOW),
        "overdue": every.overdue(NOW),
        "call": every.needs_a_call(),
        "closed": every.closed(),
        "spam": every.spam(),
        "unconfirmed": every.unconfirmed_spam(),
        "held": every.held(),
    }
    return {name for name, found in queues.items() if enquiry in found}


@pytest.mark.parametrize(("what", "stands_in"), QUEUES)
def test_an_enquiry_stands_in_the_queues_of_those_it_waits_for(make_enquiry, reception, what, stands_in):
    enquiry = make_enquiry()
    owner = reception if what["state"] in ("in_progress", "waiting") else None
    Enquiry.objects.filter(pk=enquiry.pk).update(**what, owner=owner)
    assert queues_of(enquiry, reception) == stands_in


def test_what_a_colleague_works_on_is_not_mine(make_enquiry, reception, caller):
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(state="in_progress", owner=caller)
    assert queues_of(enquiry, reception) == set()
