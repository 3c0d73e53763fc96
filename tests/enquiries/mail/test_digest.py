"""The mail at the end of the clinic's day: counts and a link, once for each working day, nothing about a person."""

import html
import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from siweb.core.models import Chore
from siweb.enquiries.mail import daily_digest
from siweb.enquiries.models import Enquiry, Outbox
from siweb.operations.management.commands import tick
from tests.conftest import SAID
from tests.support.mailserver import CLINIC, MailServer, one, set_mail_server
from tests.support.serving import free_port


def day(number, hour, minute=0):
    """November 2026 begins on a Sunday: the 25th is a Wednesday. The clinic closes at five."""
    return timezone.make_aware(datetime(2026, 11, number, hour, minute))


CLOSED = day(25, 17, 1)


@pytest.fixture
def at(monkeypatch):
    """at(moment) sends what is due then; whether a mail went."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return daily_digest.send_due()

    return at


@pytest.fixture
def enquiry(make_enquiry, clinic):
    """A new one, whose own mails have gone."""
    enquiry = make_enquiry()
    Enquiry.objects.update(due_at=day(30, 17))
    Outbox.objects.update(state="sent", sent_at=timezone.now())
    return enquiry


# --- What is in it ----------------------------------------------------------------------------------------------------

# What an enquiry is, and what the mail says of it.
LINES = [
    ({"state": "new", "due_at": day(26, 17)}, ["1 needs a first reply"]),
    ({"state": "new", "due_at": day(25, 17)}, ["1 needs a first reply", "1 is overdue"]),
    ({"state": "in_progress", "due_at": day(26, 17)}, []),
    ({"state": "waiting", "follow_up_at": day(25, 9)}, ["1 is to be followed up"]),
    ({"state": "waiting", "follow_up_at": day(26, 9)}, []),
    ({"state": "new", "due_at": day(26, 17), "call": "open"}, ["1 needs a first reply", "1 needs a clinician’s call"]),
    ({"state": "spam", "created_at": day(25, 9)}, ["1 is possible spam: check"]),
    ({"state": "spam", "created_at": day(25, 9), "spam_confirmed": True}, []),
    ({"state": "closed", "outcome": "withdrawn"}, []),
]


@pytest.mark.parametrize(("what", "said"), LINES)
def test_each_thing_that_waits_is_counted(enquiry, reception, what, said):
    owner = reception if what["state"] in ("in_progress", "waiting") else None
    Enquiry.objects.filter(pk=enquiry.pk).update(**what, owner=owner)
    assert [f"{count} {words}" for count, words in daily_digest.waiting(CLOSED)] == said


@pytest.mark.parametrize(("state", "counted"), [("new", True), ("closed", False)])
def test_a_mail_that_could_not_be_sent_is_counted_while_somebody_can_do_something_about_it(enquiry, state, counted):
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state, outcome="withdrawn" if state == "closed" else "")
    Outbox.objects.filter(kind="acknowledgement").update(state="failed", sent_at=None)
    assert ((1, "mail could not be sent") in daily_digest.waiting(CLOSED)) == counted


def test_it_holds_counts_and_one_link_and_nothing_about_a_person(enquiry, make_enquiry, mail_server, at):
    make_enquiry(email="")
    Enquiry.objects.update(due_at=day(26, 17))
    assert at(CLOSED)
    mail = one(mail_server.to(CLINIC))
    assert mail.message["Subject"] == "To do at the enquiry desk"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    for text in (mail.text, html.unescape(re.sub("<[^>]+>", "", mail.html))):
        assert "2 need a first reply" in text
        told = [value for value in (*SAID.values(), enquiry.reference) if isinstance(value, str) and len(value) > 5]
        assert [value for value in (*told, "SIJ-") if value in text] == []
    for links in (re.findall(r"http://\S+", mail.text), re.findall(r'http://[^"\s<]+', mail.html)):
        assert links == ["http://127.0.0.1:8000/admin/"]


# --- When -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "comes"),
    [
        (day(25, 16, 59), False),
        (day(25, 17, 0), True),
        (day(25, 23, 59), True),
        (day(26, 8), True),  # the machine was off in the evening
    ],
)
def test_it_comes_after_closing_time(enquiry, mail_server, at, moment, comes):
    Chore.objects.create(name=daily_digest.CHORE, day=day(24, 12).date(), at=day(24, 18))
    assert at(moment) == comes


@pytest.mark.slow
def test_it_comes_once_for_each_working_day_with_the_tick(enquiry, mail_server, monkeypatch):
    Enquiry.objects.update(due_at=day(27, 17))
    came = []
    for number in (26, 27, 28, 29, 30):  # from Thursday over the weekend to Monday
        for hour in (8, 16, 18, 23):
            now = day(number, hour)
            monkeypatch.setattr(timezone, "now", lambda now=now: now)
            before = len(mail_server.mails)
            tick.tick()
            tick.tick()
            came += [(number, hour)] * (len(mail_server.mails) - before)
    assert came == [(26, 8), (26, 18), (27, 18), (30, 18)]  # the first morning tells of the evening before


def test_nothing_comes_when_nothing_waits_and_that_day_is_done(clinic, mail_server, make_enquiry, at):
    assert not at(CLOSED)
    make_enquiry()
    assert not at(CLOSED + timedelta(hours=2))
    assert mail_server.mails == []


def test_without_a_mailbox_or_a_mail_server_nothing_is_written_down(enquiry, clinic, settings, mail_server, at):
    clinic.email = ""
    clinic.save()
    assert not at(CLOSED)
    clinic.email = CLINIC
    clinic.save()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    assert not at(CLOSED)
    settings.EMAIL_BACKEND = backend
    assert at(CLOSED)


# --- Faults -----------------------------------------------------------------------------------------------------------


def test_a_server_that_is_away_loses_nothing_also_over_night(enquiry, settings, at):
    port = free_port()
    set_mail_server(settings, port)
    assert not at(CLOSED)
    assert not at(day(26, 1))
    with MailServer(port) as server:
        assert not at(day(26, 1, 59)), "an hour after the last try"
        assert at(day(26, 2, 1))
        assert not at(day(26, 9))
        assert at(day(26, 17, 1))
        assert len(server.mails) == 2


def test_a_server_that_took_it_without_saying_so_gets_the_same_one_again(enquiry, mail_server, at):
    mail_server.forgets = True
    assert not at(CLOSED)
    mail_server.forgets = False
    assert at(CLOSED + timedelta(hours=2))
    first, second = mail_server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_mailbox_that_is_refused_for_good_is_tried_again_the_next_day(enquiry, mail_server, at, caplog):
    mail_server.refuse[CLINIC] = f"550 {CLINIC} unknown"
    assert not at(CLOSED)
    assert not at(CLOSED + timedelta(hours=2))
    assert mail_server.tried == [CLINIC]
    assert not at(day(26, 17, 1))
    assert mail_server.tried == [CLINIC, CLINIC]
    assert "the day's digest was not sent" in caplog.text
    assert "@" not in caplog.text


def test_two_machines_do_not_both_send_it(enquiry, mail_server, at):
    Chore.claim(daily_digest.CHORE, CLOSED, daily_digest.AGAIN_AFTER)  # the other has just begun
    assert not at(CLOSED)
    assert mail_server.mails == []
