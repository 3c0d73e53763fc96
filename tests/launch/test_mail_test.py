"""The test mail that shows that what the site sends arrives: a code goes out, and comes back by hand."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.accounts.roles import MANAGERS
from siweb.clinics.models import Clinic, MailTest, OpeningEvent
from siweb.launch import email_test
from tests.conftest import with_role
from tests.support.mailserver import CLINIC, one, set_mail_server
from tests.support.opened import give
from tests.support.serving import free_port

PAGE = "/admin/clinics/clinic/opening/"


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", MANAGERS)


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def code_in(mail):
    return re.search(r"code: (\d{6})", mail.text)[1]


def arrived():
    return email_test.has_arrived(Clinic.current(), MailTest.objects.get())


def test_the_code_of_the_mail_typed_in_shows_that_it_arrived(desk, clinic, mail_server):
    page = desk.post(PAGE, {"do": "send"}, follow=True).content.decode()
    assert "The test mail is on its way." in page
    mail = one(mail_server.to(CLINIC))
    assert not arrived()
    code = code_in(mail)
    assert desk.post(PAGE, {"do": "confirm", "test_code": f" {code[:3]} {code[3:]}"}).status_code == 302
    assert arrived()
    assert f"A test mail has arrived in {CLINIC}." in desk.get(PAGE).content.decode()


def test_the_mail_is_plain_text_and_html_and_its_link_gives_nothing_away(desk, clinic, mail_server):
    desk.post(PAGE, {"do": "send"})
    mail = one(mail_server.mails)
    assert mail.message["Auto-Submitted"] == "auto-generated"
    for text in (mail.text, html.unescape(re.sub("<[^>]+>", "", mail.html))):
        assert f"Your code: {code_in(mail)}" in text
        assert "Mia" not in text
    for links in (re.findall(r"http://\S+", mail.text), re.findall(r'http://[^"\s<]+', mail.html)):
        assert links == [f"http://127.0.0.1:8000{PAGE}"]


def test_neither_the_code_nor_the_address_is_stored(desk, clinic, mail_server):
    desk.post(PAGE, {"do": "send"})
    stored = str([*MailTest.objects.values(), *OpeningEvent.objects.values()])
    assert code_in(one(mail_server.mails)) not in stored
    assert CLINIC not in stored


def test_looking_at_the_page_sends_and_proves_nothing(desk, clinic, mail_server):
    for query in ("", "?do=send", "?do=confirm&test_code=123456"):
        assert desk.get(PAGE + query).status_code == 200
    assert mail_server.mails == []
    assert not MailTest.objects.exists()


def test_a_wrong_code_is_kept_and_five_end_it(desk, clinic, mail_server):
    desk.post(PAGE, {"do": "send"})
    code = code_in(one(mail_server.mails))
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(email_test.TRIES):
        response = desk.post(PAGE, {"do": "confirm", "test_code": wrong})
        assert response.status_code == 422
        assert "That is not the code" in response.content.decode()
        assert f'value="{wrong}"' in response.content.decode()
    response = desk.post(PAGE, {"do": "confirm", "test_code": code})
    assert "Send another test mail" in response.content.decode()
    assert not arrived()


def test_a_code_ends_after_an_hour_and_with_the_next_one(clinic, mail_server, manager):
    email_test.send(manager)
    email_test.send(manager)
    first, second = map(code_in, mail_server.mails)
    if first != second:
        assert "not the code" in email_test.confirm(first, manager)
    late = timezone.now() + email_test.LASTS + timedelta(seconds=1)
    assert "This code is over" in email_test.confirm(second, manager, now=late)
    assert email_test.confirm(second, manager) == ""
    assert "No code is waited for" in email_test.confirm(second, manager), "it works once"


def _other_server(settings):
    settings.EMAIL_HOST = "mail.example.org"


def _other_password(settings):
    settings.EMAIL_HOST_PASSWORD = "another"


def _other_sender(settings):
    settings.DEFAULT_FROM_EMAIL = "other@joint.example"


def _other_mailbox(settings):
    give(email="other@joint.example")


CHANGES = [_other_server, _other_password, _other_sender, _other_mailbox]


@pytest.mark.parametrize("change", CHANGES)
def test_another_mailbox_or_mail_setting_has_to_be_proved_again(clinic, mail_server, manager, settings, change):
    email_test.send(manager)
    email_test.confirm(code_in(one(mail_server.mails)), manager)
    assert arrived()
    change(settings)
    assert not arrived()


@pytest.mark.parametrize("change", CHANGES)
def test_a_code_proves_only_what_it_was_sent_with(clinic, mail_server, manager, settings, change):
    email_test.send(manager)
    change(settings)
    assert "This code is over" in email_test.confirm(code_in(one(mail_server.mails)), manager)
    assert not arrived()


def test_without_a_mailbox_or_a_server_it_is_said_what_to_do(desk, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "The clinic has no mailbox yet." in desk.post(PAGE, {"do": "send"}).content.decode()
    give(email=CLINIC)
    assert "No mail server is set." in desk.post(PAGE, {"do": "send"}).content.decode()
    assert not MailTest.objects.exists()


def test_a_server_that_is_away_or_refuses_is_said_in_words(desk, clinic, mail_server, settings, caplog):
    mail_server.refuse[CLINIC] = f"550 {CLINIC} unknown"
    assert "the server does not know this address" in desk.post(PAGE, {"do": "send"}).content.decode()
    set_mail_server(settings, free_port())
    response = desk.post(PAGE, {"do": "send"})
    assert response.status_code == 422
    assert "the server did not answer" in response.content.decode()
    assert not arrived()
    assert "@" not in caplog.text


def test_who_sent_and_who_confirmed_is_written_down(clinic, mail_server, manager):
    email_test.send(manager)
    email_test.confirm(code_in(one(mail_server.mails)), manager)
    verbs = OpeningEvent.objects.values_list("actor_name", "verb")
    assert list(verbs)[::-1] == [
        ("Mia Practice managers", "sent a test mail"),
        ("Mia Practice managers", "confirmed that the test mail arrived"),
    ]
