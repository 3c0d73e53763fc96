"""Erasing because somebody asks: found, shown what goes and stays, the reference typed again, and a certificate."""

import html
import uuid

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from siweb.enquiries.models import Answers, Certificate, Complaint, DeskEvent, Enquiry
from siweb.enquiries.privacy import certificate, erasure, traces
from tests.support.enquiring import make

SEARCH = "/admin/enquiries/enquiry/data/erasure/"
PERSONAL = ("Maria", "0161", "1614960000", "example.org", "Quill", "diabetes")

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)


def page_of(enquiry):
    return f"/admin/enquiries/enquiry/{enquiry.pk}/erase/"


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def enquiry(make_enquiry, reception):
    enquiry = make_enquiry(tell=["diabetes"], words="Quillwords")
    make(enquiry, "claim", reception)
    make(enquiry, "note", reception, note="Quillnote")
    enquiry.refresh_from_db()
    return enquiry


def confirm(desk, enquiry, typed=None):
    response = desk.post(page_of(enquiry), {"reference": enquiry.reference if typed is None else typed})
    return response, html.unescape(response.content.decode())


def state_of(enquiry):
    return Enquiry.objects.values_list("state", flat=True).get(pk=enquiry.pk)


@pytest.mark.parametrize("typed", ["maria@example.org", "0161 496 0000", "{0}", "{1}"])
def test_it_is_found_by_an_address_a_number_or_a_reference(desk, enquiry, typed):
    typed = typed.format(enquiry.reference, enquiry.reference.lower().replace("-", " "))
    text = desk.post(SEARCH, {"who": typed}).content.decode()
    assert page_of(enquiry) in text
    [event] = DeskEvent.objects.all()
    assert (event.verb, event.references) == ("searched", [enquiry.reference])


def test_what_is_found_of_others_is_named_so_that_the_manager_can_choose(desk, enquiry, make_enquiry):
    other = make_enquiry(name="Tom Else")
    text = desk.post(SEARCH, {"who": "0161 496 0000"}).content.decode()
    assert "2 different names appear in these." in text
    assert page_of(enquiry) in text
    assert page_of(other) in text


def test_the_page_says_what_goes_and_what_stays_and_names_nobody(desk, enquiry):
    text = html.unescape(desk.get(page_of(enquiry)).content.decode())
    for words in (
        "1 version of the answers",
        "1 note",
        "2 records of mails",
        "A record without personal details",
        "Backups",
    ):
        assert words in text
    assert [word for word in PERSONAL if word in text] == []
    assert state_of(enquiry) == "in_progress"


@pytest.mark.parametrize("typed", ["", "SIJ-0000", "yes", "SIJ-"])
def test_another_reference_erases_nothing(desk, enquiry, typed):
    response, text = confirm(desk, enquiry, typed)
    assert response.status_code == 422
    assert "nothing was erased" in text
    assert state_of(enquiry) == "in_progress"


def test_a_get_erases_nothing(desk, enquiry):
    desk.get(f"{page_of(enquiry)}?reference={enquiry.reference}")
    assert state_of(enquiry) == "in_progress"


@real_database
def test_the_certificate_says_what_was_done_and_holds_nothing_personal(desk, enquiry):
    response, text = confirm(desk, enquiry, enquiry.reference.lower())
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    for words in (
        f"Enquiry {enquiry.reference} was erased on",
        "by Mia Manager",
        "1 version of the answers",
        "Traces of this enquiry: 0",
        traces.WHAT_REMAINS,
    ):
        assert words in text
    assert [word for word in PERSONAL if word in text] == []
    last = enquiry.events.last()
    assert (last.verb, last.actor_name, state_of(enquiry)) == ("erased_request", "Mia Manager", "erased")
    assert Answers.objects.count() == 0


@real_database
def test_erased_twice_it_shows_the_same_certificate(desk, enquiry):
    first = confirm(desk, enquiry)[1]
    assert confirm(desk, enquiry)[1] == first
    assert html.unescape(desk.get(page_of(enquiry)).content.decode()) == first
    assert enquiry.events.filter(verb="erased_request").count() == 1


@real_database
def test_what_the_clock_erased_has_no_certificate_and_the_page_says_so(desk, enquiry):
    erasure.erase(enquiry, why="retention")
    assert "there is no certificate" in confirm(desk, enquiry)[1]


# --- A machine that is switched off in the middle ---------------------------------------------------------------------


def break_off(monkeypatch, where):
    def fails(*_):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(where, fails)


@real_database
@pytest.mark.parametrize("where", ["erasure.sweep", "traces.look_for"])
def test_a_sweep_or_search_that_fails_is_repeated_until_it_is_done(desk, enquiry, monkeypatch, where):
    with monkeypatch.context() as breaking:
        break_off(breaking, f"siweb.enquiries.privacy.{where}")
        response, text = confirm(desk, enquiry)
        assert (response.status_code, state_of(enquiry)) == (200, "erased")
        assert "The search for traces has not finished" in text
        assert certificate.finish_all() == 0
    assert "Traces of this enquiry" not in text
    assert certificate.finish_all() == 1
    text = desk.get(page_of(enquiry)).content.decode()
    assert "Traces of this enquiry: 0" in text
    assert "1 version of the answers" in text
    assert "by Mia Manager" in text
    assert certificate.finish_all() == 0


@real_database
def test_what_is_looked_for_is_kept_encrypted_and_only_until_it_was_looked_for(enquiry, monkeypatch):
    with monkeypatch.context() as breaking:
        break_off(breaking, "siweb.enquiries.privacy.traces.look_for")
        certificate.erase(enquiry)
    sought = Certificate.objects.get().sought
    assert [word for word in PERSONAL if word in sought] == []
    DeskEvent.record("listed", about="for Maria Example")  # as a fault of ours would
    certificate.finish_all()
    done = Certificate.objects.get()
    assert (done.sought, done.found["traces"]) == ("", 1)


@real_database
def test_with_another_secret_key_it_says_that_it_could_not_look(desk, enquiry, monkeypatch, settings):
    with monkeypatch.context() as breaking:
        break_off(breaking, "siweb.enquiries.privacy.traces.look_for")
        certificate.erase(enquiry)
    Certificate.objects.update(sought="of another key")
    certificate.finish_all()
    text = html.unescape(desk.get(page_of(enquiry)).content.decode())
    assert "The search could not be repeated" in text
    assert "Traces of this enquiry" not in text


@real_database
def test_an_erasure_that_fails_leaves_no_certificate(enquiry, monkeypatch):
    monkeypatch.setattr(Enquiry, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        certificate.erase(enquiry)
    assert (Certificate.objects.count(), state_of(enquiry)) == (0, "in_progress")


def test_what_is_held_is_refused_with_the_reason_and_the_way(desk, enquiry):
    Enquiry.objects.update(hold_reason="claim of May", hold_review=timezone.localdate())
    response, text = confirm(desk, enquiry)
    assert response.status_code == 409
    assert "claim of May" in text
    assert f"/admin/enquiries/enquiry/{enquiry.pk}/hold/" in text
    assert "Type " not in desk.get(page_of(enquiry)).content.decode()
    assert state_of(enquiry) == "in_progress"
    assert (
        "Held, so it cannot be erased: claim of May" in desk.post(SEARCH, {"who": enquiry.reference}).content.decode()
    )


@real_database
def test_complaints_stay_and_are_named_on_the_way_and_on_the_certificate(desk, enquiry, manager):
    said = {"route": "phone", "recorded_by": manager, "name": "Maria Example", "contact": "0161 496 0000", "words": "x"}
    linked = Complaint.objects.create(**said, enquiry=enquiry)
    apart = Complaint.objects.create(**said)
    found = desk.post(SEARCH, {"who": "maria@example.org"}).content.decode()
    assert f"Complaint {linked.pk}</a>" in found
    assert f"Complaint {linked.pk}, acknowledge by" in desk.get(page_of(enquiry)).content.decode()
    text = confirm(desk, enquiry)[1]
    assert f"Complaint {linked.pk}, which is open: it is kept" in text
    assert f"complaint {apart.pk} (" in text
    assert "Traces of this enquiry: 0" in text
    assert "Maria" not in text
    assert Complaint.objects.count() == 2


# --- What counts as a trace -------------------------------------------------------------------------------------------


def found_after_erasing(desk, enquiry):
    text = confirm(desk, enquiry)[1]
    return text.split("Where traces were looked for")[1].split("What remains")[0]


@pytest.mark.slow
@real_database
def test_a_note_of_another_enquiry_is_named_and_no_trace(desk, enquiry, make_enquiry, reception):
    other = make_enquiry(name="Tom Else", email="tom@else.example", phone="+441614960009", phone_raw="0161 496 0009")
    make(other, "note", reception, note="His wife is Maria Example.")
    found = found_after_erasing(desk, enquiry)
    assert f"{other.reference} (note)" in found
    assert "Traces of this enquiry: 0" in found


@real_database
def test_a_colleague_of_the_same_name_is_no_trace(desk, enquiry, django_user_model):
    django_user_model.objects.create_user("maria", last_name="Maria Example")
    found = found_after_erasing(desk, enquiry)
    assert "staff (the name of a colleague)" in found
    assert "Traces of this enquiry: 0" in found


@real_database
def test_words_that_are_left_in_a_table_are_counted(desk, enquiry):
    DeskEvent.record("listed", about="for Maria Example")  # as a fault of ours would
    text = confirm(desk, enquiry)[1]
    assert "Traces of this enquiry: 1" in text
    assert "Something was left." in text


@real_database
def test_answers_that_are_left_of_an_erased_enquiry_are_a_trace(enquiry):
    told = traces.told_by(enquiry)
    Enquiry.objects.create(reference="SIJ-GONE", state="erased", erased_at=timezone.now(), due_at=timezone.now())
    left = Answers.objects.get(enquiry=enquiry)
    left.pk, left.enquiry = uuid.uuid4(), Enquiry.objects.get(reference="SIJ-GONE")
    left.save(force_insert=True)
    assert traces.look_for(told).traces > 0


@real_database
def test_a_database_whose_planner_has_taken_statistics_is_looked_through_too(desk, enquiry):
    """On SQLite these are tables whose columns have no type."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    try:
        assert "Traces of this enquiry: 0" in found_after_erasing(desk, enquiry)
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS sqlite_stat1")
                cursor.execute("DROP TABLE IF EXISTS sqlite_stat4")


@pytest.mark.slow
@real_database
def test_very_many_of_the_same_name_are_counted_and_not_all_named(desk, enquiry, make_enquiry):
    for number in range(25):
        make_enquiry(
            email=f"maria{number}@else.example",
            phone=f"+4416149601{number:02}",
            phone_raw=f"0161 496 01{number:02}",
        )
        from siweb.enquiries.models import AddressCount

        AddressCount.objects.all().delete()
    found = found_after_erasing(desk, enquiry)
    assert "25 rows in all (name)" in found
    assert found.count("(name)") == 21
