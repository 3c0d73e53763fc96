"""Mail that is owed: sent once, whatever the mail server does meanwhile, and never in the way of a patient."""

import html
import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from siweb.clinics.models import Clinic
from siweb.enquiries import emails, links, outbox
from siweb.enquiries.models import Enquiry, Outbox
from siweb.enquiries.signs import RED_SIGNS

from .enquiring import send, sent
from .mailserver import HangingServer, MailServer
from .serving import Site, free_port, until
from .test_enquiry_server import Visitor, database_of, reception_at, rows, staff_page, ticks

CLINIC, MARIA = "clinic@joint.example", "maria@patient.example"


@pytest.fixture
def server(settings):
    """A mail server that the site in this process sends to."""
    with MailServer() as server:
        set_mail_server(settings, server.port)
        yield server


def set_mail_server(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "The clinic <no-reply@joint.example>"
    settings.EMAIL_TIMEOUT = 10


@pytest.fixture
def clinic(db):
    """The clinic with a mailbox."""
    clinic = Clinic.current()
    clinic.email = CLINIC
    clinic.save()
    return clinic


def one(mails):
    [mail] = mails
    return mail


def message_of(enquiry, kind="acknowledgement"):
    return Outbox.objects.get(enquiry=enquiry, kind=kind)


def link_in(mail):
    """The path of the private link in a mail's text."""
    return re.search(r"http://\S+?(/enquire/yours/\S+)", mail.text)[1]


# --- What is in them --------------------------------------------------------------------------------------------------


def test_the_acknowledgement_says_what_happens_next_and_by_when(client, clinic, server):
    enquiry = sent(client)
    assert outbox.send_due() == 2
    mail = one(server.to(MARIA))
    due = date_format(timezone.localdate(enquiry.due_at), "l j F")
    for text in (mail.text, html.unescape(mail.html)):
        assert enquiry.reference in text
        assert f"by the end of {due}" in text
        assert "nothing is booked yet" in text
        assert clinic.phone in text
        assert clinic.name in text
        for level in RED_SIGNS:
            assert level.heading in text
            assert [sign for sign in level.signs if sign not in text] == []
    assert mail.message["To"] == MARIA
    assert mail.message["Reply-To"] == CLINIC
    assert mail.message["From"] == "The clinic <no-reply@joint.example>"
    assert mail.sender == "no-reply@joint.example"
    assert enquiry.reference in mail.message["Subject"]
    assert mail.message["Auto-Submitted"] == "auto-generated"


def test_both_mails_are_plain_text_first_with_the_same_in_html(client, clinic, server):
    sent(client)
    outbox.send_due()
    assert len(server.mails) == 2
    for mail in server.mails:
        assert mail.message.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
        plain = set(re.findall(r"http://\S+|SIJ-\w+", mail.text))
        assert plain == set(re.findall(r'http://[^"\s<]+|SIJ-\w+', html.unescape(mail.html)))
        assert not re.search(r"<(?:img|script|style|link)\b|url\(", mail.html), "nothing is fetched when it is opened"
        assert "&" not in mail.text.replace("A&E", "")


@pytest.mark.parametrize(
    ("read", "said", "not_said"),
    [(True, "You can reply to this mail", "do not reply"), (False, "do not reply to this mail", "You can reply")],
)
def test_the_acknowledgement_says_whether_anybody_reads_replies(client, clinic, server, read, said, not_said):
    clinic.replies_read = read
    clinic.save()
    sent(client)
    outbox.send_due()
    mail = one(server.to(MARIA))
    for text in (mail.text, html.unescape(mail.html)):
        assert said in text
        assert not_said not in text


def test_the_private_link_in_the_mail_opens_that_enquiry(client, clinic, server):
    first, second = sent(client, email="first@patient.example"), sent(client, email="second@patient.example")
    outbox.send_due()
    for enquiry in (first, second):
        mail = one(server.to(enquiry.answers.email))
        page = client.get(link_in(mail))
        assert page.status_code == 200
        assert enquiry.answers.email in page.content.decode()
        assert link_in(mail) in mail.html
    assert link_in(server.to("first@patient.example")[0]) != link_in(server.to("second@patient.example")[0])


def test_the_clinics_mail_holds_nothing_about_the_person(client, clinic, server):
    enquiry = sent(client, tell=["diabetes"], words="Quillwords about my back.")
    outbox.send_due()
    mail = one(server.to(CLINIC))
    whole = mail.message.as_string() + mail.text + mail.html
    personal = [
        "Maria",
        "Gon",
        "Neill",
        MARIA,
        "patient.example",
        "496 0000",
        "4960000",
        "Quillwords",
        "diabetes",
        enquiry.reference,
    ]
    assert [text for text in [*personal, "Example location", "orning"] if text in whole] == []
    assert f"/admin/enquiries/enquiry/{enquiry.pk}/change/" in mail.text
    assert mail.message["To"] == CLINIC


def test_the_outbox_holds_no_token_address_or_text(client, clinic, server):
    enquiry = sent(client, words="Quillwords about my back.")
    before = str(list(Outbox.objects.values()))
    outbox.send_due()
    token = link_in(one(server.to(MARIA))).split("/")[-2]
    held = before + str(list(Outbox.objects.values())) + str(list(Enquiry.objects.values()))
    assert [text for text in (token, MARIA, "Maria", "Quillwords", "4960000") if text in held] == []
    assert len(Enquiry.objects.get().link_hash) == 64
    assert set(Outbox.objects.values().get(enquiry=enquiry, kind="acknowledgement")) == {
        *("id", "enquiry_id", "kind", "state", "attempts", "next_try_at", "sent_at", "problem")
    }


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "%0d%0a"])
def test_no_name_adds_a_header_or_a_recipient(client, clinic, server, break_):
    name = f"Maria{break_}Bcc: evil@evil.example{break_}Subject: evil"
    sent(client, name=name, words=f"Words{break_}Bcc: evil@evil.example", email=MARIA)
    assert outbox.send_due() == 2
    assert sorted(mail.to for mail in server.mails) == [[CLINIC], [MARIA]]
    for mail in server.mails:
        assert mail.message["Bcc"] is None
        assert len(mail.message.get_all("Subject")) == 1
        assert "evil" not in str(mail.message.items())


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00", "%0d%0a"])
def test_no_address_adds_a_header_or_a_recipient(client, clinic, server, break_):
    response = send(client, email=f"{MARIA}{break_}Bcc: evil@evil.example")
    assert response.status_code == 422
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("address", ["o'hara@patient.example", "a+b@patient.example", "x_y%z@patient.example"])
def test_an_unusual_address_gets_its_mail(client, clinic, server, address):
    sent(client, email=address)
    assert outbox.send_due() == 2
    assert one(server.to(address)).message["To"] == address


def test_a_clinic_without_a_mailbox_still_acknowledges(client, db, server):
    enquiry = sent(client)
    assert outbox.send_due() == 1
    assert one(server.mails).message["Reply-To"] is None
    notice = message_of(enquiry, "new_enquiry")
    assert (notice.state, notice.problem) == ("queued", "the clinic has no mailbox for notifications")


# --- When the server will not take them -------------------------------------------------------------------------------


def test_an_unknown_recipient_fails_at_once_and_the_enquiry_says_so(client, clinic, server):
    enquiry = sent(client)
    server.refuse[MARIA] = "550 5.1.1 maria@patient.example unknown"
    assert outbox.send_due() == 1  # the clinic hears of it all the same
    message = message_of(enquiry)
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.problem == "the server does not know this address"
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received", "mail_failed"]
    assert outbox.send_due(timezone.now() + timedelta(days=30)) == 0
    assert server.tried == [MARIA]
    assert enquiry.state == Enquiry.objects.get().state == "new"


def test_a_clinics_mailbox_that_is_unknown_fails_without_an_event(client, clinic, server):
    enquiry = sent(client)
    server.refuse[CLINIC] = "550 unknown"
    assert outbox.send_due() == 1
    assert message_of(enquiry, "new_enquiry").state == "failed"
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received"]


def test_a_recipient_that_is_refused_for_now_is_tried_again(client, clinic, server):
    enquiry = sent(client)
    server.refuse[MARIA] = "451 4.7.1 greylisted, try again later"
    now = timezone.now()
    assert outbox.send_due(now) == 1
    message = message_of(enquiry)
    assert (message.state, message.attempts, message.sent_at) == ("queued", 1, None)
    assert MARIA not in message.problem
    server.refuse.clear()
    assert outbox.send_due(now + timedelta(minutes=4)) == 0, "not before its time"
    assert outbox.send_due(now + timedelta(minutes=6)) == 1
    one(server.to(MARIA))
    message = message_of(enquiry)
    assert (message.state, message.problem) == ("sent", "")
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received"]


def test_a_refusal_for_now_does_not_say_that_the_address_is_unknown(client, clinic, server):
    enquiry = sent(client)
    server.refuse[MARIA] = "451 greylisted"
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
def test_the_wait_doubles_and_the_tenth_refusal_is_the_last(client, clinic, server, kind):
    enquiry = sent(client)
    server.answer = "451 try again later"
    times = attempts_until_given_up(enquiry, kind)
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in zip(times, times[1:], strict=False)]
    assert waits == [5 * 2**number for number in range(9)]
    assert message_of(enquiry, kind).state == "failed"
    outbox.send_due(timezone.now() + timedelta(days=30))
    assert {message.state for message in Outbox.objects.all()} == {"failed"}
    assert list(enquiry.events.values_list("verb", flat=True)) == ["received", "mail_failed"]


def test_a_message_keeps_its_id_over_all_attempts_and_no_two_share_one(client, clinic, server):
    enquiries = [sent(client, email=f"{name}@patient.example") for name in "ab"]
    server.answer = "451 try again later"
    for enquiry in enquiries:
        attempts_until_given_up(enquiry, "acknowledgement")
    ids = {}
    for tried in server.tried:
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


def test_one_mail_that_cannot_be_made_holds_up_no_other(client, clinic, server, monkeypatch):
    bad, good = sent(client, email="bad@patient.example"), sent(client, email="good@patient.example")
    make = emails.acknowledgement

    def sometimes(enquiry, *arguments):
        if enquiry == bad:
            raise ValueError("Header values can't contain newlines")
        return make(enquiry, *arguments)

    monkeypatch.setattr(emails, "acknowledgement", sometimes)
    assert outbox.send_due() == 3
    assert message_of(good).state == "sent"
    assert message_of(bad).problem


def test_a_process_that_dies_while_it_sends_leaves_the_mail_for_the_next(client, clinic, server, monkeypatch):
    enquiry = sent(client)
    with monkeypatch.context() as dying:
        dying.setattr("django.core.mail.EmailMultiAlternatives.send", _die)
        with pytest.raises(KeyboardInterrupt):
            outbox.send_due()
    now = timezone.now()
    assert outbox.send_due(now + timedelta(minutes=6)) == 2
    assert len(server.to(MARIA)) == len(server.to(CLINIC)) == 1
    assert message_of(enquiry).state == "sent"


def _die(*_, **__):
    raise KeyboardInterrupt


def test_a_mail_that_was_taken_without_a_word_comes_again_under_the_same_id(client, clinic, server):
    sent(client)
    server.forgets = True
    assert outbox.send_due() == 0
    server.forgets = False
    assert outbox.send_due(timezone.now() + timedelta(minutes=6)) == 2
    first, again = server.to(CLINIC)
    assert first.message["Message-ID"] == again.message["Message-ID"]
    one(server.to(MARIA))


def test_staff_are_told_when_nothing_sends_the_mail(client, clinic, server):
    enquiry = sent(client)
    assert outbox.waiting_because() == ""
    Outbox.objects.update(next_try_at=timezone.now() - timedelta(minutes=11))
    assert "tick" in outbox.waiting_because()
    outbox.send_due()
    assert outbox.waiting_because() == ""
    assert message_of(enquiry).state == "sent"


# --- Corrections ------------------------------------------------------------------------------------------------------


KEY = "5f0f7f5e-2f43-4d0c-8c33-0a4a0b6f2f3d"
OTHER = "other@patient.example"


def corrected(client, **changes):
    assert send(client, key=KEY, **changes).status_code == 302
    return Enquiry.objects.get()


def test_a_corrected_address_gets_one_more_acknowledgement_and_the_old_link_is_dead(client, clinic, server):
    sent(client, key=KEY)
    outbox.send_due()
    old = link_in(one(server.to(MARIA)))
    enquiry = corrected(client, email=OTHER)
    assert client.get(old).status_code == 404, "dead from the moment of the correction"
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    new = link_in(one(server.to(OTHER)))
    assert client.get(new).status_code == 200
    assert client.get(old).status_code == 404
    assert len(server.to(MARIA)) == len(server.to(CLINIC)) == 1
    ids = [mail.message["Message-ID"] for mail in server.mails]
    assert len(set(ids)) == 3, "a mailbox that gets both must not take the second for the first"
    assert enquiry.outbox.filter(kind="acknowledgement").count() == 2


def test_an_address_that_is_corrected_before_the_mail_went_gets_the_only_one(client, clinic, server):
    sent(client, key=KEY)
    corrected(client, email=OTHER)
    assert outbox.send_due() == 2
    assert [mail.to for mail in server.mails if mail.to != [CLINIC]] == [[OTHER]]


@pytest.mark.parametrize("changes", [{"words": "Other words."}, {"email": "", "first": "phone"}])
def test_other_corrections_owe_no_mail(client, clinic, server, changes):
    sent(client, key=KEY)
    outbox.send_due()
    corrected(client, **changes)
    assert outbox.send_due() == 0


def test_a_withdrawn_address_gets_nothing(client, clinic, server):
    sent(client, key=KEY)
    corrected(client, email="", first="phone")
    assert outbox.send_due() == 1
    assert one(server.mails).to == [CLINIC]
    assert not Outbox.objects.filter(kind="acknowledgement").exists()


def during(monkeypatch, function, act):
    """Do something once, just before a function of emails is called, as somebody else would meanwhile."""
    made, done = getattr(emails, function), []

    def interrupted(*arguments):
        if not done:
            done.append(act())
        return made(*arguments)

    monkeypatch.setattr(emails, function, interrupted)


def test_a_correction_during_a_round_of_sending_is_heeded(client, clinic, server, monkeypatch):
    sent(client, key=KEY)
    during(monkeypatch, "new_enquiry", lambda: corrected(client, email=OTHER))
    outbox.send_due()
    outbox.send_due(timezone.now() + timedelta(hours=1))
    assert server.to(MARIA) == [], "whoever reads the old mailbox has no business here any more"
    assert client.get(link_in(one(server.to(OTHER)))).status_code == 200


def test_a_correction_while_its_acknowledgement_is_on_the_way_gets_its_own(client, clinic, server, monkeypatch):
    sent(client, key=KEY)
    during(monkeypatch, "acknowledgement", lambda: corrected(client, email=OTHER))
    outbox.send_due()
    outbox.send_due(timezone.now() + timedelta(hours=1))
    assert client.get(link_in(one(server.to(OTHER)))).status_code == 200
    assert [client.get(link_in(mail)).status_code for mail in server.to(MARIA)] in ([], [404])


def test_an_enquiry_that_is_withdrawn_during_a_round_gets_no_new_link(client, clinic, server, monkeypatch):
    enquiry = sent(client, key=KEY)
    path = f"/enquire/yours/{links.make_link(enquiry)}/"
    during(monkeypatch, "new_enquiry", lambda: client.post(path, {"do": "withdraw-now"}))
    outbox.send_due()
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.link_hash) == ("closed", None)
    assert server.to(MARIA) == []


def test_an_enquiry_that_is_erased_during_a_round_gets_no_mail_and_stops_no_other(client, clinic, server, monkeypatch):
    from siweb.enquiries.erasing import erase

    enquiry, other = sent(client), sent(client, email=OTHER)
    during(monkeypatch, "new_enquiry", lambda: erase(enquiry, why="request"))
    outbox.send_due()
    assert server.to(MARIA) == []
    assert len(server.to(OTHER)) == 1
    assert message_of(other).state == "sent"


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
    for pid in until(lambda: ticks(site.process.pid), "the site's own tick runs", site.log):
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
