"""How an enquiry goes: by hand or by the clock, all of it, with a tombstone; and what is never erased."""

import io
import json
import re
import shutil
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from siweb.articles import sync
from siweb.clinics.models import Clinic
from siweb.enquiries import erasing, receiving, workflow
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.references import ALPHABET
from siweb.management.commands.tick import tick

from .conftest import SAID
from .enquiring import sent
from .serving import Site, until
from .test_enquiry_server import database_of, rows

SQLITE = connection.vendor == "sqlite"
State = Enquiry.State
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
real_database = pytest.mark.django_db(transaction=True)


def erased(reference):
    """What `manage.py erase` prints."""
    printed = io.StringIO()
    call_command("erase", reference, stdout=printed)
    return printed.getvalue()


# --- By hand: the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def worked_on(make_enquiry, reception):
    """An enquiry with a correction, events with notes, a private link and a time to wait for."""
    from siweb.enquiries import links

    enquiry = make_enquiry(
        name="Quill Zebedee",
        email="zebedee@quill.example",
        words="Quillwords.",
        tell=["diabetes"],
        phone_note="Quillhour",
    )
    make(enquiry, "claim", reception)
    make(enquiry, "note", reception, note="Quillnote: rang, no answer")
    enquiry = receiving.correct(enquiry, {"words": "Quillother."}, via=Answers.Via.FORM)
    make(enquiry, "wait", reception, note="Quillwait", until=timezone.now() + timedelta(days=2))
    links.make_link(enquiry)
    enquiry.refresh_from_db()
    return enquiry


def make(enquiry, action, by, **more):
    return workflow.make(enquiry, action, version=enquiry.version, who=(workflow.RECEPTION,), by=by, **more)


@real_database
def test_a_tombstone_stays_with_dates_states_and_who_did_what(worked_on):
    before = Enquiry.objects.values().get()
    events = list(worked_on.events.values("id", "at", "actor_id", "actor_name", "verb", "from_state", "to_state"))
    erased(worked_on.reference)
    after = Enquiry.objects.values().get()
    for name in ("id", "reference", "source", "outcome", "call", "created_at", "due_at", "last_activity_at"):
        assert after[name] == before[name], name
    assert after["state"] == "erased"
    assert after["erased_at"] is not None
    assert [after[name] for name in ("answers_id", "owner_id", "follow_up_at", "link_hash", "link_until")] == [None] * 5
    assert after["submission_key"] != before["submission_key"]
    assert after["version"] > before["version"]
    assert (Answers.objects.count(), Outbox.objects.count()) == (0, 0)
    kept = worked_on.events.filter(pk__in=[event["id"] for event in events])
    assert list(kept.values(*events[0])) == events
    assert {event.actor_name for event in kept} == {"", "Rita Reception"}
    assert {event.note for event in worked_on.events.all()} == {""}
    assert all(event.erased_at for event in kept)
    last = worked_on.events.last()
    assert (last.verb, last.from_state, last.to_state) == ("erased_request", "waiting", "erased")


@real_database
def test_the_outcome_of_a_closed_enquiry_stays(worked_on, reception):
    make(worked_on, "no_response", reception)
    erased(worked_on.reference)
    worked_on.refresh_from_db()
    assert (worked_on.state, worked_on.outcome) == ("erased", "no_response")


def refused(statement):
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(statement)


@real_database
def test_an_erased_event_is_never_changed_again(worked_on):
    erased(worked_on.reference)
    before = list(EnquiryEvent.objects.values())
    for change in ("note = ''", "note = 'words'", "erased_at = NULL", "erased_at = '2027-01-01 00:00:00+00:00'"):
        refused(f"UPDATE enquiries_enquiryevent SET {change} WHERE verb = 'note'")
    for change in ("actor_name = ''", "verb = 'x'", "at = at"):
        refused(f"UPDATE enquiries_enquiryevent SET {change} WHERE verb = 'note'")
    refused("DELETE FROM enquiries_enquiryevent WHERE verb = 'note'")
    assert list(EnquiryEvent.objects.values()) == before


@real_database
def test_erasing_the_enquiry_of_a_form_lets_the_same_form_be_sent_again_as_a_new_one(client):
    key = str(uuid.uuid4())
    first = sent(client, key=key)
    erased(first.reference)
    second = sent(client, key=key)
    assert second.pk != first.pk
    assert (first.pk, second.state) == (Enquiry.objects.get(state="erased").pk, "new")


@real_database
def test_the_text_says_what_was_searched_what_was_found_and_what_still_holds_it(worked_on):
    text = erased(worked_on.reference)
    assert f"{worked_on.reference} is erased" in text
    tables, columns = map(int, re.search(r"Looked in: (\d+) tables, (\d+) columns", text).groups())
    assert tables >= 15
    assert columns > tables
    assert "Traces of this enquiry: 0" in text
    for word in ("Backups", "mail that was sent", "write-ahead log", "tombstone"):
        assert word in text
    assert "uill" not in text, "what is printed may be kept"


@real_database
@pytest.mark.parametrize(
    "typed", ["{0}", " {1} ", "sij {1}", "SIJ{1}", "sij–{1}", "{2}", "s i j - {2}", "Sij_{2}"], ids=lambda typed: typed
)
def test_a_reference_may_be_typed_loosely(make_enquiry, typed):
    enquiry = make_enquiry()
    letters = enquiry.reference.removeprefix("SIJ-")
    erased(typed.format(enquiry.reference, letters.lower(), letters))
    enquiry.refresh_from_db()
    assert enquiry.state == "erased"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["SIJ-0000", "", "'; DROP TABLE", "SIJ-%", "é"])
def test_an_unknown_reference_is_refused_and_nothing_is_erased(make_enquiry, typed):
    enquiry = make_enquiry()
    with pytest.raises(CommandError, match="There is no enquiry SIJ-.*Check the reference"):
        erased(typed)
    enquiry.refresh_from_db()
    assert enquiry.state == "new"
    assert "0" not in ALPHABET, "so no enquiry is ever SIJ-0000"


@pytest.mark.django_db
def test_a_held_enquiry_is_refused_with_the_reason_and_the_way(worked_on):
    Enquiry.objects.update(hold_reason="claim against us")
    before = list(Enquiry.objects.values()), list(Answers.objects.values()), list(EnquiryEvent.objects.values())
    with pytest.raises(CommandError, match=f"{worked_on.reference} is held: claim against us. Lift the hold first."):
        erased(worked_on.reference)
    assert (
        list(Enquiry.objects.values()),
        list(Answers.objects.values()),
        list(EnquiryEvent.objects.values()),
    ) == before


@real_database
def test_who_erases_twice_is_told_when_it_was_by_the_clinics_clock(make_enquiry):
    enquiry = make_enquiry()
    erased(enquiry.reference)
    Enquiry.objects.update(erased_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with pytest.raises(CommandError, match=f"{enquiry.reference} was erased on 0?1 July 2026"):
        erased(enquiry.reference)


@real_database
def test_another_enquiry_of_the_same_person_is_named_and_not_erased(make_enquiry):
    first, second = make_enquiry(words="Quillwords."), make_enquiry(words="Others.")
    stranger = make_enquiry(
        name="Some Body", phone="+441614960001", phone_raw="0161 496 0001", email="body@other.example"
    )
    before = Answers.objects.values().get(enquiry=second)
    text = erased(first.reference)
    assert second.reference in text
    assert "(email)" in text
    assert stranger.reference not in text
    assert "Traces of this enquiry: 0" in text
    assert Answers.objects.values().get(enquiry=second) == before


@real_database
def test_common_words_that_stand_in_an_article_are_no_trace(make_enquiry, content):
    sync.import_folder(content("words", body="Bring somebody along. Please call me a taxi.\n"))
    enquiry = make_enquiry(words="Please call me")
    assert "Traces of this enquiry: 0" in erased(enquiry.reference)


@real_database
def test_a_person_whose_name_is_part_of_anothers_is_not_taken_for_them(make_enquiry):
    ann = make_enquiry(name="Marie Hill", phone="+441614960001", phone_raw="0161 496 0001", email="a@one.example")
    other = make_enquiry(
        name="Annemarie Hillman", phone="+441614960002", phone_raw="0161 496 0002", email="b@two.example"
    )
    assert other.reference not in erased(ann.reference)


# --- Nothing is left on the disk --------------------------------------------------------------------------------------

MARKERS = [
    *("Quillname", "Quillasker", "Quillrelation", "Quillnote", "Quillwords", "Quillmiddle", "Quillend", "Quillanguage"),
    *("quillmail", "Quillhour", "4960777", "0161 496 0777", "Quillsecond", "quillnewmail", "4960778", "Quillwait"),
]

_FILL = """
import json, uuid
from datetime import timedelta
from django.contrib.auth.models import Group, User
from django.utils import timezone
from siweb.clinics.models import Clinic
from siweb.enquiries import receiving, workflow
said = json.loads({said!r})
def receive(**changes):
    return receiving.receive(uuid.uuid4(), said | changes, clinic=Clinic.current(), address=str(uuid.uuid4()))
rita = User.objects.create_user("rita", first_name="Rita", last_name="Reception", is_staff=True)
rita.groups.add(Group.objects.get(name="Reception"))
for number in range(30):
    receive(name=f"Before {{number}}", email=f"before{{number}}@patient.example", words="Before. " * number * 10)
enquiry = receive(
    who="other", asker="Quillasker Person", relation="Quillrelation", knows="yes", ring="asker", name="Quillname Person",
    phone="+441614960777", phone_raw="0161 496 0777 Quillhour", phone_note="Quillhour", email="quillmail@patient.example",
    language="Quillanguage", words="Quillwords " + "long " * 350 + "Quillmiddle " + "words " * 300 + "Quillend",
    tell=["diabetes"],
)
def move(action, **more):
    enquiry.refresh_from_db()
    workflow.make(enquiry, action, version=enquiry.version, who=("reception",), by=rita, **more)
move("claim")
move("note", note="Quillnote " * 200)
enquiry.refresh_from_db()
receiving.correct(enquiry, {{"words": "Quillsecond", "email": "quillnewmail@patient.example"}}, via="form")
enquiry.refresh_from_db()
receiving.correct(enquiry, {{"phone": "+441614960778", "phone_raw": "0161 496 0778"}}, via="link")
move("wait", note="Quillwait", until=timezone.now() + timedelta(days=1))
for number in range(30):
    receive(name=f"After {{number}}", email=f"after{{number}}@patient.example", words="After. " * number * 10)
print(enquiry.reference)
"""


@pytest.fixture
def kept(tmp_path):
    """A site's real database, without its server."""
    site = Site(tmp_path)
    try:
        site.data_dir.mkdir()
        site.manage("migrate", "-v0")
        yield site
    finally:
        site.close()


def filled(site):
    return site.manage("shell", "-v0", "-c", _FILL.format(said=json.dumps(SAID))).strip()


def on_disk(site):
    """SQLite: every byte of its files. PostgreSQL: everything that a dump holds."""
    if site.database:
        return subprocess.run([pg_dump(), site.database.url], capture_output=True, check=True).stdout
    files = sorted(site.data_dir.glob("site.sqlite3*"))
    assert files
    return b"".join(path.read_bytes() for path in files)


def pg_dump():
    """The newest one: an older one than the server refuses."""
    beside = Path("/usr/lib/postgresql").glob("*/bin/pg_dump")
    newest = max(beside, key=lambda path: int(re.sub(r"\D.*", "", path.parent.parent.name)), default=None)
    return newest or shutil.which("pg_dump") or pytest.skip("pg_dump is not installed")


def found_in(content, texts):
    return {text: content.count(text.encode()) for text in texts if text.encode() in content}


def test_after_erasing_not_a_byte_of_it_is_in_the_database(kept):
    reference = filled(kept)
    before = found_in(on_disk(kept), MARKERS)
    assert set(before) == set(MARKERS), "the control: all of it was there"
    text = kept.manage("erase", reference.lower())
    after = on_disk(kept)
    assert found_in(after, MARKERS) == {}
    assert reference.encode() in after
    assert b"Rita Reception" in after
    assert b"after29@patient.example" in after
    assert "Traces of this enquiry: 0" in text
    if SQLITE:
        assert re.search(r"site\.sqlite3 \([\d,]+ bytes\)", text)
        assert f"{len(after):,} bytes" in text
    assert rows(kept, f"SELECT state FROM enquiries_enquiry WHERE reference = '{reference}'") == [("erased",)]


_CROWD = """
import json, random, uuid
from siweb.clinics.models import Clinic
from siweb.enquiries import receiving
said, chance = json.loads({said!r}), random.Random(7)
for number in range({count}):
    mark = f"Crowd{{uuid.uuid4().hex}}"
    phone = str(chance.randrange(10**9, 10**10))
    enquiry = receiving.receive(
        uuid.uuid4(),
        said | {{"name": mark, "email": f"{{mark}}@patient.example", "phone": f"+44{{phone}}", "phone_raw": phone}}
        | {{"words": f"{{mark}} " * chance.choice([0, 1, 5, 20, 60, 100])}},
        clinic=Clinic.current(), address=str(number),
    )
    if chance.random() < 0.3:
        receiving.correct(enquiry, {{"words": f"{{mark}} " * chance.randrange(100)}}, via="form")
    enquiry.record("note", note=f"{{mark}} " * chance.choice([1, 10, 50]))
"""

_ERASE_SOME = """
from siweb.enquiries import erasing
from siweb.enquiries.models import Enquiry
for enquiry in sorted(Enquiry.objects.all(), key=lambda enquiry: enquiry.pk.hex)[::{step}]:
    erasing.erase(enquiry, why="request")
erasing.sweep()
"""


def crowded(site, count):
    """Fill it with people, each with one word that stands in all their texts, and return those words."""
    site.manage("shell", "-v0", "-c", _CROWD.format(said=json.dumps(SAID), count=count))
    marks = names_in(site)
    assert len(marks) == count
    return marks


def names_in(site):
    return {name for (name,) in rows(site, "SELECT name FROM enquiries_answers")}


@pytest.mark.parametrize("step", [2, *(pytest.param(step, marks=pytest.mark.full) for step in (1, 7))])
def test_no_page_that_was_split_or_merged_keeps_a_copy(kept, step):
    """Rows and index entries move between pages as others come and go: what they leave behind goes too."""
    everybody = crowded(kept, 250)
    kept.manage("shell", "-v0", "-c", _ERASE_SOME.format(step=step))
    living = names_in(kept)
    assert len(living) == 250 - len(range(0, 250, step))
    content = on_disk(kept)
    assert found_in(content, everybody - living) == {}
    assert all(name.encode() in content for name in living)


@pytest.mark.full
@pytest.mark.skipif(not SQLITE, reason="a setting of SQLite")
def test_without_secure_delete_copies_would_be_left(kept):
    """The control: looking at the bytes does see what is left."""
    everybody = crowded(kept, 50)
    insecure = "from django.db import connection; connection.cursor().execute('PRAGMA secure_delete=OFF')"
    kept.manage("shell", "-v0", "-c", insecure + _ERASE_SOME.format(step=1))
    assert names_in(kept) == set()
    assert len(found_in(on_disk(kept), everybody)) > 5


@pytest.mark.skipif(SQLITE, reason="only PostgreSQL keeps samples of values")
def test_the_planners_samples_hold_nobodys_answers(kept):
    reference = filled(kept)
    with database_of(kept) as database:  # as the server does by itself after enough changes
        database.execute("ANALYZE enquiries_answers, enquiries_enquiryevent, enquiries_enquiry")
    assert "(public,enquiries_answers,who," in samples(kept), "the control: samples were taken"
    kept.manage("erase", reference)
    assert found_in(samples(kept).encode(), MARKERS) == {}


def samples(site):
    [(text,)] = rows(
        site, "SELECT coalesce(string_agg(s::text, ' '), '') FROM pg_stats s WHERE tablename LIKE 'enquiries%'"
    )
    return text


# --- By the clock -----------------------------------------------------------------------------------------------------


@pytest.fixture
def aged(make_enquiry, reception):
    """aged("closed", days=200) is an enquiry in that state whose last activity was so long ago."""

    def bring(state, before=NOW, *, confirmed=False, hold="", **ago):
        enquiry = make_enquiry(reason="trap" if state == State.SPAM else "")
        AddressCount.objects.all().delete()  # all come from one address, and more than may
        owner = reception if state in workflow.WORKED_ON else None
        Enquiry.objects.filter(pk=enquiry.pk).update(
            state=state,
            owner=owner,
            outcome="no_response" if state == State.CLOSED else "",
            follow_up_at=NOW if state == State.WAITING else None,
            spam_confirmed=confirmed,
            hold_reason=hold,
            last_activity_at=before - timedelta(**ago),
            created_at=before - timedelta(days=2000) + timedelta(seconds=Enquiry.objects.count()),  # in order
        )
        enquiry.refresh_from_db()
        return enquiry

    return bring


def kinds_of(enquiry, now=NOW):
    return [kind for kind, found in erasing.past_their_time(now).items() if enquiry in found]


AGES = {"today": 0, "29 days": 29, "31 days": 31, "5 months": 150, "past 6 months": 190, "3 years": 1100}

# By state, and whether a person confirmed it: what the clock does at each of these ages.
TRUTH = {
    ("new", False): ["", "", "", "", "nobody", "nobody"],
    ("in_progress", False): ["", "", "", "", "erase", "erase"],
    ("waiting", False): ["", "", "", "", "erase", "erase"],
    ("closed", False): ["", "", "", "", "erase", "erase"],
    ("spam", False): ["", "", "", "", "nobody", "nobody"],
    ("spam", True): ["", "", "erase", "erase", "erase", "erase"],
}


@pytest.mark.parametrize(("state", "confirmed"), TRUTH)
def test_what_is_past_its_time_by_state_and_age(aged, state, confirmed):
    found = [kinds_of(aged(state, confirmed=confirmed, days=days)) for days in AGES.values()]
    assert found == [[kind] if kind else [] for kind in TRUTH[state, confirmed]]


@pytest.mark.parametrize(("state", "confirmed"), TRUTH)
def test_what_is_held_is_never_erased_by_the_clock(aged, state, confirmed):
    held = [aged(state, confirmed=confirmed, hold="claim", days=days) for days in AGES.values()]
    assert [enquiry for enquiry in held if "erase" in kinds_of(enquiry)] == []
    assert erasing.purge(NOW) == 0


@real_database
def test_what_is_erased_is_past_no_time(aged):
    enquiry = erasing.erase(aged("closed", days=1000), why="request")
    assert kinds_of(enquiry, NOW + timedelta(days=5000)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("months", [1, 6, 24])
def test_the_clinics_own_months_count_to_the_second(aged, months):
    set_months(months)
    limit = {1: datetime(2026, 10, 24, 12), 6: datetime(2026, 5, 24, 12), 24: datetime(2024, 11, 24, 12)}[months]
    limit = limit.replace(tzinfo=UTC)
    assert kinds_of(aged("closed", limit)) == []
    assert kinds_of(aged("closed", limit, seconds=1)) == ["erase"]


def set_months(months):
    clinic = Clinic.current()
    clinic.retention_months = months
    clinic.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        ((2026, 8, 31), 6, (2026, 2, 28)),
        ((2024, 8, 31), 6, (2024, 2, 29)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2026, 12, 31), 1, (2026, 11, 30)),
        ((2027, 1, 1), 12, (2026, 1, 1)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2028, 2, 29), 24, (2026, 2, 28)),
    ],
)
def test_months_of_other_lengths_end_on_their_last_day(aged, now, months, limit):
    set_months(months)
    now, limit = (datetime(*day, 12, tzinfo=UTC) for day in (now, limit))
    assert kinds_of(aged("closed", limit), now) == []
    assert kinds_of(aged("closed", limit, seconds=1), now) == ["erase"]


@pytest.mark.django_db
def test_spam_that_a_person_confirmed_is_kept_for_thirty_days_to_the_second(aged):
    assert kinds_of(aged("spam", confirmed=True, days=30)) == []
    assert kinds_of(aged("spam", confirmed=True, days=30, seconds=1)) == ["erase"]


def test_a_note_or_a_correction_begins_the_time_anew(aged, reception):
    enquiry = aged("closed", days=1000)
    make(enquiry, "note", reception, note="They rang.", at=NOW)
    assert kinds_of(enquiry, NOW + timedelta(days=170)) == []
    assert kinds_of(enquiry, NOW + timedelta(days=190)) == ["erase"]


@real_database
def test_a_purge_erases_what_is_past_its_time_once_and_nothing_else(aged):
    past = [aged("closed", days=300), aged("waiting", days=300), aged("spam", confirmed=True, days=40)]
    kept = [
        aged("new", days=3000),
        aged("spam", days=3000),
        aged("closed", days=3),
        aged("closed", hold="x", days=3000),
    ]
    before = list(Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in kept]).order_by("pk").values())
    assert [erasing.purge(NOW), erasing.purge(NOW), erasing.purge(NOW + timedelta(days=1))] == [3, 0, 0]
    assert list(Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in kept]).order_by("pk").values()) == before
    assert Answers.objects.count() == len(kept)
    for enquiry in past:
        enquiry.refresh_from_db()
        assert enquiry.state == "erased"
        assert [event.verb for event in enquiry.events.all()] == ["received", "erased_retention"]


@real_database
def test_a_purge_that_breaks_off_goes_on_where_it_was(aged, monkeypatch):
    enquiries = [aged("closed", days=300 + number) for number in range(5)]
    erase, calls = erasing.erase, []

    def breaks(enquiry, **more):
        calls.append(enquiry)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return erase(enquiry, **more)

    with monkeypatch.context() as breaking:
        breaking.setattr(erasing, "erase", breaks)
        with pytest.raises(KeyboardInterrupt):
            erasing.purge(NOW)
    assert Enquiry.objects.filter(state="erased").count() == 2
    assert Answers.objects.count() == 3
    assert erasing.purge(NOW) == 3
    assert EnquiryEvent.objects.filter(verb="erased_retention").count() == len(enquiries)


@pytest.fixture
def during_a_purge(aged, monkeypatch):
    """during_a_purge(act) purges three enquiries, and does act(the second) when the first has gone: their states."""

    def purge(act):
        enquiries, erase, done = [aged("closed", days=300) for _ in range(3)], erasing.erase, []

        def interrupted(enquiry, **more):
            erase(enquiry, **more)
            if not done:
                done.append(enquiry)
                act(enquiries[1])

        monkeypatch.setattr(erasing, "erase", interrupted)
        erasing.purge(NOW)
        assert done == enquiries[:1]
        return [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries]

    return purge


@real_database
def test_a_hold_that_is_set_during_a_purge_keeps_its_enquiry_and_stops_no_other(during_a_purge):
    def hold(enquiry):
        Enquiry.objects.filter(pk=enquiry.pk).update(hold_reason="claim")

    assert during_a_purge(hold) == ["erased", "closed", "erased"]


@real_database
def test_an_enquiry_that_comes_back_to_life_during_a_purge_is_not_erased(during_a_purge, reception):
    def reopen(enquiry):
        make(enquiry, "reopen", reception, note="They rang.", at=NOW)

    assert during_a_purge(reopen) == ["erased", "new", "erased"]


@real_database
def test_a_purge_that_meets_an_erasure_by_hand_erases_nothing_twice(during_a_purge):
    def erase_by_hand(enquiry):
        _erase(enquiry, why="request")

    assert during_a_purge(erase_by_hand) == ["erased"] * 3
    assert EnquiryEvent.objects.filter(verb__startswith="erased").count() == 3


_erase = erasing.erase  # itself, also where a test has put something in front


@pytest.mark.django_db
def test_a_fault_in_the_middle_of_one_erasure_leaves_that_enquiry_whole(worked_on, monkeypatch):
    before = list(Enquiry.objects.values()), list(Answers.objects.values()), list(EnquiryEvent.objects.values())

    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(Enquiry, "record", fails)  # the last thing that an erasure does
    with pytest.raises(RuntimeError):
        erasing.erase(worked_on, why="request")
    assert (
        list(Enquiry.objects.values()),
        list(Answers.objects.values()),
        list(EnquiryEvent.objects.values()),
    ) == before


@pytest.mark.django_db
def test_a_dry_run_lists_and_changes_nothing(aged):
    aged_now = timezone.now()
    past = [aged("closed", aged_now, days=300), aged("spam", aged_now, confirmed=True, days=40)]
    nobody, young, held = (
        aged("new", aged_now, days=300),
        aged("closed", aged_now),
        aged("closed", aged_now, hold="x", days=300),
    )
    tables = (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    printed = io.StringIO()
    call_command("purge_enquiries", "--dry-run", stdout=printed)
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    stays, to_erase = printed.getvalue().split("2 to erase")
    assert "1 past that time, but nobody has dealt with them" in stays
    assert nobody.reference in stays
    assert [enquiry.reference in to_erase for enquiry in past] == [True, True]
    assert not {young.reference, held.reference} & set(printed.getvalue().split())
    assert "Kept for 6 months" in stays
    assert "Maria" not in printed.getvalue()


@real_database
def test_without_a_dry_run_it_erases_what_it_lists(aged):
    past = aged("closed", timezone.now(), days=300)
    printed = io.StringIO()
    call_command("purge_enquiries", stdout=printed)
    assert past.reference in printed.getvalue()
    assert "1 erased" in printed.getvalue()
    past.refresh_from_db()
    assert past.state == "erased"


@real_database
def test_the_tick_purges_once_a_night(aged):
    first = aged("closed", days=300)
    tick(NOW)
    second = aged("closed", days=300)
    for minutes in (1, 60, 600):
        tick(NOW + timedelta(minutes=minutes))
    assert states_of(first, second) == ["erased", "closed"]
    tick(NOW + timedelta(hours=13))  # past midnight
    assert states_of(first, second) == ["erased", "erased"]


def states_of(*enquiries):
    return [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries]


@real_database
def test_the_tick_forgets_the_counts_of_addresses():
    for hours in (1, 2, 3, 300):
        AddressCount.objects.create(digest="x", hour=NOW - timedelta(hours=hours))
    tick(NOW)
    assert {(NOW - count.hour) / timedelta(hours=1) for count in AddressCount.objects.all()} == {1, 2}


@real_database
def test_a_night_that_broke_off_is_finished_by_the_next_tick_or_night(aged, monkeypatch):
    enquiry = aged("closed", days=300)
    with monkeypatch.context() as breaking:
        breaking.setattr(erasing, "erase", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tick(NOW)
    tick(NOW + timedelta(hours=24))
    assert states_of(enquiry) == ["erased"]


@pytest.mark.django_db
def test_an_erasure_of_what_is_held_says_so_whoever_asks(make_enquiry):
    enquiry = make_enquiry()
    Enquiry.objects.update(hold_reason="claim")
    with pytest.raises(ValidationError, match="is held: claim"):
        erasing.erase(enquiry, why="retention")


_AGE_ALL = (
    "UPDATE enquiries_enquiry SET state = 'closed', outcome = 'no_response', "
    "last_activity_at = '2020-01-01 00:00:00+00:00'"
)
_COUNT_ERASED = "SELECT count(*) FROM enquiries_enquiry WHERE state = 'erased'"


@pytest.mark.full
def test_a_purge_that_is_killed_leaves_whole_enquiries_and_tombstones_and_the_next_finishes(kept):
    names = crowded(kept, 300)
    kept.manage("shell", "-v0", "-c", f"from django.db import connection; connection.cursor().execute({_AGE_ALL!r})")
    command = [sys.executable, "manage.py", "purge_enquiries"]
    with subprocess.Popen(command, cwd=kept.project, env=kept.env, stdout=subprocess.DEVNULL) as purge:
        until(lambda: rows(kept, _COUNT_ERASED)[0][0] >= 20, "it has begun")
        purge.send_signal(signal.SIGKILL)
    [(gone,)] = rows(kept, _COUNT_ERASED)
    assert 20 <= gone < 300, "it was killed in the middle"
    half_gone = "(state = 'erased') = (answers_id IS NOT NULL)"
    assert rows(kept, f"SELECT count(*) FROM enquiries_enquiry WHERE {half_gone}") == [(0,)]
    orphans = "SELECT count(*) FROM enquiries_answers a JOIN enquiries_enquiry e ON a.enquiry_id = e.id WHERE e.state = 'erased'"
    assert rows(kept, orphans) == [(0,)]
    assert f"{300 - gone} erased" in kept.manage("purge_enquiries")
    assert found_in(on_disk(kept), names) == {}
