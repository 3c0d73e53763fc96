"""The weekly mail about articles that have to be checked again, through a real mail server."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.articles.editorial import reminders
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.core.models import Chore
from siweb.operations.management.commands.tick import tick
from tests.conftest import with_role
from tests.support.deciding import decide
from tests.support.mailserver import CLINIC, HangingServer, MailServer, one, set_mail_server
from tests.support.serving import free_port

KIND = Decision.Kind
CLARA, CARL = "clara@joint.example", "carl@joint.example"


@pytest.fixture
def clinicians(django_user_model, clinic):
    return [_with_address(with_role(django_user_model, a.partition("@")[0], "Clinicians"), a) for a in (CLARA, CARL)]


def _with_address(user, address):
    user.email = address
    user.save()
    return user


@pytest.fixture
def checked(content, clinicians):
    """checked("care", days=-3) is an article whose next check was due three days ago."""

    def make(slug, days):
        sync.import_folder(content(slug, title=f"Title & {slug}"))
        now, due = timezone.now(), timezone.localdate() + timedelta(days=days)
        decide(Article.objects.get(slug=slug).live, KIND.APPROVE, clinicians[0], at=now - timedelta(90), review_due=due)

    return make


def later(**time):
    """From nine in the morning of today: days, and hours of the same day, whenever the tests run."""
    return timezone.localtime().replace(hour=9, minute=0) + timedelta(**time)


# --- What is in it, and who gets it -----------------------------------------------------------------------------------


def test_every_clinician_is_told_what_is_due_with_titles_dates_and_links(checked, mail_server):
    for slug, days in (("late", -3), ("soon", 30), ("fine", 31)):
        checked(slug, days)
    assert reminders.send_due(later()) == 2
    assert [mail.to for mail in mail_server.mails] == [[CLARA], [CARL]]
    mail = one(mail_server.to(CLARA))
    assert mail.message["Subject"] == "Articles to check again: 1 overdue, 1 due soon"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    late, soon = timezone.localdate() - timedelta(3), timezone.localdate() + timedelta(30)
    for text in (mail.text, html.unescape(re.sub("<[^>]+>", "", mail.html))):
        assert f"Title & late: was due on {late:%-d %B %Y}" in text
        assert f"Title & soon: due on {soon:%-d %B %Y}" in text
        assert "fine" not in text
    links = set(re.findall(r"http://\S+", mail.text))
    assert links == set(re.findall(r'http://[^"\s<]+', mail.html))
    assert len(links) == 3
    assert [name for name in ("Clara", "Carl", "clara", "carl") if name in mail.text + mail.html] == []


def test_without_a_clinicians_address_the_clinics_mailbox_is_told(checked, clinicians, mail_server):
    checked("late", -3)
    _with_address(clinicians[0], "")
    clinicians[1].is_active = False
    clinicians[1].save()
    assert reminders.send_due(later()) == 1
    assert one(mail_server.mails).to == [CLINIC]


def test_nobody_is_told_when_nothing_is_due(checked, mail_server):
    checked("fine", 31)
    assert reminders.send_due(later()) == 0
    assert mail_server.mails == []


def test_editors_and_reception_are_not_told(checked, mail_server, editor, reception):
    for user in (editor, reception):
        _with_address(user, f"{user.username}@joint.example")
    checked("late", -3)
    reminders.send_due(later())
    assert {address for mail in mail_server.mails for address in mail.to} == {CLARA, CARL}


# --- When -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_comes_once_a_week_with_the_tick(checked, mail_server):
    checked("late", -3)
    sent = []
    for day in range(15):
        for hours in (0, 2, 5):
            tick(later(days=day, hours=hours))
        sent.append(len(mail_server.to(CLARA)))
    assert sent == [1] * 7 + [2] * 7 + [3]


def test_what_becomes_due_later_in_the_week_waits_for_the_next_mail_but_a_first_one_does_not(checked, mail_server):
    checked("first", 32)
    told = [reminders.send_due(later(days=day)) for day in range(4)]
    assert told == [0, 0, 2, 0]


def test_without_a_mail_server_nothing_is_written_down(checked, settings):
    checked("late", -3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert reminders.send_due(later()) == 0
    assert not Chore.objects.filter(name__startswith="remind").exists()


# --- Faults -----------------------------------------------------------------------------------------------------------


def test_a_server_that_is_away_loses_nothing_and_is_asked_again_an_hour_later(checked, settings):
    checked("late", -3)
    port = free_port()
    set_mail_server(settings, port)
    assert reminders.send_due(later()) == 0
    with MailServer(port) as server:
        assert reminders.send_due(later(minutes=59)) == 0
        assert reminders.send_due(later(minutes=61)) == 2
        assert reminders.send_due(later(minutes=200)) == 0
        assert len(server.mails) == 2


def test_a_server_that_says_nothing_ends_the_round(checked, settings):
    checked("late", -3)
    set_mail_server(settings, free_port())
    settings.EMAIL_TIMEOUT = 0.2
    with HangingServer(settings.EMAIL_PORT):
        assert reminders.send_due(later()) == 0
    with MailServer(settings.EMAIL_PORT) as server:
        assert reminders.send_due(later(hours=2)) == 2
        assert len(server.mails) == 2


def test_who_was_told_before_the_server_went_is_not_told_twice(checked, mail_server):
    checked("late", -3)
    mail_server.refuse[CARL] = "451 try later"
    assert reminders.send_due(later()) == 1
    mail_server.refuse.clear()
    assert reminders.send_due(later(hours=2)) == 1
    assert [mail.to for mail in mail_server.mails] == [[CLARA], [CARL]]


def test_an_address_that_is_refused_for_good_stops_nobody_and_is_tried_again_next_week(checked, mail_server):
    checked("late", -3)
    mail_server.refuse[CLARA] = "550 unknown"
    assert reminders.send_due(later()) == 1
    assert reminders.send_due(later(hours=2)) == 0
    assert reminders.send_due(later(days=7)) == 1
    assert mail_server.tried == [CLARA, CLARA]
    assert len(mail_server.to(CARL)) == 2


def test_a_server_that_took_a_mail_without_saying_so_gets_the_same_one_again(checked, mail_server, clinicians):
    checked("late", -3)
    _with_address(clinicians[1], "")
    mail_server.forgets = True
    assert reminders.send_due(later()) == 0
    mail_server.forgets = False
    assert reminders.send_due(later(hours=2)) == 1
    first, second = mail_server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_two_machines_do_not_both_tell(checked, mail_server):
    checked("late", -3)
    now = later()
    Chore.claim(reminders.ROUND, now, reminders.AGAIN_AFTER)  # the other machine has just begun
    assert reminders.send_due(now) == 0
    assert mail_server.mails == []


def test_nothing_about_a_person_is_logged(checked, mail_server, caplog):
    checked("late", -3)
    mail_server.refuse[CLARA] = f"550 {CLARA} is unknown"
    reminders.send_due(later())
    assert "a reminder was not sent" in caplog.text
    assert "@" not in caplog.text
