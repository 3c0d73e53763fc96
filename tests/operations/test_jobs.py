"""The automatic jobs: each runs and fails on its own, and a practice manager sees which failed and since when."""

import html
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from siweb.articles.editorial import scheduling
from siweb.core import clock
from siweb.core.models import JobRun
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import AddressCount
from siweb.enquiries.privacy import disk_space, erasure
from siweb.operations import jobs
from siweb.operations.jobs import JOBS, run_due
from tests.conftest import NOON as NOW

# VACUUM, which erasing ends with on PostgreSQL, does not run inside a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stub(monkeypatch):
    """stub(first=…, second=…) makes these functions the site's only jobs."""

    def replace(**functions):
        monkeypatch.setattr(jobs, "JOBS", tuple(jobs.Job(name, run) for name, run in functions.items()))

    return replace


def fails(now):
    raise RuntimeError("words of Maria Example")


def dashboard(client, manager):
    client.force_login(manager)
    return html.unescape(client.get("/admin/").content.decode())


def test_each_job_of_the_site_runs_and_is_recorded():
    assert run_due(NOW) == []
    assert {run.name: run.ran_at for run in JobRun.objects.all()} == {job.name: NOW for job in JOBS}


@pytest.mark.parametrize("failing", range(len(JOBS)), ids=[job.name for job in JOBS])
def test_a_job_that_fails_stops_no_other(monkeypatch, failing):
    broken = [jobs.Job(job.name, fails if at == failing else job.run) for at, job in enumerate(JOBS)]
    monkeypatch.setattr(jobs, "JOBS", broken)
    assert run_due(NOW) == [JOBS[failing].name]
    assert JobRun.objects.filter(ran_at=NOW).count() == len(JOBS) - 1


def test_what_a_failing_job_had_begun_is_undone_and_what_others_did_stays(stub):
    def count(digest):
        AddressCount.objects.create(digest=digest, hour=NOW)

    @transaction.atomic
    def begins_and_fails(now):
        count("begun")
        raise OperationalError("database is locked")

    stub(before=lambda now: count("before"), broken=begins_and_fails, after=lambda now: count("after"))
    assert run_due(NOW) == ["broken"]
    assert set(AddressCount.objects.values_list("digest", flat=True)) == {"before", "after"}


def test_a_failure_is_recorded_without_the_words_of_the_fault_until_it_runs_again(stub, caplog):
    stub(work=fails)
    for minute in range(3):
        run_due(NOW + timedelta(minutes=minute))
    run = JobRun.objects.get()
    assert (run.failures, run.failed_at, run.ran_at, run.problem) == (
        3,
        NOW + timedelta(minutes=2),
        None,
        "RuntimeError",
    )
    assert "the job “work” failed" in caplog.text
    stub(work=lambda now: None)
    run_due(NOW + timedelta(minutes=3))
    run.refresh_from_db()
    assert (run.failures, run.failed_at, run.ran_at, run.problem) == (0, None, NOW + timedelta(minutes=3), "")


def test_a_daily_job_that_fails_is_tried_again_after_a_quarter_of_an_hour_and_runs_once(monkeypatch):
    clock.believe(NOW)
    calls, problems = [], [RuntimeError, RuntimeError]

    def sometimes(now, most=None):
        calls.append((now - NOW) // timedelta(minutes=1))
        if problems:
            raise problems.pop()
        return 0

    monkeypatch.setattr(erasure, "purge", sometimes)
    for minute in range(60):
        run_due(NOW + timedelta(minutes=minute))
    assert calls == [0, 15, 30]


def test_the_command_reports_a_failure_to_whatever_started_it(monkeypatch):
    monkeypatch.setattr(outbox, "send_due", fails)
    with pytest.raises(CommandError, match="Failed: Send e-mails"):
        call_command("tick")


def test_a_database_that_is_away_ends_the_round(stub, monkeypatch):
    ran = []
    monkeypatch.setattr(JobRun, "record_failure", fails_like_a_database)
    stub(first=fails_like_a_database, second=ran.append)
    with pytest.raises(OperationalError):
        run_due(NOW)
    assert ran == [], "each would wait for as long"


def fails_like_a_database(*_):
    raise OperationalError("connection refused")


# --- What a practice manager sees -------------------------------------------------------------------------------------


def test_the_dashboard_names_the_job_that_failed_since_when_and_why(client, manager, aged, monkeypatch):
    now = timezone.now()
    clock.believe(now)
    aged("closed", now, days=300)

    def refuse():
        raise disk_space.NoRoomError("There is too little room on the disk.")

    monkeypatch.setattr(disk_space, "check_room", refuse)
    monkeypatch.setattr(scheduling, "publish_due", fails)
    run_due(now)
    run_due(now)
    text = dashboard(client, manager)
    assert "Automatic jobs" in text
    assert "Erase expired enquiries" in text
    assert "It failed once, on" in text
    assert "There is too little room on the disk. It is tried again automatically." in text
    assert "Publish scheduled texts" in text
    assert "It failed 2 times in a row" in text
    assert "Maria" not in text
    monkeypatch.undo()
    run_due(now + timedelta(minutes=15))
    assert "Automatic jobs" not in dashboard(client, manager)


def test_the_dashboard_says_when_no_job_runs_at_all(client, manager, reception):
    assert "Automatic jobs" not in dashboard(client, manager), "a site that has only just begun"
    run_due(timezone.now() - timedelta(minutes=11))
    assert "Not run since" in dashboard(client, manager)
    assert "Automatic jobs" not in dashboard(client, reception)
