"""Who looked at what: every look and act of staff, the newest first, page by page, without a patient's name."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from siweb.enquiries.models import DeskEvent, EnquiryEvent
from siweb.enquiries.privacy import access_log, erasure
from tests.support.enquiring import make

PAGE = "/admin/enquiries/enquiry/data/audit/"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def whats(**choice):
    return [act.what for act in access_log.acts(**choice)[0]]


def test_looks_and_acts_of_one_and_of_the_desk_are_one_list_the_newest_first(make_enquiry, reception):
    enquiry = make_enquiry()
    make(enquiry, "claim", reception, at=NOW)
    enquiry.record("viewed", actor=reception, at=NOW + timedelta(hours=1))
    DeskEvent.record("listed", actor=reception, about="new", references=["SIJ-X"], at=NOW + timedelta(minutes=30))
    assert whats() == ["viewed this", "saw a list: new", "claimed this"]


def test_what_patients_did_is_not_what_staff_looked_at(make_enquiry):
    make_enquiry()
    assert whats() == []


def test_a_verb_that_nobody_has_put_in_words_reads_all_the_same(make_enquiry, reception):
    make_enquiry().record("printed_a_summary", actor=reception)
    assert whats() == ["printed a summary"]


def test_it_is_chosen_by_person_by_reference_and_by_day(make_enquiry, reception, manager):
    first, second = make_enquiry(), make_enquiry()
    first.record("viewed", actor=reception, at=NOW)
    second.record("viewed", actor=manager, at=NOW - timedelta(days=1))
    DeskEvent.record("listed", actor=manager, references=[first.reference, second.reference], at=NOW)
    references = lambda **choice: [act.references for act in access_log.acts(**choice)[0]]  # noqa: E731
    both = (first.reference, second.reference)
    assert references(who=reception) == [(first.reference,)]
    assert references(reference=second.reference) == [both, (second.reference,)]
    assert references(day=NOW.date()) == [both, (first.reference,)]
    assert references(who=manager, day=NOW.date() - timedelta(days=1)) == [(second.reference,)]
    assert references(reference=first.reference[:-1]) == []


@pytest.mark.parametrize(("hour", "day"), [(22, 30), (23, 1)])  # in July the clinic's midnight is 23:00 by UTC
def test_a_day_is_the_clinics(make_enquiry, reception, hour, day):
    make_enquiry().record("viewed", actor=reception, at=datetime(2026, 6, 30, hour, 30, tzinfo=UTC))
    wanted = datetime(2026, 6 if day == 30 else 7, day, tzinfo=UTC).date()
    assert len(whats(day=wanted)) == 1


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_pages_leave_out_nothing_and_repeat_nothing_even_within_one_moment(make_enquiry, reception, most):
    enquiry = make_enquiry()
    for number in range(10):
        at = NOW + timedelta(seconds=number // 4)  # several at the same moment
        if number % 2:
            enquiry.record("viewed", actor=reception, at=at)
        else:
            DeskEvent.record("listed", actor=reception, at=at)
    seen, before = [], None
    while True:
        shown, before = access_log.acts(before=before, most=most)
        seen += [act.place for act in shown]
        if before is None:
            break
    assert len(seen) == 10
    assert seen == sorted(set(seen), reverse=True)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_names_staff_and_references_and_no_patient(desk, make_enquiry, reception):
    enquiry = make_enquiry(words="Quillwords")
    make(enquiry, "claim", reception, note="Quillnote about Maria")
    text = desk.get(PAGE).content.decode()
    assert "Rita Reception" in text
    assert enquiry.reference in text
    assert [word for word in ("Maria", "Quill", "0161", "example.org") if word in text] == []


def test_the_page_goes_on_to_older_ones_and_keeps_the_choice(desk, make_enquiry, reception, monkeypatch):
    enquiry = make_enquiry()
    for minute in range(3 * access_log.SHOWN // 2):
        enquiry.record("viewed", actor=reception, at=NOW + timedelta(minutes=minute, microseconds=minute))
    response = desk.get(PAGE, {"who": reception.pk})
    assert len(response.context["shown"]) == access_log.SHOWN
    older = desk.get(PAGE + response.context["older"])
    assert len(older.context["shown"]) == access_log.SHOWN // 2
    assert not {act.place for act in older.context["shown"]} & {act.place for act in response.context["shown"]}
    assert f"who={reception.pk}" in older.context["again"]
    assert older.context["older"] == ""


def test_a_reference_may_be_typed_loosely(desk, make_enquiry, reception):
    enquiry = make_enquiry()
    enquiry.record("viewed", actor=reception)
    typed = enquiry.reference.lower().replace("-", " ")
    assert len(desk.get(PAGE, {"reference": typed}).context["shown"]) == 1


@pytest.mark.parametrize("query", ["who=x", "who=99999999999999999999", "day=soon", "before=1", "before=9-9-9"])
def test_nonsense_shows_nothing_and_says_so(desk, query):
    response = desk.get(f"{PAGE}?{query}")
    assert response.status_code == 422
    assert "Nothing is shown" in response.content.decode()


def test_it_takes_few_questions_to_the_database_and_never_counts(
    desk, make_enquiry, reception, django_assert_max_num_queries
):
    enquiry = make_enquiry()
    for _ in range(access_log.SHOWN * 2):
        enquiry.record("viewed", actor=reception)
    desk.get(PAGE)
    with django_assert_max_num_queries(10) as asked:
        desk.get(PAGE)
    assert [query["sql"] for query in asked.captured_queries if "count(" in query["sql"].lower()] == []


def test_after_an_erasure_the_list_still_says_who_looked_and_holds_nothing_personal(make_enquiry, reception):
    enquiry = make_enquiry(words="Quillwords")
    make(enquiry, "claim", reception, note="Quillnote")
    enquiry.record("viewed", actor=reception)
    erasure.erase(enquiry, why="request", by=reception)
    assert "viewed this" in whats(reference=enquiry.reference)
    every = str(list(EnquiryEvent.objects.values()) + list(DeskEvent.objects.values()))
    assert [word for word in ("Maria", "Quill", "0161", "example.org") if word in every] == []


def test_the_rows_of_the_list_cannot_be_changed_by_anybody(make_enquiry, reception):
    from django.db import IntegrityError, transaction

    make_enquiry().record("viewed", actor=reception)
    for rows in (
        EnquiryEvent.objects.filter(verb="viewed"),
        DeskEvent.objects.filter(pk=DeskEvent.record("listed").pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(at=timezone.now())
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            rows.delete()
