"""Nothing of an erased enquiry is left: no byte on the disk, no row, no sample that the database took of it."""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import SAID
from tests.support.serving import Site, until
from tests.support.visiting import database_of, rows

SQLITE = connection.vendor == "sqlite"

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
from siweb.enquiries.intake import submission
from siweb.enquiries.casework import workflow
said = json.loads({said!r})
def receive(**changes):
    return submission.receive(uuid.uuid4(), said | changes, clinic=Clinic.current(), address=str(uuid.uuid4()))
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
submission.correct(enquiry, {{"words": "Quillsecond", "email": "quillnewmail@patient.example"}}, via="form")
enquiry.refresh_from_db()
submission.correct(enquiry, {{"phone": "+441614960778", "phone_raw": "0161 496 0778"}}, via="link")
move("wait", note="Quillwait", until=timezone.now() + timedelta(days=1))
for number in range(30):
    receive(name=f"After {{number}}", email=f"after{{number}}@patient.example", words="After. " * number * 10)
print(enquiry.reference)
"""


@pytest.fixture
def kept(tmp_path):
    """A site's real database, without its server."""
    site = Site(tmp_path, fresh=True)
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


@pytest.mark.slow
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
from siweb.enquiries.intake import submission
said, chance = json.loads({said!r}), random.Random(7)
for number in range({count}):
    mark = f"Crowd{{uuid.uuid4().hex}}"
    phone = str(chance.randrange(10**9, 10**10))
    enquiry = submission.receive(
        uuid.uuid4(),
        said | {{"name": mark, "email": f"{{mark}}@patient.example", "phone": f"+44{{phone}}", "phone_raw": phone}}
        | {{"words": f"{{mark}} " * chance.choice([0, 1, 5, 20, 60, 100])}},
        clinic=Clinic.current(), address=str(number),
    )
    if chance.random() < 0.3:
        submission.correct(enquiry, {{"words": f"{{mark}} " * chance.randrange(100)}}, via="form")
    enquiry.record("note", note=f"{{mark}} " * chance.choice([1, 10, 50]))
"""

_ERASE_SOME = """
from siweb.enquiries.privacy import erasure
from siweb.enquiries.models import Enquiry
for enquiry in sorted(Enquiry.objects.all(), key=lambda enquiry: enquiry.pk.hex)[::{step}]:
    erasure.erase(enquiry, why="request")
erasure.sweep()
"""


def crowded(site, count):
    """Fill it with people, each with one word that stands in all their texts, and return those words."""
    site.manage("shell", "-v0", "-c", _CROWD.format(said=json.dumps(SAID), count=count))
    marks = names_in(site)
    assert len(marks) == count
    return marks


def names_in(site):
    return {name for (name,) in rows(site, "SELECT name FROM enquiries_answers")}


@pytest.mark.slow
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
def test_without_secure_delete_and_the_sweep_copies_would_be_left(kept):
    """The control: looking at the bytes does see what is left."""
    everybody = crowded(kept, 50)
    insecure = "from django.db import connection; connection.cursor().execute('PRAGMA secure_delete=OFF')"
    kept.manage("shell", "-v0", "-c", insecure + _ERASE_SOME.format(step=1).replace("erasure.sweep()", ""))
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


_AGE_ALL = (
    "UPDATE enquiries_enquiry SET state = 'closed', outcome = 'no_response', owner_id = NULL, follow_up_at = NULL, "
    "last_activity_at = '2020-01-01 00:00:00+00:00'"
)
_COUNT_ERASED = "SELECT count(*) FROM enquiries_enquiry WHERE state = 'erased'"


@pytest.mark.full
def test_a_purge_that_is_killed_leaves_whole_enquiries_and_tombstones_and_the_next_finishes(kept):
    names = crowded(kept, 300)
    kept.manage("shell", "-v0", "-c", f"from django.db import connection; connection.cursor().execute({_AGE_ALL!r})")
    command = [sys.executable, "manage.py", "purge_enquiries", "--clock-is-right"]
    with subprocess.Popen(command, cwd=kept.project, env=kept.env, stdout=subprocess.DEVNULL) as purge:
        until(lambda: rows(kept, _COUNT_ERASED)[0][0] >= 20, "it has begun")
        purge.send_signal(signal.SIGKILL)
    [(gone,)] = rows(kept, _COUNT_ERASED)
    assert 20 <= gone < 300, "it was killed in the middle"
    half_gone = "(state = 'erased') = (answers_id IS NOT NULL)"
    assert rows(kept, f"SELECT count(*) FROM enquiries_enquiry WHERE {half_gone}") == [(0,)]
    orphans = "SELECT count(*) FROM enquiries_answers a JOIN enquiries_enquiry e ON a.enquiry_id = e.id WHERE e.state = 'erased'"
    assert rows(kept, orphans) == [(0,)]
    assert f"{300 - gone} erased" in kept.manage("purge_enquiries", "--clock-is-right")
    assert found_in(on_disk(kept), names) == {}
    receipts = rows(kept, "SELECT count FROM enquiries_deskevent WHERE verb = 'purged' ORDER BY id")
    assert receipts == [(gone,), (300 - gone,)], "the run that was killed has its receipt too"


_HOLD_AND_COMPLAIN = """
from datetime import date
from django.contrib.auth.models import User
from siweb.enquiries.privacy import complaints, holds
from siweb.enquiries.models import Complaint, Enquiry
rita = User.objects.get(username="rita")
enquiry = Enquiry.objects.get(reference={reference!r})
for what in ("hold", "keep", "lift"):
    enquiry = holds.act(enquiry, what, version=enquiry.version, by=rita, reason="Quillhold " + what)
said = dict(received_on=date(2020, 1, 1), route="letter", name="Quillplainant", contact="quillmail@patient.example")
complaint = Complaint(**said, words="Quillgrievance " * 90)
complaints.save(complaint, by=rita)
complaint.words = "Quillcorrected " * 90
complaint.acknowledged_on = complaint.closed_on = date(2020, 1, 9)
complaint.outcome = "Quilloutcome"
complaints.save(complaint, by=rita, version=1)
"""

_MORE = ["Quillhold", "Quillplainant", "Quillcorrected", "Quilloutcome"]


@pytest.mark.slow
def test_after_a_night_not_a_byte_is_left_of_what_was_past_its_time_holds_and_complaints_too(kept):
    reference = filled(kept)
    kept.manage("shell", "-v0", "-c", _HOLD_AND_COMPLAIN.format(reference=reference))
    kept.manage("shell", "-v0", "-c", f"from django.db import connection; connection.cursor().execute({_AGE_ALL!r})")
    assert set(found_in(on_disk(kept), [*MARKERS, *_MORE])) == {*MARKERS, *_MORE}, "the control: all of it was there"
    assert "61 erased" in kept.manage("purge_enquiries", "--clock-is-right")
    after = on_disk(kept)
    assert found_in(after, [*MARKERS, *_MORE, "Quillgrievance", "before29@", "after29@"]) == {}
    assert reference.encode() in after
