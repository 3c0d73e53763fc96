"""E-mails that reception writes: looked at first, changed at will, sent once however often one presses, gone with an erasure."""

import pytest

from siweb.enquiries.casework import workflow
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import CannedReply, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure
from tests.support.at_the_desk import brought, held, page_of, to_send

TEXT = "Dear Maria,\n\nplease ring us before <noon> & after nine."


@pytest.fixture
def enquiry(make_enquiry, reception):
    return brought(make_enquiry(), "in_progress", reception)


@pytest.fixture
def reply(db):
    return CannedReply.objects.create(
        title="Ring us", subject="About {{reference}}", body="Dear {{name}},\n\nplease ring us."
    )


def letter(desk, enquiry, data):
    return desk.post(page_of(enquiry, "letter"), data)


def test_a_canned_reply_is_filled_in_and_shown_as_the_whole_mail_before_anything_is_sent(desk, enquiry, reply):
    text = letter(desk, enquiry, held(enquiry, reply=reply.pk, note="for colleagues")).content.decode()
    assert "Dear Maria Example," in text
    assert f"About {enquiry.reference}" in text
    assert "maria@example.org" in text
    assert "Write nothing about anybody’s health." in text
    assert "Call 999" in text.partition("The whole mail")[2]
    assert "for colleagues" in text
    assert not Outbox.objects.filter(kind="letter").exists()
    enquiry.refresh_from_db()
    assert enquiry.version == 2


def test_whoever_asks_for_somebody_else_is_written_to(desk, make_enquiry, reception, reply):
    other = {"who": "other", "asker": "Tom Okafor", "relation": "son", "knows": "yes", "ring": "asker"}
    enquiry = brought(make_enquiry(**other), "in_progress", reception)
    text = letter(desk, enquiry, held(enquiry, reply=reply.pk)).content.decode()
    assert "Dear Tom Okafor," in text
    assert "who asks for <bdi>Maria Example</bdi>" in text


def test_it_is_sent_once_however_often_one_presses(desk, enquiry, mail_server, clinic):
    data = to_send(enquiry, text=TEXT, note="Wrote that she should ring.")
    for _ in range(3):
        assert letter(desk, enquiry, data).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.events.filter(verb="letter").count() == 1
    assert enquiry.events.get(verb="note").note == "Wrote that she should ring."
    assert enquiry.first_reply_at
    Outbox.objects.exclude(kind="letter").delete()
    assert [outbox.send_due(), outbox.send_due()] == [1, 0]
    [mail] = mail_server.mails
    assert mail.to == ["maria@example.org"]
    assert mail.message["Subject"] == "About your enquiry"
    assert "before <noon> & after nine" in mail.text
    assert "before &lt;noon&gt; &amp; after nine" in mail.html
    for part in (mail.text, mail.html):
        assert "999" in part
        assert "Wrote that she" not in part


def test_a_stale_letter_is_not_sent_and_keeps_its_words(desk, enquiry, django_user_model):
    data = to_send(enquiry, text=TEXT, subject="A subject of my own", note="my note")
    other = django_user_model.objects.create_user("lena", first_name="Lena", last_name="Reception")
    workflow.make(enquiry, "no_response", version=2, who=("reception",), by=other)
    response = letter(desk, enquiry, data)
    text = response.content.decode()
    assert response.status_code == 409
    for kept in ("before &lt;noon&gt; &amp; after nine", "A subject of my own", "my note"):
        assert kept in text
    assert "Lena Reception closed this: no response" in text
    assert "This cannot be sent now." in text
    assert 'value="send"' not in text
    assert not Outbox.objects.filter(kind="letter").exists()


@pytest.mark.parametrize("missing", [{"subject": " "}, {"text": ""}, {"text": "x" * 4001}, {"note": "x" * 4001}])
def test_what_is_missing_or_too_much_is_said_and_nothing_is_sent(desk, enquiry, missing):
    response = letter(desk, enquiry, to_send(enquiry) | missing)
    assert response.status_code == 422
    assert "Nothing was sent." in response.content.decode()
    assert not Outbox.objects.filter(kind="letter").exists()


def test_without_an_address_there_is_nothing_to_send(desk, make_enquiry, reception):
    enquiry = brought(make_enquiry(email=""), "in_progress", reception)
    for data in (held(enquiry, note="kept"), to_send(enquiry, note="kept")):
        response = letter(desk, enquiry, data)
        assert response.status_code == 409
        assert "There is no e-mail address to write to." in response.content.decode()
        assert "kept" in response.content.decode()
    assert "They gave no e-mail address." in desk.get(page_of(enquiry)).content.decode()


def test_the_outbox_holds_no_words_and_erasure_empties_the_letter(desk, enquiry):
    letter(desk, enquiry, to_send(enquiry, text=TEXT, note="a note"))
    row = Outbox.objects.filter(kind="letter").values().get()
    assert TEXT not in str(row)
    assert "maria" not in str(row).lower()
    enquiry.refresh_from_db()
    erasure.erase(enquiry, why="request")
    assert set(EnquiryEvent.objects.values_list("note", flat=True)) == {""}
    assert not Outbox.objects.exists()


def test_a_letter_that_could_not_be_sent_is_seen_and_sent_again_with_a_button(desk, enquiry):
    letter(desk, enquiry, to_send(enquiry))
    mail = Outbox.objects.get(kind="letter")
    Outbox.objects.filter(pk=mail.pk).update(
        state="failed", attempts=10, problem="the server does not know this address"
    )
    enquiry.refresh_from_db()
    text = desk.get(page_of(enquiry)).content.decode()
    assert "could not be sent (the server does not know this address)" in text
    assert "Send it again" in text
    for _ in range(2):
        data = held(enquiry, mail=mail.pk, note="Asked her for another address.")
        assert desk.post(page_of(enquiry, "mail-again"), data).status_code == 302
        enquiry.refresh_from_db()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.problem) == ("queued", 0, "")
    assert enquiry.events.filter(verb="mail_again").count() == 1
    assert enquiry.events.filter(note="Asked her for another address.").count() == 2


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "-1"])
def test_a_mail_that_is_not_there_is_no_fault(desk, enquiry, key):
    assert desk.post(page_of(enquiry, "mail-again"), held(enquiry, mail=key)).status_code == 302
