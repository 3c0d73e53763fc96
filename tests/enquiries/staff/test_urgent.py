"""Urgent reaches a person: who is e-mailed, what is shown to whom, and what turns red when no clinician opens it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from siweb.accounts.models import StaffProfile
from siweb.core.dashboard import dashboard
from siweb.enquiries.casework import workflow
from siweb.enquiries.mail import outbox, urgent
from siweb.enquiries.models import Enquiry, Outbox
from siweb.enquiries.staff import next_in_queue
from tests.conftest import with_role
from tests.support.enquiring import make

LIST = "/admin/enquiries/enquiry/"
RING = "Ring a clinician now."
NOT_THE_PATIENT = ("Maria", "0161", "4960000", "maria@example.org", "secret words", "diabetes")


def page_of(enquiry):
    return f"{LIST}{enquiry.pk}/change/"


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def enquiry(make_enquiry):
    return make_enquiry(tell=["diabetes"], words="secret words")


@pytest.fixture
def doctor(caller):
    """A clinician who has an address."""
    caller.email = "doctor@clinic.example"
    caller.save()
    return caller


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", "Practice managers", "Manager")


def pass_on(client, enquiry, note=""):
    enquiry.refresh_from_db()
    response = client.post(page_of(enquiry), {"move": "pass_on", "version": enquiry.version, "note": note})
    assert response.status_code == 302
    enquiry.refresh_from_db()


def answer(enquiry, action, by):
    workflow.make(enquiry, action, version=enquiry.version, who=(workflow.CLINICIAN,), by=by)


def passed_on(enquiry, by, minutes=0):
    """Passed on so many minutes ago."""
    then = timezone.now() - timedelta(minutes=minutes)
    Enquiry.objects.filter(pk=enquiry.pk).update(call="open", passed_on_at=then, passed_on_by=by)
    enquiry.refresh_from_db()


# --- The e-mail -----------------------------------------------------------------------------------


def test_each_clinician_who_wants_them_gets_one_e_mail_that_names_no_patient(
    desk, enquiry, doctor, mail_server, clinic
):
    pass_on(desk, enquiry, "She cannot feel her saddle.")
    outbox.send_due()
    (mail,) = mail_server.to(doctor.email)
    assert mail.message["Subject"] == f"Urgent: please ring the patient of enquiry {enquiry.reference}"
    assert page_of(enquiry) in mail.text
    assert page_of(enquiry) in mail.html
    assert [word for word in (*NOT_THE_PATIENT, "saddle") if word in str(mail.message)] == []


WHO_GETS_IT = {
    "a clinician": ({}, True),
    "one without an address": ({"email": ""}, False),
    "one who has left": ({"is_active": False}, False),
    "one who has them switched off": ({"urgent_emails": False}, False),
    "one who has them switched on": ({"urgent_emails": True}, True),
}


@pytest.mark.parametrize(("changes", "gets_it"), WHO_GETS_IT.values(), ids=WHO_GETS_IT)
def test_who_gets_it(desk, enquiry, doctor, mail_server, changes, gets_it):
    changes = dict(changes)
    if "urgent_emails" in changes:
        StaffProfile.objects.create(account=doctor, urgent_emails=changes.pop("urgent_emails"))
    for name, value in changes.items():
        setattr(doctor, name, value)
    doctor.save()
    named = f"This e-mails {doctor.get_full_name()}." in text_of(desk, page_of(enquiry))
    pass_on(desk, enquiry)
    outbox.send_due()
    assert (named, bool(mail_server.to("doctor@clinic.example"))) == (gets_it, gets_it)


def test_nobody_is_e_mailed_of_a_call_that_was_answered_first(desk, enquiry, doctor, mail_server):
    pass_on(desk, enquiry)
    answer(enquiry, "may_be_booked", doctor)
    outbox.send_due()
    assert mail_server.to(doctor.email) == []
    assert not Outbox.objects.filter(kind="urgent").exists()


def test_an_e_mail_that_could_not_be_sent_is_no_mail_to_the_patient(desk, enquiry, doctor):
    pass_on(desk, enquiry)
    message = Outbox.objects.get(kind="urgent")
    Outbox.objects.filter(pk=message.pk).update(attempts=outbox.MOST_ATTEMPTS - 1)
    message.refresh_from_db()
    outbox._not_sent(message, TimeoutError())
    message.refresh_from_db()
    assert message.state == "failed"
    assert not enquiry.events.filter(verb="mail_failed").exists()
    assert f"{enquiry.reference}" in text_of(desk, f"{LIST}?tab=mail")


# --- What the button says -------------------------------------------------------------------------


def test_the_button_says_whom_it_e_mails_and_that_it_rings_nobody(
    desk, enquiry, doctor, django_user_model, mail_server
):
    other = with_role(django_user_model, "omar", "Clinicians", "Aziz")
    django_user_model.objects.filter(pk=other.pk).update(email="omar@clinic.example")
    text = text_of(desk, page_of(enquiry))
    assert (
        f"This e-mails {doctor.get_full_name()} and Omar Aziz. It rings nobody. If you are worried, ring them now."
        in text
    )
    assert "If the patient has a 999 sign, tell them to hang up and call 999." in text


def test_where_nobody_would_be_e_mailed_the_button_says_so(desk, enquiry, doctor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # no mail server is set
    text = text_of(desk, page_of(enquiry))
    assert "<b>This e-mails nobody</b>" in text
    assert "Ring a clinician now." in text
    assert "tell them to hang up and call 999" in text


def test_what_a_tick_asks_for_can_still_be_made_urgent_once(desk, enquiry, reception):
    assert enquiry.call == "open"
    pass_on(desk, enquiry)
    assert (enquiry.passed_on_by, enquiry.call) == (reception, "open")
    text = text_of(desk, page_of(enquiry))
    assert "This was passed to a clinician already" in text
    assert 'value="pass_on"' not in text


# --- First for clinicians -------------------------------------------------------------------------


def test_it_is_first_on_the_clinicians_list_with_who_passed_it_and_when(client, doctor, make_enquiry, reception):
    for _ in range(31):  # more than a page
        make_enquiry(tell=["diabetes"], name="Somebody Else")
    late = make_enquiry(name="Lena Last")
    passed_on(late, reception, minutes=3)
    client.force_login(doctor)
    text = text_of(client, LIST)
    assert text.index("Urgent: call now") < text.index("Lena Last") < text.index("Somebody Else")
    assert text.count("Lena Last</bdi></a></h2>") == 1
    at = timezone.localtime(late.passed_on_at)
    assert f"Passed to you at {at:%H:%M}, {at:%a} {at.day} {at:%b} by <bdi>Rita Reception</bdi>" in text


def test_it_comes_next_after_any_other_call(make_enquiry, doctor, reception):
    one, _, third = (make_enquiry(tell=["diabetes"]) for _ in range(3))
    passed_on(third, reception)
    assert next_in_queue.following(one, "call", doctor) == third
    assert next_in_queue.following(third, "call", doctor) == one


# --- Red after a quarter of an hour -----------------------------------------------------------------


def test_it_turns_red_at_the_desk_and_for_the_manager_after_15_minutes(
    desk, client, enquiry, reception, manager, doctor
):
    def shown(user):
        client.force_login(user)
        return [RING in text_of(client, path) for path in (LIST, page_of(enquiry))]

    passed_on(enquiry, reception, minutes=14)
    assert (shown(reception), shown(manager)) == ([False, False], [False, False])
    passed_on(enquiry, reception, minutes=16)
    assert (shown(reception), shown(manager)) == ([True, True], [True, True])
    for user in (reception, manager):
        items = [item for section in dashboard(user)["waiting"] for item in section.items]
        assert [item.is_late for item in items if "passed on as urgent" in item.words] == [True]


@pytest.mark.parametrize(
    ("what", "is_late"),
    [
        ("a clinician opens it", False),
        ("a clinician opened it before it was passed on", True),
        ("the desk opens it", True),
        ("the person who passed it on opens it, a clinician too", True),
        ("the desk says that it rang a clinician", False),
        ("a clinician could not reach them", False),
        ("it was answered", False),
        ("it was closed", False),
    ],
)
def test_what_counts_as_opened(client, enquiry, reception, doctor, django_user_model, what, is_late):
    passer = reception
    if what.startswith("the person who"):
        doctor.groups.add(*reception.groups.all())
        passer = doctor
    if "before" in what:
        client.force_login(doctor)
        client.get(page_of(enquiry))
        enquiry.refresh_from_db()
        Enquiry.objects.filter(pk=enquiry.pk).update(passed_on_at=timezone.now(), passed_on_by=passer)
    else:
        passed_on(enquiry, passer, minutes=1)
    if what in ("a clinician opens it", "the person who passed it on opens it, a clinician too"):
        client.force_login(doctor)
        client.get(page_of(enquiry))
    elif what == "the desk opens it":
        client.force_login(reception)
        client.get(page_of(enquiry))
    elif what == "the desk says that it rang a clinician":
        make(enquiry, "rang_clinician", reception)
    elif what == "a clinician could not reach them":
        answer(enquiry, "not_reached", doctor)
    elif what == "it was answered":
        answer(enquiry, "ask_gp", doctor)
    elif what == "it was closed":
        make(enquiry, "withdrawn", reception)
    later = timezone.now() + timedelta(minutes=16)
    assert urgent.unopened(later).filter(pk=enquiry.pk).exists() == is_late


def test_a_clinician_who_had_opened_it_within_the_hour_is_seen_to_open_it_again(client, enquiry, reception, doctor):
    client.force_login(doctor)
    client.get(page_of(enquiry))
    enquiry.refresh_from_db()
    make(enquiry, "pass_on", reception)
    client.get(page_of(enquiry))
    assert not urgent.unopened(timezone.now() + timedelta(minutes=16)).exists()
    assert f"{doctor.get_full_name()} opened it at" in text_of(client, page_of(enquiry))


def test_what_was_rung_about_stays_first_for_clinicians_and_shows_who_rang(desk, client, enquiry, reception, doctor):
    passed_on(enquiry, reception, minutes=20)
    assert 'value="rang_clinician"' in text_of(desk, page_of(enquiry))
    make(enquiry, "rang_clinician", reception, note="Dr Chen rings her at once.")
    text = text_of(desk, page_of(enquiry))
    assert "Rita Reception rang a clinician at" in text
    assert RING not in text.partition("What next")[0]
    client.force_login(doctor)
    assert "Urgent: call now" in text_of(client, LIST)


def test_nobody_can_say_that_they_rang_about_what_was_not_passed_on(desk, enquiry, reception):
    assert 'value="rang_clinician"' not in text_of(desk, page_of(enquiry))
    with pytest.raises(ValidationError, match="has not been passed to a clinician"):
        make(enquiry, "rang_clinician", reception)


def test_what_was_closed_and_opened_again_is_not_urgent_any_more(desk, enquiry, reception):
    pass_on(desk, enquiry)
    make(enquiry, "withdrawn", reception)
    make(enquiry, "reopen", reception, note="A mistake.")
    assert urgent.passed_on(enquiry) is None
    assert "pass_on" in {move.action for move in workflow.possible(enquiry, [workflow.RECEPTION])}
