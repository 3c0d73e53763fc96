"""How an enquiry arrives: once for each form, and corrected beside the first."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import private_links
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure
from tests.support.enquiring import ANSWERS, FOR_ANOTHER, PHONE, Page, posted, send, sent

pytestmark = pytest.mark.django_db

TABLES = (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)
STAFF, PATIENT = (workflow.RECEPTION,), (workflow.PATIENT,)


@pytest.fixture
def key():
    return posted()["key"]


def verbs(enquiry):
    return list(enquiry.events.values_list("verb", flat=True))


def owed():
    return sorted(Outbox.objects.filter(state=Outbox.State.QUEUED).values_list("kind", flat=True))


def move(enquiry, action, *, by=None, who=STAFF, **more):
    enquiry.refresh_from_db()
    workflow.make(enquiry, action, version=enquiry.version, who=who, by=by, **more)
    enquiry.refresh_from_db()


def again(client, enquiry, key, answers=ANSWERS, **changes):
    """Send the form of that key again, and return its enquiry as it is then."""
    assert send(client, answers, key=key, **changes).status_code == 302
    enquiry.refresh_from_db()
    assert Enquiry.objects.count() == 1
    return enquiry


# --- A new one --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "mails"),
    [
        ({}, ["acknowledgement", "new_enquiry"]),
        ({"email": ""}, ["new_enquiry"]),
        ({"phone": ""}, ["acknowledgement", "new_enquiry"]),
    ],
)
def test_a_form_makes_one_enquiry_its_answers_an_event_and_the_mails(client, key, changes, mails):
    enquiry = sent(client, key=key, **changes)
    assert (enquiry.state, enquiry.source, enquiry.version, str(enquiry.submission_key)) == ("new", "form", 1, key)
    assert list(enquiry.all_answers.all()) == [enquiry.answers]
    assert verbs(enquiry) == ["received"]
    assert owed() == mails
    assert enquiry.due_at > enquiry.created_at == enquiry.last_activity_at == enquiry.answers.at


def test_nothing_is_mailed_while_the_person_waits(client):
    sent(client)
    assert mail.outbox == []
    outbox.send_due()
    assert [message.to for message in mail.outbox] == [[ANSWERS["email"]]]  # the example clinic has no mailbox


# --- The same form again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 5])
def test_the_same_form_sent_again_is_the_same_enquiry(client, key, times):
    first = send(client, key=key)
    enquiry = Enquiry.objects.get()
    before = [list(table.objects.values()) for table in TABLES]
    for _ in range(times):
        response = send(client, key=key)
        pages = [client.get(r.url).content.decode().replace(r.url, "…") for r in (first, response)]
        assert pages[0] == pages[1]
        assert enquiry.reference in pages[0]
    assert [list(table.objects.values()) for table in TABLES] == before
    outbox.send_due()
    send(client, key=key)
    outbox.send_due()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Mary Gonçalves"},
        {"phone": "0161 496 0001"},
        {"phone": "0161 496 0000 after 5"},
        {"words": "Afternoons, please."},
        {"place": "any"},
        {"times": []},
        {"needs": ["large-print", "bsl"]},
        {"first": "email"},
        {"voicemail": "no"},
        FOR_ANOTHER,
    ],
)
def test_other_answers_on_the_same_form_are_kept_beside_the_first(client, key, changes):
    enquiry = sent(client, key=key)
    first = enquiry.answers
    again(client, enquiry, key, ANSWERS | changes)
    assert set(enquiry.all_answers.all()) == {first, enquiry.answers}
    assert enquiry.answers_id != first.pk
    assert enquiry.answers.at > first.at
    assert verbs(enquiry) == ["received", "corrected"]
    assert (enquiry.version, enquiry.state) == (2, "new")
    assert owed() == ["acknowledgement", "new_enquiry"]
    before = Answers.objects.filter(pk=first.pk).values().get()
    assert (before["name"], before["words"], before["phone_raw"]) == (ANSWERS["name"], ANSWERS["words"], PHONE)


def test_a_correction_of_a_correction_and_back_again_keeps_all_three(client, key):
    enquiry = sent(client, key=key)
    for words in ("One.", "Two.", ANSWERS["words"]):
        again(client, enquiry, key, words=words)
    kept = list(enquiry.all_answers.order_by("at").values_list("words", flat=True))
    assert kept == [ANSWERS["words"], "One.", "Two.", ANSWERS["words"]]
    assert enquiry.answers.words == ANSWERS["words"]
    assert verbs(enquiry) == ["received", "corrected", "corrected", "corrected"]


def test_two_forms_are_two_enquiries_even_with_the_same_answers(client):
    assert sent(client).reference != sent(client).reference
    assert Enquiry.objects.count() == 2


# --- Another e-mail address -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "mails", "link_lives"),
    [
        (ANSWERS["email"], [], True),
        ("m@other.example", ["acknowledgement"], False),
        ("", [], False),
    ],
)
def test_another_address_ends_the_private_link_and_is_written_to(client, key, email, mails, link_lives):
    enquiry = sent(client, key=key)
    outbox.send_due()
    Outbox.objects.all().delete()
    token = private_links.make_link(enquiry)
    again(client, enquiry, key, email=email, words="Changed.")
    assert owed() == mails
    assert (private_links.enquiry_of(token) == enquiry) is link_lives
    assert client.get(f"/enquire/yours/{token}/").status_code == (200 if link_lives else 404)
    mail.outbox.clear()
    outbox.send_due()
    assert [message.to for message in mail.outbox] == [[email] for _ in mails]


def test_an_acknowledgement_that_waits_goes_to_the_newest_address_alone(client, key):
    enquiry = sent(client, key=key)
    again(client, enquiry, key, email="m@other.example")
    assert owed() == ["acknowledgement", "new_enquiry"]
    outbox.send_due()
    assert [message.to for message in mail.outbox] == [["m@other.example"]]


def test_an_acknowledgement_that_waits_is_dropped_when_the_address_is_taken_out(client, key):
    enquiry = sent(client, key=key)
    again(client, enquiry, key, email="")
    outbox.send_due()
    assert mail.outbox == []
    assert owed() == ["new_enquiry"]


def test_the_private_link_corrects_in_the_same_way(client):
    enquiry = sent(client, tell=["night"])
    first, token = enquiry.answers, private_links.make_link(enquiry)
    response = client.post(f"/enquire/yours/{token}/", {"phone": "0161 496 0001", "voicemail": "no", "do": "correct"})
    enquiry.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/enquire/corrected/")
    assert (enquiry.answers.phone, enquiry.answers.email, enquiry.answers.via) == ("+441614960001", "", "link")
    assert (enquiry.answers.words, enquiry.answers.tell) == (
        first.words,
        ["night"],
    )  # what it does not show it does not touch
    assert (first.phone_raw, enquiry.all_answers.count()) == (PHONE, 2)
    assert client.get(f"/enquire/yours/{token}/").status_code == 404  # the address was taken out


def test_to_save_twice_by_the_private_link_is_to_save_once(client):
    enquiry = sent(client)
    path = f"/enquire/yours/{private_links.make_link(enquiry)}/"
    data = {"phone": "0161 496 0001", "voicemail": "no", "email": ANSWERS["email"], "first": "email", "do": "correct"}
    for _ in range(3):
        assert client.post(path, data).url == "/enquire/corrected/"
    assert verbs(enquiry) == ["received", "corrected"]
    assert enquiry.all_answers.count() == 2


def test_to_save_what_was_not_changed_changes_nothing(client):
    enquiry = sent(client, phone="0161 496 0000 after 5")
    path = f"/enquire/yours/{private_links.make_link(enquiry)}/"
    fields = Page(client.get(path)).fields()
    assert client.post(path, fields | {"do": "correct"}).url == "/enquire/corrected/"
    assert verbs(enquiry) == ["received"]
    assert enquiry.all_answers.count() == 1


# --- Later ------------------------------------------------------------------------------------------------------


def test_a_form_that_was_withdrawn_starts_again_when_it_is_sent_again(client, key):
    enquiry = sent(client, key=key)
    outbox.send_due()
    Outbox.objects.all().delete()
    token = private_links.make_link(enquiry)
    assert client.post(f"/enquire/yours/{token}/", {"do": "withdraw-now"}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.outcome) == ("closed", "withdrawn")
    assert client.get(f"/enquire/yours/{token}/").status_code == 404
    old = enquiry.due_at - timedelta(days=30)
    Enquiry.objects.update(due_at=old)
    again(client, enquiry, key)
    assert (enquiry.state, enquiry.outcome, enquiry.owner) == ("new", "", None)
    assert enquiry.due_at > timezone.now()
    assert verbs(enquiry) == ["received", "withdrawn", "corrected"]
    assert enquiry.events.last().from_state == "closed"


def test_after_a_new_start_the_clinic_is_told_and_the_person_has_a_link_again(client, key):
    """The page says "if you gave us an e-mail address, we are sending you a message": the old link has ended."""
    enquiry = sent(client, key=key)
    outbox.send_due()
    Outbox.objects.all().delete()
    move(enquiry, "withdrawn", who=PATIENT)
    again(client, enquiry, key)
    assert owed() == ["acknowledgement", "new_enquiry"]


@pytest.mark.parametrize(
    ("outcome", "note"), [("booked", ""), ("not_suitable", "why"), ("no_response", ""), ("duplicate", "")]
)
@pytest.mark.parametrize("same", [True, False])
def test_a_form_that_staff_have_closed_opens_again_only_with_other_answers(client, editor, key, outcome, note, same):
    enquiry = sent(client, key=key)
    move(enquiry, "claim", by=editor)
    move(enquiry, outcome, by=editor, note=note)
    again(client, enquiry, key, words=ANSWERS["words"] if same else "Something new.")
    assert (enquiry.state, enquiry.outcome) == (("closed", outcome) if same else ("new", ""))


def test_a_correction_of_one_that_waits_for_the_patient_goes_on(client, editor, key):
    enquiry = sent(client, key=key)
    move(enquiry, "claim", by=editor)
    move(enquiry, "wait", by=editor, until=timezone.now() + timedelta(days=3))
    again(client, enquiry, key, words="Here I am.")
    assert (enquiry.state, enquiry.owner, enquiry.follow_up_at) == ("in_progress", editor, None)


def test_an_erased_forms_key_makes_a_new_enquiry(client, key):
    enquiry = sent(client, key=key)
    erasure.erase(enquiry, why="request")
    assert sent(client, key=key).reference != enquiry.reference
    assert Enquiry.objects.filter(state="erased").count() == 1


@pytest.mark.parametrize(
    ("before", "judged", "after", "call"),
    [
        ([], None, [], ""),
        ([], None, ["night"], "open"),
        (["night"], None, ["night"], "open"),
        (["night"], "may_be_booked", ["night"], "may_be_booked"),
        (["night"], "may_be_booked", ["night", "age"], "open"),
        (["night"], "not_here", ["age"], "open"),
        (["night", "age"], "ask_gp", ["age"], "ask_gp"),
        (["night"], "may_be_booked", [], "may_be_booked"),
        (["night"], None, [], "open"),  # only a clinician closes a call
    ],
)
def test_a_new_tick_opens_the_clinicians_call_again(client, clinician, key, before, judged, after, call):
    enquiry = sent(client, key=key, tell=before)
    if judged:
        move(enquiry, judged, by=clinician, who=(workflow.CLINICIAN,))
    again(client, enquiry, key, tell=after, words="Changed.")
    assert (enquiry.call, enquiry.answers.tell) == (call, after)
