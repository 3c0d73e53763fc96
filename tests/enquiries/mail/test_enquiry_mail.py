"""What stands in the mails about an enquiry, who gets them, and what a correction changes about that."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from siweb.enquiries.intake import private_links
from siweb.enquiries.mail import messages, outbox
from siweb.enquiries.models import Enquiry, Outbox
from siweb.enquiries.questions.urgent_signs import urgent_levels
from tests.support.enquiring import send, sent
from tests.support.mailserver import CLINIC, MARIA, link_in, message_of, one

# --- What is in them --------------------------------------------------------------------------------------------------


def test_the_acknowledgement_says_what_happens_next_and_by_when(client, clinic, mail_server, signs):
    enquiry = sent(client)
    assert outbox.send_due() == 2
    mail = one(mail_server.to(MARIA))
    due = date_format(timezone.localdate(enquiry.due_at), "l j F")
    for text in (mail.text, html.unescape(mail.html)):
        assert enquiry.reference in text
        assert f"by the end of {due}" in text
        assert "nothing is booked yet" in text
        assert clinic.phone in text
        assert clinic.name in text
        for level in urgent_levels():
            assert level.heading in text
            assert [sign for sign in level.signs if sign not in text] == []
    assert mail.message["To"] == MARIA
    assert mail.message["Reply-To"] == CLINIC
    assert mail.message["From"] == "The clinic <no-reply@joint.example>"
    assert mail.sender == "no-reply@joint.example"
    assert enquiry.reference in mail.message["Subject"]
    assert mail.message["Auto-Submitted"] == "auto-generated"


def test_both_mails_are_plain_text_first_with_the_same_in_html(client, clinic, mail_server):
    sent(client)
    outbox.send_due()
    assert len(mail_server.mails) == 2
    for mail in mail_server.mails:
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
def test_the_acknowledgement_says_whether_anybody_reads_replies(client, clinic, mail_server, read, said, not_said):
    clinic.replies_read = read
    clinic.save()
    sent(client)
    outbox.send_due()
    mail = one(mail_server.to(MARIA))
    for text in (mail.text, html.unescape(mail.html)):
        assert said in text
        assert not_said not in text


def test_the_private_link_in_the_mail_opens_that_enquiry(client, clinic, mail_server):
    first, second = sent(client, email="first@patient.example"), sent(client, email="second@patient.example")
    outbox.send_due()
    for enquiry in (first, second):
        mail = one(mail_server.to(enquiry.answers.email))
        page = client.get(link_in(mail))
        assert page.status_code == 200
        assert enquiry.answers.email in page.content.decode()
        assert link_in(mail) in mail.html
    assert link_in(mail_server.to("first@patient.example")[0]) != link_in(mail_server.to("second@patient.example")[0])


def test_the_clinics_mail_holds_nothing_about_the_person(client, clinic, mail_server):
    enquiry = sent(client, tell=["diabetes"], words="Quillwords about my back.")
    outbox.send_due()
    mail = one(mail_server.to(CLINIC))
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


def test_the_outbox_holds_no_token_address_or_text(client, clinic, mail_server):
    enquiry = sent(client, words="Quillwords about my back.")
    before = str(list(Outbox.objects.values()))
    outbox.send_due()
    token = link_in(one(mail_server.to(MARIA))).split("/")[-2]
    held = before + str(list(Outbox.objects.values())) + str(list(Enquiry.objects.values()))
    assert [text for text in (token, MARIA, "Maria", "Quillwords", "4960000") if text in held] == []
    assert len(Enquiry.objects.get().link_hash) == 64
    assert set(Outbox.objects.values().get(enquiry=enquiry, kind="acknowledgement")) == {
        *(
            "id",
            "enquiry_id",
            "kind",
            "state",
            "attempts",
            "next_try_at",
            "sent_at",
            "problem",
            "letter_id",
            "recipient_id",
        )
    }


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "%0d%0a"])
def test_no_name_adds_a_header_or_a_recipient(client, clinic, mail_server, break_):
    name = f"Maria{break_}Bcc: evil@evil.example{break_}Subject: evil"
    sent(client, name=name, words=f"Words{break_}Bcc: evil@evil.example", email=MARIA)
    assert outbox.send_due() == 2
    assert sorted(mail.to for mail in mail_server.mails) == [[CLINIC], [MARIA]]
    for mail in mail_server.mails:
        assert mail.message["Bcc"] is None
        assert len(mail.message.get_all("Subject")) == 1
        assert "evil" not in str(mail.message.items())


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00", "%0d%0a"])
def test_no_address_adds_a_header_or_a_recipient(client, clinic, mail_server, break_):
    response = send(client, email=f"{MARIA}{break_}Bcc: evil@evil.example")
    assert response.status_code == 422
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("address", ["o'hara@patient.example", "a+b@patient.example", "x_y%z@patient.example"])
def test_an_unusual_address_gets_its_mail(client, clinic, mail_server, address):
    sent(client, email=address)
    assert outbox.send_due() == 2
    assert one(mail_server.to(address)).message["To"] == address


def test_a_clinic_without_a_mailbox_still_acknowledges(client, db, mail_server):
    enquiry = sent(client)
    assert outbox.send_due() == 1
    assert one(mail_server.mails).message["Reply-To"] is None
    notice = message_of(enquiry, "new_enquiry")
    assert (notice.state, notice.problem) == ("queued", "the clinic has no mailbox for notifications")


# --- Corrections ------------------------------------------------------------------------------------------------------


KEY = "5f0f7f5e-2f43-4d0c-8c33-0a4a0b6f2f3d"
OTHER = "other@patient.example"


def corrected(client, **changes):
    assert send(client, key=KEY, **changes).status_code == 302
    return Enquiry.objects.get()


def test_a_corrected_address_gets_one_more_acknowledgement_and_the_old_link_is_dead(client, clinic, mail_server):
    sent(client, key=KEY)
    outbox.send_due()
    old = link_in(one(mail_server.to(MARIA)))
    enquiry = corrected(client, email=OTHER)
    assert client.get(old).status_code == 404, "dead from the moment of the correction"
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    new = link_in(one(mail_server.to(OTHER)))
    assert client.get(new).status_code == 200
    assert client.get(old).status_code == 404
    assert len(mail_server.to(MARIA)) == len(mail_server.to(CLINIC)) == 1
    ids = [mail.message["Message-ID"] for mail in mail_server.mails]
    assert len(set(ids)) == 3, "a mailbox that gets both must not take the second for the first"
    assert enquiry.outbox.filter(kind="acknowledgement").count() == 2


def test_an_address_that_is_corrected_before_the_mail_went_gets_the_only_one(client, clinic, mail_server):
    sent(client, key=KEY)
    corrected(client, email=OTHER)
    assert outbox.send_due() == 2
    assert [mail.to for mail in mail_server.mails if mail.to != [CLINIC]] == [[OTHER]]


@pytest.mark.parametrize("changes", [{"words": "Other words."}, {"email": "", "first": "phone"}])
def test_other_corrections_owe_no_mail(client, clinic, mail_server, changes):
    sent(client, key=KEY)
    outbox.send_due()
    corrected(client, **changes)
    assert outbox.send_due() == 0


def test_a_withdrawn_address_gets_nothing(client, clinic, mail_server):
    sent(client, key=KEY)
    corrected(client, email="", first="phone")
    assert outbox.send_due() == 1
    assert one(mail_server.mails).to == [CLINIC]
    assert not Outbox.objects.filter(kind="acknowledgement").exists()


def during(monkeypatch, function, act):
    """Do something once, just before a function of emails is called, as somebody else would meanwhile."""
    made, done = getattr(messages, function), []

    def interrupted(*arguments):
        if not done:
            done.append(act())
        return made(*arguments)

    monkeypatch.setattr(messages, function, interrupted)


def test_a_correction_during_a_round_of_sending_is_heeded(client, clinic, mail_server, monkeypatch):
    sent(client, key=KEY)
    during(monkeypatch, "new_enquiry", lambda: corrected(client, email=OTHER))
    outbox.send_due()
    outbox.send_due(timezone.now() + timedelta(hours=1))
    assert mail_server.to(MARIA) == [], "the person who reads the old mailbox has no business here any more"
    assert client.get(link_in(one(mail_server.to(OTHER)))).status_code == 200


def test_a_correction_while_its_acknowledgement_is_on_the_way_gets_its_own(client, clinic, mail_server, monkeypatch):
    sent(client, key=KEY)
    during(monkeypatch, "acknowledgement", lambda: corrected(client, email=OTHER))
    outbox.send_due()
    outbox.send_due(timezone.now() + timedelta(hours=1))
    assert client.get(link_in(one(mail_server.to(OTHER)))).status_code == 200
    assert [client.get(link_in(mail)).status_code for mail in mail_server.to(MARIA)] in ([], [404])


def test_an_enquiry_that_is_withdrawn_during_a_round_gets_no_new_link(client, clinic, mail_server, monkeypatch):
    enquiry = sent(client, key=KEY)
    path = f"/enquire/yours/{private_links.make_link(enquiry)}/"
    during(monkeypatch, "new_enquiry", lambda: client.post(path, {"do": "withdraw-now"}))
    outbox.send_due()
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.link_hash) == ("closed", None)
    assert mail_server.to(MARIA) == []


def test_an_enquiry_that_is_erased_during_a_round_gets_no_mail_and_stops_no_other(
    client, clinic, mail_server, monkeypatch
):
    from siweb.enquiries.privacy.erasure import erase

    enquiry, other = sent(client), sent(client, email=OTHER)
    during(monkeypatch, "new_enquiry", lambda: erase(enquiry, why="request"))
    outbox.send_due()
    assert mail_server.to(MARIA) == []
    assert len(mail_server.to(OTHER)) == 1
    assert message_of(other).state == "sent"


@pytest.mark.parametrize(("ahead", "goes"), [(timedelta(hours=1), False), (timedelta(days=400), True)])
def test_an_email_that_a_wrong_clock_queued_does_not_wait_until_its_day_comes(client, clinic, mail_server, ahead, goes):
    sent(client)
    Outbox.objects.update(next_try_at=timezone.now() + ahead)
    assert outbox.send_due() == (2 if goes else 0)
