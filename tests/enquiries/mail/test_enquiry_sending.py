"""Mail that is owed: sent once, whatever the mail server does meanwhile, and never in the way of a patient."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.mail import messages, outbox
from siweb.enquiries.models import Enquiry, Outbox
from tests.support.enquiring import sent
from tests.support.mailserver import CLINIC, MARIA, HangingServer, MailServer, link_in, message_of, one, set_mail_server
from tests.support.serving import Site, free_port, supervisors, ticks, until
from tests.support.visiting import Visitor, database_of, reception_at, rows, staff_page

# --- When the server will not take them -------------------------------------------------------------------------------


def test_an_unknown_recipient_fails_at_once_and_the_enquiry_says_so(client, clinic, mail_server):
    enquiry = sent(client)
    mail_server.refuse[MARIA] = "550 5.1.1 maria@patient.example unknown"
    assert outbox.send_due() == 1  # the clinic hears of it all the same
    message = message_of(enquiry)
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.problem == "the server does not know this address"
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received", "mail_failed"]
    assert outbox.send_due(timezone.now() + timedelta(days=30)) == 0
    assert mail_server.tried == [MARIA]
    assert enquiry.state == Enquiry.objects.get().state == "new"


def test_a_clinics_mailbox_that_is_unknown_fails_without_an_event(client, clinic, mail_server):
    enquiry = sent(client)
    mail_server.refuse[CLINIC] = "550 unknown"
    assert outbox.send_due() == 1
    assert message_of(enquiry, "new_enquiry").state == "failed"
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received"]


def test_a_recipient_that_is_refused_for_now_is_tried_again(client, clinic, mail_server):
    enquiry = sent(client)
    mail_server.refuse[MARIA] = "451 4.7.1 greylisted, try again later"
    now = timezone.now()
    assert outbox.send_due(now) == 1
    message = message_of(enquiry)
    assert (message.state, message.attempts, message.sent_at) == ("queued", 1, None)
    assert MARIA not in message.problem
    mail_server.refuse.clear()
    assert outbox.send_due(now + timedelta(minutes=4)) == 0, "not before its time"
    assert outbox.send_due(now + timedelta(minutes=6)) == 1
    one(mail_server.to(MARIA))
    message = message_of(enquiry)
    assert (message.state, message.problem) == ("sent", "")
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received"]


def test_a_refusal_for_now_does_not_say_that_the_address_is_unknown(client, clinic, mail_server):
    enquiry = sent(client)
    mail_server.refuse[MARIA] = "451 greylisted"
    outbox.send_due()
    assert "does not know" not in message_of(enquiry).problem


def attempts_until_given_up(enquiry, kind):
    """When each attempt was made, by the row's own word for when the next is due."""
    times = []
    while (message := message_of(enquiry, kind)).state == "queued":
        assert len(times) < 100
        times.append(message.next_try_at)
        outbox.send_due(message.next_try_at)
    return times


@pytest.mark.parametrize("kind", ["acknowledgement", "new_enquiry"])
def test_the_wait_doubles_and_the_tenth_refusal_is_the_last(client, clinic, mail_server, kind):
    enquiry = sent(client)
    mail_server.answer = "451 try again later"
    times = attempts_until_given_up(enquiry, kind)
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in zip(times, times[1:], strict=False)]
    assert waits == [5 * 2**number for number in range(9)]
    assert message_of(enquiry, kind).state == "failed"
    outbox.send_due(timezone.now() + timedelta(days=30))
    assert {message.state for message in Outbox.objects.all()} == {"failed"}
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received", "mail_failed"]


def test_a_message_keeps_its_id_over_all_attempts_and_no_two_share_one(client, clinic, mail_server):
    enquiries = [sent(client, email=f"{name}@patient.example") for name in "ab"]
    mail_server.answer = "451 try again later"
    for enquiry in enquiries:
        attempts_until_given_up(enquiry, "acknowledgement")
    ids = {}
    for tried in mail_server.tried:
        ids.setdefault((tried.to[0], tried.message["Message-ID"]), []).append(tried)
    patients = {address: len(attempts) for (address, _), attempts in ids.items() if address != CLINIC}
    assert patients == {"a@patient.example": 10, "b@patient.example": 10}
    assert len({message_id for _, message_id in ids}) == len(Outbox.objects.all()) == 4


def test_a_dead_server_ends_the_round_after_one_attempt(client, clinic, settings):
    set_mail_server(settings, free_port())
    for _ in range(3):
        sent(client)
    assert outbox.send_due() == 0
    tried = Outbox.objects.filter(attempts__gt=0)
    assert [(message.attempts, message.state, message.problem) for message in tried] == [
        (1, "queued", "the server did not answer")
    ]
    assert Outbox.objects.filter(attempts=0, state="queued").count() == 5


def test_one_mail_that_cannot_be_made_holds_up_no_other(client, clinic, mail_server, monkeypatch):
    bad, good = sent(client, email="bad@patient.example"), sent(client, email="good@patient.example")
    make = messages.acknowledgement

    def sometimes(enquiry, *arguments):
        if enquiry == bad:
            raise ValueError("Header values can't contain newlines")
        return make(enquiry, *arguments)

    monkeypatch.setattr(messages, "acknowledgement", sometimes)
    assert outbox.send_due() == 3
    assert message_of(good).state == "sent"
    assert message_of(bad).problem


def test_a_process_that_dies_while_it_sends_leaves_the_mail_for_the_next(client, clinic, mail_server, monkeypatch):
    enquiry = sent(client)
    with monkeypatch.context() as dying:
        dying.setattr("django.core.mail.EmailMultiAlternatives.send", _die)
        with pytest.raises(KeyboardInterrupt):
            outbox.send_due()
    now = timezone.now()
    assert outbox.send_due(now + timedelta(minutes=6)) == 2
    assert len(mail_server.to(MARIA)) == len(mail_server.to(CLINIC)) == 1
    assert message_of(enquiry).state == "sent"


def _die(*_, **__):
    raise KeyboardInterrupt


def test_a_mail_that_was_taken_without_a_word_comes_again_under_the_same_id(client, clinic, mail_server):
    sent(client)
    mail_server.forgets = True
    assert outbox.send_due() == 0
    mail_server.forgets = False
    assert outbox.send_due(timezone.now() + timedelta(minutes=6)) == 2
    first, again = mail_server.to(CLINIC)
    assert first.message["Message-ID"] == again.message["Message-ID"]
    one(mail_server.to(MARIA))


def test_staff_are_told_when_nothing_sends_the_mail(client, clinic, mail_server):
    enquiry = sent(client)
    assert outbox.waiting_because() == ""
    Outbox.objects.update(next_try_at=timezone.now() - timedelta(minutes=11))
    assert "tick" in outbox.waiting_because()
    outbox.send_due()
    assert outbox.waiting_because() == ""
    assert message_of(enquiry).state == "sent"


# --- The real site ----------------------------------------------------------------------------------------------------


_GIVE_MAILBOX = f"""
from siweb.clinics.models import Clinic
clinic = Clinic.current()
clinic.email = {CLINIC!r}
clinic.save()
"""


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    """A running site with a mail server's address, where nothing listens yet."""
    port = free_port()
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "EMAIL_FROM": "no-reply@joint.example"}
    with Site.start(tmp_path_factory.mktemp("mailing"), **mail) as site:
        site.mail_port = port
        site.manage("shell", "-v0", "-c", _GIVE_MAILBOX)
        stop_ticks(site)
        yield site


def stop_ticks(site):
    """From here on only the tests tick."""
    until(lambda: ticks(site.process.pid), "the site's own tick runs", site.log)
    for pid in supervisors(site.process.pid) + ticks(site.process.pid):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not ticks(site.process.pid), "it is gone")


def begin_tick(site):
    return subprocess.Popen(
        [sys.executable, "manage.py", "tick"],
        cwd=site.project,
        env=site.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_is_over(site):
    """What waits for its next attempt is due now."""
    with database_of(site) as database:
        database.execute("UPDATE enquiries_outbox SET next_try_at = '2020-01-01 00:00:00+00:00' WHERE state = 'queued'")


def states(site, *references):
    """{state of a mail} of some enquiries."""
    listed = ", ".join(f"'{reference}'" for reference in references)
    joined = "enquiries_outbox o JOIN enquiries_enquiry e ON o.enquiry_id = e.id"
    return [state for (state,) in rows(site, f"SELECT o.state FROM {joined} WHERE e.reference IN ({listed})")]


@pytest.mark.full
@pytest.mark.server
def test_a_hanging_mail_server_keeps_no_patient_waiting_and_each_mail_comes_once_when_it_is_back(mailing):
    with HangingServer(mailing.mail_port) as hanging:
        first = Visitor(mailing, "203.0.113.11").sent(email="one@patient.example")
        wait_is_over(mailing)
        with begin_tick(mailing) as stuck:
            until(hanging.was_called, "a tick calls the mail server")
            visitor = Visitor(mailing, "203.0.113.12")
            checked = visitor.check(email="two@patient.example")
            began = time.monotonic()
            second = visitor.sent(email="two@patient.example")
            assert time.monotonic() - began < 2  # needs 0.1 s
            assert checked.status == 200
            assert stuck.poll() is None, "it was stuck all the time"
            assert stuck.wait(60) == 0
    assert set(states(mailing, first, second)) == {"queued"}
    with MailServer(mailing.mail_port) as server:
        wait_is_over(mailing)
        for tick in [begin_tick(mailing), begin_tick(mailing)]:
            assert tick.wait(60) == 0
        until(lambda: states(mailing, first, second) == ["sent"] * 4, "all have gone", mailing.log)
        mailing.manage("tick")
        ours = [mail.to for mail in server.mails if mail.to != [CLINIC]]
        assert sorted(ours) == [["one@patient.example"], ["two@patient.example"]]
        assert len({mail.message["Message-ID"] for mail in server.mails}) == len(server.mails)


@pytest.mark.server
def test_forty_mails_and_three_ticks_at_once_are_forty_mails(mailing):
    references = [
        Visitor(mailing, f"203.0.113.{20 + number}").sent(email=f"many{number}@patient.example") for number in range(20)
    ]
    with MailServer(mailing.mail_port) as server:
        wait_is_over(mailing)
        running = [begin_tick(mailing) for _ in range(3)]
        assert [tick.wait(120) for tick in running] == [0] * 3
        until(lambda: set(states(mailing, *references)) == {"sent"}, "all have gone", mailing.log)
        got = sorted(mail.to[0] for mail in server.mails if mail.to[0].startswith("many"))
    assert got == sorted(f"many{number}@patient.example" for number in range(20))


@pytest.mark.server
def test_the_tick_beside_the_server_sends_what_waits_without_being_asked(mailing):
    Visitor(mailing, "203.0.113.16").sent(email="restart@patient.example")
    wait_is_over(mailing)
    mailing.stop()
    with MailServer(mailing.mail_port) as server:
        mailing.serve()
        until(lambda: server.to("restart@patient.example"), "the mail comes", mailing.log)
        stop_ticks(mailing)


@pytest.mark.server
def test_a_dead_mail_server_costs_no_enquiry_and_the_log_names_nobody(mailing):
    reference = Visitor(mailing, "203.0.113.13").sent(name="Quill Dead", email="quill.dead@patient.example")
    wait_is_over(mailing)
    mailing.manage("tick")
    assert states(mailing, reference) == ["queued"] * 2
    assert "not sent yet" in staff_page(mailing, reference)
    assert "uill" not in mailing.log()


@pytest.mark.server
def test_a_private_link_from_a_real_mail_opens_and_is_not_in_the_log(mailing):
    Visitor(mailing, "203.0.113.14").sent(email="link@patient.example")
    with MailServer(mailing.mail_port) as server:
        wait_is_over(mailing)
        mailing.manage("tick")
        [mail] = until(lambda: server.to("link@patient.example"), "the mail comes", mailing.log)
        path = link_in(mail)
        assert mailing.url in mail.text
        assert mailing.get(path).status == 200
        assert path.split("/")[-2] not in mailing.log()


@pytest.mark.server
def test_without_a_mail_server_all_stays_and_staff_are_told(site):
    reference = Visitor(site, "203.0.113.15").sent()
    site.manage("tick")
    assert states(site, reference) == ["queued"] * 2
    assert staff_page(site, reference).count("not sent yet (no mail server set)") == 2
    listed = site.get("/admin/enquiries/enquiry/", Cookie=reception_at(site)).text
    assert "Not sent: no mail server set." in listed
