"""Taking enquiries away as a workbook: for whom, which, what of each, and that it is written down first."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from siweb.enquiries.models import DeskEvent, Enquiry
from siweb.enquiries.privacy import erasure
from siweb.enquiries.reports import export
from tests.conftest import with_role
from tests.support.enquiring import Page, make
from tests.support.sheets import cells_of

EXPORT = "/admin/enquiries/enquiry/export/"
EVERYTHING = {
    name: [column.key for column in columns]
    for name, columns in (("about", export.ABOUT), ("person", export.PERSON), ("words", export.WORDS))
}
DEFAULT = EVERYTHING | {"words": []}


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mona", "Practice managers")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def asked(columns=DEFAULT, **changes):
    today = timezone.localdate()
    return {"first": str(today), "last": str(today), "reason": "The yearly audit"} | columns | changes


def taken(client, columns=DEFAULT, **changes):
    """The rows of the file below its headings, each as {heading: text}."""
    response = client.post(EXPORT, asked(columns, do="download", **changes))
    assert response.status_code == 200, response.content.decode()
    headings, *rows = cells_of(response.getvalue())
    return [dict(zip(headings, row, strict=True)) for row in rows]


def received(enquiry, day):
    Enquiry.objects.filter(pk=enquiry.pk).update(created_at=day)


def test_it_says_how_many_before_anything_is_taken(desk, make_enquiry):
    make_enquiry(), make_enquiry()
    page = Page(desk.post(EXPORT, asked()))
    assert "2 enquiries will be exported." in page.source
    assert not DeskEvent.objects.exists()
    assert "Maria" not in page.source
    carried = page.fields()
    response = desk.post(EXPORT, carried | {"do": "download"})
    assert len(cells_of(response.getvalue())) == 3


def test_what_was_chosen_can_be_changed_and_is_still_there(desk, db):
    page = Page(desk.post(EXPORT, Page(desk.post(EXPORT, asked(about=["state"]))).fields() | {"do": "change"}))
    fields = page.fields()
    assert (fields["reason"], fields["about"], fields["first"]) == (
        ["The yearly audit"],
        ["state"],
        [str(timezone.localdate())],
    )


def test_a_file_has_a_row_for_each_with_what_is_known(desk, make_enquiry):
    enquiry = make_enquiry(needs=["bsl"], times=["morning", "any"])
    row = taken(desk)[0]
    assert row["Reference"] == enquiry.reference
    assert row["Received"] == f"{timezone.localtime(enquiry.created_at):%Y-%m-%d %H:%M}"
    assert (row["Name"], row["Phone"], row["Phone as typed"]) == ("Maria Example", "+441614960000", "0161 496 0000")
    assert (row["Needs"], row["Good times"]) == ("British Sign Language (BSL)", "Mornings, Any time")
    assert (row["State"], row["Clinic"], row["May we leave a message"]) == ("new", "no preference", "Yes")


def test_free_text_is_only_there_when_it_was_chosen(desk, make_enquiry, reception):
    enquiry = make_enquiry(words="It hurts\nin the morning", phone_note="after 5")
    make(enquiry, "note", reception, note="She prefers Tuesdays")
    assert "Anything else" not in taken(desk)[0]
    row = taken(desk, EVERYTHING)[0]
    assert (row["Anything else"], row["Words beside the phone"]) == ("It hurts\nin the morning", "after 5")
    assert row["Notes of staff"].endswith("Rita Reception: She prefers Tuesdays")


def test_free_text_is_not_ticked_at_first(desk):
    ticked = Page(desk.get(EXPORT)).fields()
    assert (ticked["about"], ticked["person"], ticked.get("words")) == (DEFAULT["about"], DEFAULT["person"], None)


def test_ticks_of_tell_us_first_are_in_no_column(desk, make_enquiry):
    make_enquiry(tell=["diabetes", "blood"])
    row = taken(desk, EVERYTHING)[0]
    assert not re.search("diabetes|blood", " ".join(row.values()), re.IGNORECASE)


def test_spam_and_what_was_erased_are_not_among_them(desk, make_enquiry, reception):
    kept, spam, marked, erased = make_enquiry(), make_enquiry(), make_enquiry(reason="trap"), make_enquiry()
    make(spam, "spam", reception)
    erasure.erase(erased, why="request")
    assert [row["Reference"] for row in taken(desk)] == [kept.reference]
    assert marked.state == Enquiry.State.SPAM


def test_both_days_are_included_as_the_clinic_counts_them(desk, make_enquiry):
    day = timezone.localtime().replace(year=2026, month=7, day=10, hour=0, minute=0, second=0, microsecond=0)
    moments = (day, day - timedelta(seconds=1), day + timedelta(days=2, seconds=-1), day + timedelta(days=2))
    enquiries = [make_enquiry() for _ in moments]
    for enquiry, moment in zip(enquiries, moments, strict=True):
        received(enquiry, moment)
    rows = taken(desk, first="2026-07-10", last="2026-07-11")
    assert [row["Reference"] for row in rows] == [enquiries[0].reference, enquiries[2].reference]


def test_the_oldest_come_first_however_many_pieces_it_takes(desk, make_enquiry, monkeypatch):
    monkeypatch.setattr(export, "IN_ONE_GO", 2)
    enquiries = [make_enquiry() for _ in range(5)]
    for number, enquiry in enumerate(enquiries):
        received(enquiry, timezone.now() - timedelta(minutes=number))
    first = str(timezone.localdate() - timedelta(days=1))
    assert [row["Reference"] for row in taken(desk, first=first)] == [e.reference for e in reversed(enquiries)]


def test_what_is_erased_while_it_is_sent_is_left_out(desk, make_enquiry, monkeypatch):
    monkeypatch.setattr(export, "IN_ONE_GO", 1)
    first, second = make_enquiry(), make_enquiry(name="Gone Tomorrow")
    received(first, timezone.now() - timedelta(seconds=1))
    response = desk.post(EXPORT, asked(do="download", first=str(timezone.localdate() - timedelta(days=1))))
    erasure.erase(second, why="request")
    assert b"Gone Tomorrow" not in str(cells_of(response.getvalue())).encode()


def test_it_is_written_down_who_took_what_and_why(desk, make_enquiry):
    make_enquiry()
    taken(desk, {"about": ["reference"], "person": ["phone"], "words": []})
    event, today = DeskEvent.objects.get(), timezone.localdate()
    assert (event.verb, event.actor_name, event.count) == ("exported", "Mona Practice managers", 1)
    assert event.about == f"received {today} to {today}; columns: reference, phone; for: The yearly audit"


def test_the_longest_reason_and_every_column_fit_into_the_record(desk, db):
    taken(desk, EVERYTHING, reason="w" * 200)
    assert DeskEvent.objects.get().about.endswith("w" * 200)


def test_it_is_written_down_before_the_first_byte_is_sent(desk, make_enquiry):
    make_enquiry()
    response = desk.post(EXPORT, asked(do="download"))
    assert DeskEvent.objects.count() == 1
    response.close()


def test_nothing_is_sent_when_it_cannot_be_written_down(desk, make_enquiry, monkeypatch):
    def fails(*_, **__):
        raise DatabaseError

    make_enquiry()
    monkeypatch.setattr(DeskEvent.objects, "create", fails)
    response = desk.post(EXPORT, asked(do="download"))
    assert (response.status_code, response.streaming) == (503, False)
    assert "Maria" not in response.content.decode()


def test_the_file_is_named_by_its_days_and_no_browser_keeps_it(desk, db):
    response = desk.post(EXPORT, asked(do="download", first="2026-01-01", last="2026-03-31"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="enquiries-2026-01-01-to-2026-03-31.xlsx"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")


FAULTS = [
    ({"first": ""}, "first", "Choose a day."),
    ({"last": "tomorrow"}, "last", "Enter a day, such as 25/11/2026."),
    ({"last": "9999-12-31"}, "last", "This day is still to come. Choose today, or a day before."),
    ({"first": "0001-01-01"}, "first", "Choose a day from the year 2000 on."),
    ({"first": "2026-02-02", "last": "2026-02-01"}, "last", "This is before the first day."),
    ({"reason": " \u200b "}, "reason", "Say what it is for."),
    ({"reason": "w" * 201}, "reason", "This is 201 characters long. Shorten it to 200."),
    ({"reason": "a\0b"}, "reason", "Type this again: it holds a character that cannot be stored."),
    ({"about": [], "person": [], "words": []}, "about", "Choose at least one column."),
    ({"person": ["tell"]}, "person", "Choose among the columns that are shown."),
]


@pytest.mark.parametrize(("changes", "field", "message"), FAULTS)
@pytest.mark.parametrize("do", ["", "download"])
def test_what_is_missing_or_wrong_is_said_and_nothing_is_taken(desk, db, changes, field, message, do):
    response = desk.post(EXPORT, asked(do=do, **changes))
    assert response.status_code == 422
    assert message in Page(response).texts[f"id_{field}_error"]
    assert not DeskEvent.objects.exists()


def test_more_than_a_sheet_can_hold_is_not_begun(desk, make_enquiry, monkeypatch):
    monkeypatch.setattr("siweb.core.xlsx.MOST_ROWS", 1)
    make_enquiry(), make_enquiry()
    response = desk.post(EXPORT, asked(do="download"))
    assert response.status_code == 422
    assert "A workbook holds at most 1 rows. Choose fewer days." in response.content.decode()


def test_reception_and_clinicians_take_nothing(client, reception, caller):
    for user in (reception, caller):
        client.force_login(user)
        assert client.post(EXPORT, asked(do="download")).status_code == 403
    assert not DeskEvent.objects.exists()
