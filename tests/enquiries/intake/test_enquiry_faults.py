"""The database fails while an enquiry is sent: nobody is thanked for what was not kept, and nobody types it twice."""

import contextlib
import html
import re
import resource
import sqlite3
import uuid

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

from siweb.clinics.models import Clinic
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from tests.operations.test_outage import database_away
from tests.support.enquiring import ANSWERS, CHECK, Page, posted
from tests.support.serving import Site, until
from tests.support.visiting import Visitor, counted, page_of, reference_of, rows

SQLITE = connection.vendor == "sqlite"
only_sqlite = pytest.mark.skipif(not SQLITE, reason="a fault of SQLite's file")
real_database = pytest.mark.django_db(transaction=True)

# What was typed, with letters that have to be escaped, and long enough that no page of the database has room for it.
TYPED = ANSWERS | {
    "name": "Zoë “Quill” O'Neill <b>",
    "words": 'Mornings & "evenings" <script>\nSecond line. ' + "So long. " * 430,
    "tell": ["diabetes", "fainting"],
    "needs": ["bsl", "large-print"],
}


# --- What must be true of every answer --------------------------------------------------------------------------------


def stored():
    """How many rows there are of everything that an enquiry writes."""
    return [model.objects.count() for model in (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)]


def check_is_told(answer, data):
    """The page says that nothing was saved and whom to call, shows what was typed, and would send it again."""
    page = Page(answer)
    text = html.unescape(page.source)
    assert "Nothing has been sent or saved." in text
    assert "SIJ-" not in text
    for number in ("tel:+441632960001", "tel:999", "tel:111"):
        assert page.all("a", href=number), number
    assert shown(data["name"]) in shown(text)
    assert shown(data["words"]) in shown(re.sub("<br>", "", text))
    assert "<script>" not in page.source
    assert page.all("form", method="post", action=CHECK)
    again = page.fields()
    for name, value in data.items():
        assert again.get(name, []) == (value if isinstance(value, list) else [value]) or value == "", name
    return again


def shown(text):
    return " ".join(text.split())


def check_is_503(answer, data):
    assert answer.status_code == 503
    assert "Location" not in answer.headers
    assert int(answer.headers["Retry-After"]) > 0
    assert "no-store" in answer.headers["Cache-Control"]
    return check_is_told(answer, data)


def check_is_whole(enquiry):
    """One enquiry with everything that belongs to it."""
    assert Enquiry.objects.get() == enquiry
    assert enquiry.answers.name == TYPED["name"]
    assert enquiry.answers.tell == TYPED["tell"]
    assert (enquiry.state, enquiry.call) == ("new", "open")
    assert [answers.pk for answers in enquiry.all_answers.all()] == [enquiry.answers_id]
    assert [event.verb for event in enquiry.events.all()] == ["received"]
    assert sorted(message.kind for message in enquiry.outbox.all()) == ["acknowledgement", "new_enquiry"]
    assert [(row.count, row.marked) for row in AddressCount.objects.all()] == [(1, 0)]


def taken(client, data):
    """Send it, with the database fixed: it is taken, once, and whole."""
    answer = client.post(CHECK, data)
    assert answer.status_code == 302
    check_is_whole(Enquiry.objects.get())
    return answer


# --- Faults of the database -------------------------------------------------------------------------------------------


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextlib.contextmanager
def full():
    """No room for a row of answers."""
    if SQLITE:
        with connection.cursor() as cursor:
            free, size = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
            cursor.execute("CREATE TABLE filler (bytes BLOB)")
            cursor.execute("INSERT INTO filler VALUES (zeroblob(%s))", [(free + 2) * size])
            cursor.execute("PRAGMA max_page_count = 1")  # that is: as many as there are
        try:
            yield
        finally:
            run("PRAGMA max_page_count = 1000000000", "DROP TABLE filler")
    else:
        run(*FULL)
        try:
            yield
        finally:
            run(*NOT_FULL)


FULL = (
    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
    "CREATE TRIGGER no_room BEFORE INSERT ON enquiries_answers FOR EACH ROW EXECUTE FUNCTION no_room()",
)
NOT_FULL = ("DROP TRIGGER no_room ON enquiries_answers", "DROP FUNCTION no_room()")


@contextlib.contextmanager
def read_only():
    run("PRAGMA query_only = ON" if SQLITE else "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("PRAGMA query_only = OFF" if SQLITE else "SET default_transaction_read_only = off")


@contextlib.contextmanager
def gone():
    """Every statement fails, from the first."""
    with connection.execute_wrapper(_fail_from(1)[0]):
        yield


FAULTS = {"disk full": full, "read-only": read_only, "gone": gone}


@real_database
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_the_last_step_stores_nothing_says_so_and_gives_back_what_was_typed(client, fault, caplog):
    data = posted(TYPED, do="send")
    Clinic.current()
    with FAULTS[fault]():
        again = check_is_503(client.post(CHECK, data), data)
    assert stored() == [0] * 5
    taken(client, again)
    assert "an enquiry was not saved: " in caplog.text
    assert [text for text in ("Quill", "Mornings", "patient.example", data["key"]) if text in caplog.text] == []


@real_database
def test_a_fault_on_the_way_to_the_check_page_gives_back_what_was_typed_and_sends_nothing(client):
    data = posted(TYPED)
    Clinic.current()
    with gone():
        again = check_is_503(client.post(CHECK, data), data)
    assert "do" not in again
    checked = client.post(CHECK, again)
    assert checked.status_code == 200
    assert stored() == [0] * 5
    taken(client, Page(checked).fields() | {"do": "send"})


@real_database
@pytest.mark.parametrize("fault", FAULTS)
def test_pressing_try_again_during_the_fault_loses_nothing_either(client, fault):
    data = posted(TYPED, do="send")
    Clinic.current()
    with FAULTS[fault]():
        again = check_is_503(client.post(CHECK, data), data)
        for _ in range(3):
            again = check_is_503(client.post(CHECK, again), data)
    taken(client, again)


@real_database
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_during_a_correction_keeps_the_first_answers(client, fault):
    data = posted(TYPED, do="send")
    taken(client, data)
    other = data | {"words": TYPED["words"].replace("Second", "Other")}
    with FAULTS[fault]():
        again = check_is_503(client.post(CHECK, other), other)
    check_is_whole(Enquiry.objects.get())
    assert client.post(CHECK, again).status_code == 302
    assert "Other line." in Enquiry.objects.get().answers.words
    assert (Enquiry.objects.count(), Answers.objects.count()) == (1, 2)


@real_database
@pytest.mark.parametrize("fault", ["disk full", "read-only"])
def test_what_only_reads_goes_on(client, fault):
    with FAULTS[fault]():
        assert client.get("/enquire/form/").status_code == 200
        assert client.post(CHECK, posted(TYPED)).status_code == 200


@real_database
def test_a_clinic_that_this_process_never_read_still_gives_the_emergency_numbers(client, monkeypatch):
    monkeypatch.setattr(Clinic, "_last_read", None)
    data = posted(TYPED, do="send")
    with gone():
        answer = client.post(CHECK, data)
    assert answer.status_code == 503
    assert Page(answer).all("a", href="tel:999")
    assert shown(TYPED["words"]) in shown(html.unescape(answer.content.decode().replace("<br>", "")))


# --- Each statement in turn -------------------------------------------------------------------------------------------


def _fail_from(first, last=None):
    """(a wrapper that fails statements number `first` to `last`, or to the end; how many have passed)."""
    counted = []

    def wrapper(execute, sql, params, many, context):
        counted.append(sql)
        if len(counted) >= first and (last is None or len(counted) <= last):
            raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)

    return wrapper, counted


def statements_of_the_last_step(client):
    wrapper, passed = _fail_from(1_000_000)
    with connection.execute_wrapper(wrapper):
        assert client.post(CHECK, posted(TYPED, do="send")).status_code == 302
    return passed


@pytest.fixture
def empty_again():
    """empty() leaves the database as it was before an enquiry came, without the tests' own flush."""
    from tests.conftest import drop_triggers

    def empty():
        drop_triggers()
        Enquiry.objects.update(state="erased", erased_at="2026-01-01T00:00:00Z", answers=None)
        for model in (Outbox, EnquiryEvent, Answers, AddressCount, Enquiry):
            model.objects.all().delete()

    return empty


@real_database
@pytest.mark.parametrize("to_the_end", [False, True], ids=["once", "and all after it"])
def test_whichever_statement_fails_an_acknowledged_enquiry_is_whole_and_an_unstored_one_is_told(
    client, empty_again, to_the_end
):
    statements = statements_of_the_last_step(client)
    count = len(statements)
    assert count > 6
    empty_again()
    told = 0
    for number in range(1, count + 1):
        data = posted(TYPED, do="send", key=str(uuid.uuid4()))
        with connection.execute_wrapper(_fail_from(number, None if to_the_end else number)[0]):
            answer = client.post(CHECK, data)
        if answer.status_code == 302:
            check_is_whole(Enquiry.objects.get())
        else:
            told += 1
            assert stored() == [0] * 5, f"statement {number}"
            data = check_is_503(answer, data)
        taken(client, data)
        empty_again()
    # Where reading the clinic alone fails, what was last known of it serves as well.
    facts = 0 if to_the_end else sum('FROM "clinics_clinic"' in statement for statement in statements)
    assert told == count - facts


@real_database
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_that_fails_or_only_seems_to_is_never_a_second_enquiry(client, monkeypatch, when):
    """After: the database has kept it, but its answer was lost. The form's key makes "Try again" the same enquiry."""
    data = posted(TYPED, do="send")
    kind = type(connections[DEFAULT_DB_ALIAS])
    commit = kind._commit

    def failing(self):
        if when == "after":
            commit(self)
        raise OperationalError("the connection was lost")

    with monkeypatch.context() as fault:
        fault.setattr(kind, "_commit", failing)
        answer = client.post(CHECK, data)
    assert answer.status_code == 503
    assert Enquiry.objects.count() == (when == "after")
    taken(client, Page(answer).fields())


@real_database
def test_a_fault_of_our_own_gives_back_what_was_typed_too(client, monkeypatch):
    data = posted(TYPED, do="send")
    with monkeypatch.context() as fault:
        fault.setattr("siweb.enquiries.intake.submission.reply_due", lambda *_: 1 / 0)
        answer = client.post(CHECK, data)
    assert answer.status_code == 500
    again = check_is_told(answer, data)
    assert stored() == [0] * 5
    taken(client, again)


# --- The real server --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frail(tmp_path_factory):
    with Site.start(tmp_path_factory.mktemp("frail"), WORKERS="1") as site:
        yield site


@contextlib.contextmanager
def no_room(site):
    """No byte more goes to any file of the server's processes, or into the table."""
    if site.database:
        tell(site, *FULL)
        yield
        tell(site, *NOT_FULL)
        return
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in site.workers()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    yield
    for pid, limit in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def tell(site, *statements):
    with psycopg.connect(site.database.url, autocommit=True) as database:
        for statement in statements:
            database.execute(statement)


@contextlib.contextmanager
def nobody_may_write(site):
    """SQLite: somebody else holds it and does not let go. PostgreSQL: a standby, or an administrator's lock."""
    if site.database:
        site.database.tell("ALTER DATABASE {} SET default_transaction_read_only = on")
        yield
        site.database.tell("ALTER DATABASE {} RESET default_transaction_read_only")
        return
    with contextlib.closing(sqlite3.connect(site.data_dir / "site.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.server
@pytest.mark.parametrize(
    "fault",
    [
        no_room,
        database_away,
        pytest.param(nobody_may_write, marks=[pytest.mark.full] if SQLITE else []),  # SQLite waits for 20 s
    ],
)
def test_at_the_real_server_too_a_fault_is_told_and_fixes_itself(frail, fault):
    visitor = Visitor(frail)
    typed = TYPED | {"name": f"Frail {uuid.uuid4()}"}
    page = page_of(visitor.check(**typed)).fields() | {"do": ["send"]}
    assert frail.get("/guide/anatomy/").status == 200
    with fault(frail):
        answer = visitor.post(page)
        assert answer.status == 503, answer.text
        assert "Location" not in answer.headers
        assert answer.headers["Retry-After"] == "60"
        assert "no-store" in answer.headers["Cache-Control"]
        again = check_is_told(as_response(answer), typed)
        assert frail.get("/guide/anatomy/").status == 200, "a page that is held goes on"
    named = f"SELECT count(*) FROM enquiries_answers WHERE name = '{typed['name']}'"
    assert rows(frail, named) == [(0,)]
    fixed = until(lambda: taken_again(visitor, again), "it is taken", frail.log, seconds=50)
    assert counted(frail, reference_of(frail, fixed)) == (1, 1, 1, 1)
    assert rows(frail, named) == [(1,)]


def taken_again(visitor, again):
    answer = visitor.post(again)
    return answer if answer.status == 302 else None


def as_response(answer):
    answer.content, answer.status_code = answer.body, answer.status
    return answer
