"""The database itself refuses to change or remove what is written once."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from siweb.accounts import services
from siweb.articles.importing import sync
from siweb.articles.models import Decision, Publication, Reading, Revision
from siweb.clinics.models import OpeningEvent
from siweb.core import insert_only
from siweb.core.models import StaffEvent
from siweb.enquiries.models import DeskEvent, EnquiryEvent
from tests.support.deciding import signed

TABLES = {
    "articles_revision": Revision,
    "articles_decision": Decision,
    "articles_publication": Publication,
    "articles_reading": Reading,
    "clinics_openingevent": OpeningEvent,
    "enquiries_enquiryevent": EnquiryEvent,
    "enquiries_deskevent": DeskEvent,
    "siweb_staffevent": StaffEvent,
}


@pytest.fixture
def rows(db, content, clinician, make_enquiry):
    make_rows(content, clinician, make_enquiry)


def make_rows(content, clinician, make_enquiry):
    """One row in each table."""
    sync.import_folder(content("anatomy"))
    signed(Revision.objects.get(), by=clinician)
    make_enquiry()
    DeskEvent.record("listed", actor=clinician)
    services.record(clinician, "made the account", by=clinician)
    OpeningEvent.record("opened the site", by=clinician)


def refused(statement):
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(statement)


def test_every_insert_only_table_is_tested_here():
    assert set(TABLES) == set(insert_only.INSERT_ONLY)


@pytest.mark.parametrize("table", insert_only.INSERT_ONLY)
def test_an_update_is_refused(rows, table):
    refused(f"UPDATE {table} SET id = id")


@pytest.mark.parametrize("table", insert_only.INSERT_ONLY)
def test_a_delete_is_refused(rows, table):
    refused(f"DELETE FROM {table}")
    assert TABLES[table].objects.count() == 1


@pytest.mark.parametrize("table", insert_only.INSERT_ONLY)
def test_a_truncate_is_refused_on_postgresql(rows, table):
    if connection.vendor == "postgresql":
        connection.check_constraints()
        refused(f"TRUNCATE {table} CASCADE")
    else:
        refused(f"DELETE FROM {table} WHERE true")  # SQLite's own form of TRUNCATE
    assert TABLES[table].objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", insert_only.INSERT_ONLY)
def test_the_guard_is_still_there_after_a_migration_that_alters_the_table(content, clinician, make_enquiry, table):
    make_rows(content, clinician, make_enquiry)
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(TABLES[table])  # what most migrations do there
        else:
            editor.execute(
                f"ALTER TABLE {table} ADD COLUMN filler text DEFAULT clock_timestamp()::text"
            )  # rewrites the table
            editor.execute(f"ALTER TABLE {table} DROP COLUMN filler")
    if connection.vendor == "sqlite":  # the control: without the next line there would be no guard
        assert (
            not connection.cursor()
            .execute("SELECT 1 FROM sqlite_master WHERE tbl_name = %s AND type = 'trigger'", [table])
            .fetchall()
        )
    call_command("migrate", verbosity=0)
    refused(f"UPDATE {table} SET id = id")
    refused(f"DELETE FROM {table}")


def test_making_the_triggers_twice_is_harmless(rows):
    insert_only.make_triggers()
    refused("UPDATE articles_revision SET number = 9")


ERASED = "erased_at = '2026-01-01 00:00:00+00:00'"


def test_an_event_is_emptied_once_and_nothing_else_of_it_changes(rows):
    EnquiryEvent.objects.get().enquiry.record("note", note="secret words")
    for more in ("", ", note = 'others'", ", note = '', verb = 'booked'", ", note = '', actor_name = 'A'"):
        refused(f"UPDATE enquiries_enquiryevent SET {ERASED}{more} WHERE verb = 'note'")
    refused("UPDATE enquiries_enquiryevent SET note = '' WHERE verb = 'note'")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE enquiries_enquiryevent SET {ERASED}, note = '' WHERE verb = 'note'")
    assert EnquiryEvent.objects.get(verb="note").note == ""
    refused(f"UPDATE enquiries_enquiryevent SET {ERASED}, note = '' WHERE verb = 'note'")
    refused("UPDATE enquiries_enquiryevent SET erased_at = NULL WHERE verb = 'note'")
