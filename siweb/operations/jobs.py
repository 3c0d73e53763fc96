"""What the site does automatically, as one table: each job runs, fails and is recorded on its own.

A job that fails stops no other. It is tried again in the next minute, one that is done once a day after RETRY_AFTER.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import Error, connection
from django.utils import timezone

from siweb.accounts import lockout
from siweb.articles.editorial import notices, publishing, reminders, scheduling
from siweb.articles.linting import background
from siweb.core import clock
from siweb.core.models import A_DAY, JobRun
from siweb.enquiries.casework import stale_claims
from siweb.enquiries.intake import spam
from siweb.enquiries.mail import daily_digest, outbox
from siweb.enquiries.privacy import certificate, erasure
from siweb.enquiries.privacy.clock_doubt import clock_doubt
from siweb.enquiries.privacy.disk_space import NoRoomError

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Job:
    """`name` is what staff read on the dashboard, `run` is called with the time.

    A job that `needs_clock` waits while the clock is in doubt: what it does by a wrong one cannot be taken back.
    """

    name: str
    run: Callable[[datetime], object]
    daily: bool = False
    needs_clock: bool = False

    def is_due(self, now, run):
        """Whether it is to run; `run` is the JobRun of the last time, or None."""
        if run is None or not self.daily:
            return True
        if run.failed_at and abs(now - run.failed_at) < RETRY_AFTER:
            return False
        today = timezone.localdate(now)
        return not (run.ran_at and today <= timezone.localdate(run.ran_at) <= today + A_DAY)


def _erase_expired(now):
    count = erasure.purge(now, most=erasure.left_for_tonight())
    log.info("nightly: %s enquiries erased", count)


JOBS = (
    Job("Send e-mails", lambda now: outbox.send_due(now)),
    Job("Publish scheduled texts", lambda now: scheduling.publish_due(now), needs_clock=True),
    Job("Release stale claims", lambda now: stale_claims.release_stale(now), needs_clock=True),
    Job("Finish erasures", lambda now: certificate.finish_all()),
    Job("Forget counts of addresses", lambda now: spam.forget(now)),
    Job("Forget sign-in attempts", lambda now: lockout.forget_old_attempts(now)),
    Job("Forget expired sessions", lambda now: call_command("clearsessions"), daily=True),
    Job("Erase expired enquiries", _erase_expired, daily=True, needs_clock=True),
    Job("Remind clinicians", lambda now: reminders.send_due(now), needs_clock=True),
    Job("Notify approvers", lambda now: notices.send_due(now), needs_clock=True),
    Job("Send the daily e-mail", lambda now: daily_digest.send_due(now)),
    Job("Check live texts", lambda now: background.advise(get_context=publishing.live_surroundings)),
)


def run_due(now=None):
    """Run every job that is due, and return the names of those that failed. Raises where the database is away."""
    now = now or timezone.now()
    last, is_believed = {run.name: run for run in JobRun.objects.all()}, _believe_clock(now)
    due = [job for job in JOBS if (is_believed or not job.needs_clock) and job.is_due(now, last.get(job.name))]
    return [job.name for job in due if not _run(job, now)]


def _run(job, now):
    """Whether it ran to its end."""
    try:
        job.run(now)
    except Exception as fault:
        log.exception("the job “%s” failed", job.name)
        connection.close_if_unusable_or_obsolete()
        JobRun.record_failure(job.name, now, _describe(fault))
        return False
    JobRun.record_success(job.name, now)
    return True


def _describe(fault):
    """What staff may read about a fault. Others than our own could quote what a patient wrote."""
    return " ".join(fault.messages) if isinstance(fault, NoRoomError) else type(fault).__name__


def _believe_clock(now):
    """Whether the clock can be believed; a check that fails stops only the jobs that need it."""
    try:
        if clock_doubt(now):
            return False
        clock.believe(now)
    except Error:
        raise
    except Exception:
        log.exception("the clock could not be checked")
        return False
    return True
