"""What waits for reception, on the first page: counted once each, with a way to each, and read again in the background."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.core.dashboard import dashboard
from siweb.enquiries.models import DeskEvent, Enquiry, Outbox

PAGE, LIST = "/admin/", "/admin/enquiries/enquiry/"


def change(enquiry, **to):
    Enquiry.objects.filter(pk=enquiry.pk).update(**to)


@pytest.fixture
def busy(make_enquiry, reception, caller):
    """A desk with something of every kind."""
    now = timezone.now()
    late, _, mine, due, theirs = (make_enquiry() for _ in range(5))
    change(late, due_at=now - timedelta(minutes=1), created_at=now - timedelta(hours=2, minutes=10))
    change(mine, state="in_progress", owner=reception)
    change(due, state="waiting", owner=caller, follow_up_at=now)
    change(theirs, state="in_progress", owner=caller, due_at=now - timedelta(minutes=1))
    make_enquiry(tell=["diabetes"])
    make_enquiry(reason="trap")
    Outbox.objects.filter(enquiry__in=[mine, late], kind="acknowledgement").update(state="failed")


def test_everything_that_waits_is_said_and_leads_to_its_tab(desk, busy):
    text = desk.get(PAGE).content.decode()
    links = dict(re.findall(rf'<a href="{LIST}\?tab=(\w+)">([^<]*)</a>', text))
    assert links == {
        "new": "3 need a first reply",
        "overdue": "2 are overdue",
        "mine": "1 is with you",
        "waiting": "1 waits for you to follow up today",
        "call": "1 needs a clinician’s call",
        "mail": "2 enquiries have a mail that could not be sent",
        "spam": "1 is possible spam: check",
    }
    assert "The oldest came 2\xa0hours, 10\xa0minutes ago" in text
    assert "Maria" not in text


def test_what_is_overdue_is_marked_by_a_word_and_a_sign(desk, busy):
    text = desk.get(PAGE).content.decode()
    assert re.search(r'<li class="late"><span aria-hidden="true">⚠</span> <a[^>]*>2 are overdue<', text)


def test_the_title_counts_each_enquiry_once_and_spam_not_at_all(desk, busy, reception):
    enquiries, mail = dashboard(reception)["waiting"][:2]
    assert (enquiries.count, mail.count) == (6, 2), "five of ours and one of a colleague's that is late; two mails"
    assert "<title>(8) " in desk.get(PAGE).content.decode()
    assert [section.heading for section in dashboard(reception)["good_to_know"]] == ["Spam"]


def test_in_the_background_only_the_sections_come_and_no_session_lasts_longer(desk, busy):
    desk.get(PAGE)
    session = desk.session
    session["seen"] -= 600
    session.save()
    text = desk.get(PAGE, headers={"X-Background": "yes"}).content.decode()
    assert "3 need a first reply" in text
    assert 'data-title="(8) To do' in text
    assert "<html" not in text
    assert desk.session["seen"] == session["seen"]
    assert not DeskEvent.objects.exists(), "nobody's name was shown"


def test_only_the_desk_asks_again_by_itself(client, reception, editor):
    for user, asks in ((reception, True), (editor, False)):
        client.force_login(user)
        assert ("js/enquiries/desk.js" in client.get(PAGE).content.decode()) == asks
