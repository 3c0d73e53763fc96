"""What the site does by itself: send mail that is owed, show texts when their time has come, give stale claims back, remind
clinicians of checks, and of versions that wait or were taken back, tell the clinic at the end of its day what waits, work out
advice and, once a night, erase what is past its time.

`serve` keeps one of these beside the server. Several at once, on several machines, do nothing twice.
"""

import contextlib
import logging
import os
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from siweb.accounts import lockout
from siweb.articles.editorial import notices, publishing, reminders, scheduling
from siweb.articles.linting import background
from siweb.core import clock
from siweb.core.models import Chore
from siweb.enquiries.casework import stale_claims
from siweb.enquiries.intake import spam
from siweb.enquiries.mail import daily_digest, outbox
from siweb.enquiries.privacy import certificate, erasure
from siweb.enquiries.privacy.clock_doubt import clock_doubt

log = logging.getLogger(__name__)

SECONDS = 60


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--beside", type=int, metavar="PID", help="go on every minute, while this parent lives")

    def handle(self, beside, **options):
        if not beside:
            tick()
            return
        with contextlib.suppress(KeyboardInterrupt):
            _go_on(beside)


def tick(now=None):
    """Everything that is due now."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    outbox.send_due(now)
    Chore.is_done("tick", today)
    certificate.finish_all()
    spam.forget(now)
    lockout.forget_old_attempts(now)
    if clock_doubt(now):
        log.warning("the clock is in doubt: nothing is erased or published until a practice manager confirms it")
    else:
        clock.believe(now)
        _do_what_a_wrong_clock_would_spoil(now, today)
    daily_digest.send_due(now)
    background.advise(get_context=publishing.live_surroundings)


def _do_what_a_wrong_clock_would_spoil(now, today):
    scheduling.publish_due(now)
    stale_claims.release_stale(now)
    if Chore.is_due("nightly", today):
        call_command("clearsessions")
        erased = erasure.purge(now, most=erasure.left_for_tonight())
        Chore.is_done("nightly", today)
        log.info("nightly: %s enquiries erased", erased)
    reminders.send_due(now)
    notices.send_due(now)


def _go_on(parent):
    while os.getppid() == parent:
        try:
            close_old_connections()
            tick()
        except Error as away:
            log.error("tick: the database is away: %s", type(away).__name__)
        except Exception:
            log.exception("tick failed")
        finally:
            connection.close()
        for _ in range(SECONDS):
            if os.getppid() != parent:
                return
            time.sleep(1)
