"""How an enquiry arrives: once for each form, corrected beside the first, all of it or nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import CheckConstraint
from django.utils import timezone

from siweb.enquiries import erasing, links, outbox, workflow
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox

from .enquiring import ANSWERS, FOR_ANOTHER, PHONE, Page, posted, send, sent
from .enquiring import CHECK as CHECK_PAGE

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
    """Send the form of that key once more, and return its enquiry as it is then."""
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
    token = links.make_link(enquiry)
    again(client, enquiry, key, email=email, words="Changed.")
    assert owed() == mails
    assert (links.enquiry_of(token) == enquiry) is link_lives
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
    first, token = enquiry.answers, links.make_link(enquiry)
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
    path = f"/enquire/yours/{links.make_link(enquiry)}/"
    data = {"phone": "0161 496 0001", "voicemail": "no", "email": ANSWERS["email"], "first": "email", "do": "correct"}
    for _ in range(3):
        assert client.post(path, data).url == "/enquire/corrected/"
    assert verbs(enquiry) == ["received", "corrected"]
    assert enquiry.all_answers.count() == 2


def test_to_save_what_was_not_changed_changes_nothing(client):
    enquiry = sent(client, phone="0161 496 0000 after 5")
    path = f"/enquire/yours/{links.make_link(enquiry)}/"
    fields = Page(client.get(path)).fields()
    assert client.post(path, fields | {"do": "correct"}).url == "/enquire/corrected/"
    assert verbs(enquiry) == ["received"]
    assert enquiry.all_answers.count() == 1


# --- Later ------------------------------------------------------------------------------------------------------


def test_a_form_that_was_withdrawn_starts_again_when_it_is_sent_again(client, key):
    enquiry = sent(client, key=key)
    outbox.send_due()
    Outbox.objects.all().delete()
    token = links.make_link(enquiry)
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
    erasing.erase(enquiry, why="request")
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


# --- All or nothing ---------------------------------------------------------------------------------------------

STEPS = {
    "the count": (AddressCount, "add"),
    "the enquiry": (Enquiry.objects, "create"),
    "the answers": (Answers.objects, "create"),
    "the event": (Enquiry, "record"),
    "the mails": (Outbox.objects, "bulk_create"),
}


def told_that_nothing_was_saved(response, data):
    """A page that says so, with the phone number, all that was typed and the way to try again."""
    page = Page(response)
    assert "Nothing has been sent or saved." in page.source
    assert 'href="tel:+441632960001"' in page.source
    fields = page.fields()
    for name, value in data.items():
        assert fields.get(name, []) == (value if isinstance(value, list) else [value]), name
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("fault", "status"),
    [(RuntimeError, 500), (ValueError, 500), (MemoryError, 500), (OperationalError, 503), (IntegrityError, 503)],
)
def test_when_a_step_fails_nothing_is_stored_and_the_person_is_told(client, monkeypatch, step, fault, status):
    def fail(*_, **__):
        raise fault("Failing row contains (Maria)")

    where, name = STEPS[step]
    monkeypatch.setattr(where, name, fail)
    data = posted(FOR_ANOTHER, do="send", tell=["night", "age"], words="One.\nTwo.")
    response = client.post(CHECK_PAGE, data)
    assert response.status_code == status
    assert [table.objects.count() for table in TABLES] == [0, 0, 0, 0, 0]
    told_that_nothing_was_saved(response, data)
    monkeypatch.undo()
    retry = Page(response).fields()
    assert (
        client.post(CHECK_PAGE, {name: retry[name] for name in retry if name != "csrfmiddlewaretoken"}).status_code
        == 302
    )
    assert str(Enquiry.objects.get().submission_key) == data["key"]


class Failing:
    """The nth statement that is sent to the database fails."""

    def __init__(self, nth):
        self.left = nth

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)


def whole():
    return [table.objects.count() for table in TABLES]


def test_whichever_statement_fails_sent_means_stored_and_not_stored_means_told(client):
    outcomes = []
    for nth in range(1, 100):
        data, failing, before = posted(do="send"), Failing(nth), whole()
        with connection.execute_wrapper(failing):
            response = client.post(CHECK_PAGE, data, REMOTE_ADDR=f"203.0.113.{nth}")
        if failing.left > 0:  # there were fewer statements
            break
        new = [now - was for now, was in zip(whole(), before, strict=True)]
        outcomes.append(response.status_code)
        if response.status_code == 302:
            assert new == [1, 1, 1, 2, 1], nth
        else:
            assert (response.status_code, new) == (503, [0, 0, 0, 0, 0]), nth
            assert ANSWERS["words"] in response.content.decode()
    assert outcomes.count(503) > 8
    assert response.status_code == 302


def test_whichever_statement_of_a_correction_fails_it_is_kept_whole_or_not_at_all(client, key):
    enquiry = sent(client, key=key)
    outcomes = []
    for nth in range(1, 100):
        failing, before, version = Failing(nth), whole(), enquiry.version
        with connection.execute_wrapper(failing):
            response = send(client, key=key, email=f"m{nth}@patient.example", tell=["night"])
        enquiry.refresh_from_db()
        new = [now - was for now, was in zip(whole(), before, strict=True)]
        kept = response.status_code == 302
        assert new[:3] == ([0, 1, 1] if kept else [0, 0, 0]), nth
        assert enquiry.version - version == kept, nth
        assert (enquiry.answers.email == f"m{nth}@patient.example") is kept
        outcomes.append(response.status_code)
        if failing.left > 0:
            break
    assert outcomes[-1] == 302
    assert outcomes.count(503) > 8


def test_a_correction_that_cannot_be_saved_gives_back_what_was_typed(client, monkeypatch):
    enquiry = sent(client)
    token = links.make_link(enquiry)
    monkeypatch.setattr(Answers.objects, "create", lambda **_: 1 / 0)
    data = {
        "phone": "0161 496 0001",
        "voicemail": "no",
        "email": "m@b.cc",
        "first": "email",
        "times": ["any"],
        "do": "correct",
    }
    response = client.post(f"/enquire/yours/{token}/", data)
    assert response.status_code == 500
    told_that_nothing_was_saved(response, data)
    assert Page(response).all("form", action=f"/enquire/yours/{token}/")
    enquiry.refresh_from_db()
    assert enquiry.answers.phone_raw == PHONE


# --- What the database itself refuses ---------------------------------------------------------------------------

NOW = timezone.now()

# Constraint: changes to a good row that break it and no other.
IMPOSSIBLE = [
    (Enquiry, "enquiry_state_is_known", {"state": "lost"}),
    (Enquiry, "enquiry_state_is_known", {"state": ""}),
    (Enquiry, "enquiry_closed_means_outcome", {"state": "closed"}),
    (Enquiry, "enquiry_closed_means_outcome", {"outcome": "booked"}),
    (Enquiry, "enquiry_closed_means_outcome", {"state": "spam", "outcome": "duplicate"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "in_progress"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "waiting", "follow_up_at": NOW}),
    (Enquiry, "enquiry_worked_on_means_owner", {"owner": "editor"}),
    (Enquiry, "enquiry_worked_on_means_owner", {"state": "closed", "outcome": "booked", "owner": "editor"}),
    (Enquiry, "enquiry_waiting_means_until", {"state": "waiting", "owner": "editor"}),
    (Enquiry, "enquiry_waiting_means_until", {"follow_up_at": NOW}),
    (Enquiry, "enquiry_only_spam_is_confirmed", {"spam_confirmed": True}),
    (Enquiry, "enquiry_is_not_booked_before_the_call", {"state": "closed", "outcome": "booked", "call": "open"}),
    (Enquiry, "enquiry_erased_means_no_answers", {"answers": None}),
    (Enquiry, "enquiry_erased_means_no_answers", {"erased_at": NOW}),
    (Enquiry, "enquiry_erased_means_no_answers", {"state": "erased", "answers": None}),
    (Enquiry, "enquiry_erased_means_no_answers", {"state": "erased", "erased_at": NOW}),
    (
        Enquiry,
        "enquiry_erased_means_no_answers",
        {"state": "erased", "erased_at": NOW, "answers": None, "link_hash": "x", "link_until": NOW},
    ),
    (Enquiry, "enquiry_link_ends", {"link_hash": "x"}),
    (Enquiry, "enquiry_link_ends", {"link_until": NOW}),
    (
        Enquiry,
        "enquiry_held_is_not_erased",
        {"state": "erased", "erased_at": NOW, "answers": None, "hold_reason": "a complaint"},
    ),
    (Answers, "answers_have_a_name", {"name": ""}),
    (Answers, "answers_can_be_reached", {"phone": "", "first": "phone"}),
    (Answers, "answers_can_be_reached", {"email": "", "first": "email"}),
    (Answers, "answers_can_be_reached", {"first": ""}),
    (Answers, "answers_can_be_reached", {"first": "post"}),
    (Answers, "answers_asker_only_for_others", {"who": "other"}),
    (Answers, "answers_asker_only_for_others", {"who": ""}),
    (Answers, "answers_asker_only_for_others", {"asker": "Tom"}),
    (Answers, "answers_asker_only_for_others", {"relation": "son"}),
    (Answers, "answers_asker_only_for_others", {"knows": "yes"}),
    (Answers, "answers_asker_only_for_others", {"ring": "asker"}),
    (Outbox, "outbox_sent_means_when", {"state": "sent"}),
    (Outbox, "outbox_sent_means_when", {"sent_at": NOW}),
    (Outbox, "outbox_sent_means_when", {"state": "failed", "sent_at": NOW}),
]

POSSIBLE = [
    (Enquiry, {"state": "in_progress", "owner": "editor"}),
    (Enquiry, {"state": "waiting", "owner": "editor", "follow_up_at": NOW}),
    (Enquiry, {"state": "closed", "outcome": "booked", "call": "may_be_booked"}),
    (Enquiry, {"state": "closed", "outcome": "withdrawn", "call": "open"}),
    (Enquiry, {"state": "spam", "spam_confirmed": True}),
    (Enquiry, {"state": "erased", "erased_at": NOW, "answers": None, "outcome": "booked"}),
    (Enquiry, {"link_hash": "x", "link_until": NOW}),
    (Enquiry, {"hold_reason": "a complaint"}),
    (Answers, {"phone": "", "first": "email"}),
    (Answers, {"who": "other", "asker": "Tom"}),
    (Outbox, {"state": "sent", "sent_at": NOW}),
]


@pytest.mark.parametrize(("table", "constraint", "changes"), IMPOSSIBLE)
def test_the_database_refuses_an_impossible_row(client, editor, table, constraint, changes):
    sent(client)
    changes = {name: editor if value == "editor" else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        table.objects.update(**changes)


@pytest.mark.parametrize(("table", "changes"), POSSIBLE)
def test_the_database_takes_a_possible_row(client, editor, table, changes):
    sent(client)
    changes = {name: editor if value == "editor" else value for name, value in changes.items()}
    assert table.objects.update(**changes) == table.objects.count() > 0


def test_the_database_refuses_an_erased_event_with_words(client):
    enquiry = sent(client)
    with pytest.raises(IntegrityError, match="event_erased_has_no_note"), transaction.atomic():
        EnquiryEvent.objects.create(enquiry=enquiry, verb="note", note="words", erased_at=NOW)


def test_every_check_of_the_database_is_tested_here():
    tested = {constraint for _, constraint, _ in IMPOSSIBLE} | {"event_erased_has_no_note"}
    checks = {c.name for table in TABLES for c in table._meta.constraints if isinstance(c, CheckConstraint)}
    assert tested == checks


@pytest.mark.parametrize("name", ["reference", "submission_key", "link_hash"])
def test_no_two_enquiries_share_a_reference_a_key_or_a_link(client, name):
    one, other = sent(client), sent(client)
    links.make_link(one)
    one.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=other.pk).update(**{name: getattr(one, name), "link_until": NOW})


def test_one_address_has_one_count_an_hour():
    AddressCount.objects.create(digest="x", hour=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AddressCount.objects.create(digest="x", hour=NOW)
