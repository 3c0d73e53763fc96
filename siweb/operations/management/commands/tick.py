"""Run every automatic job that is due (siweb/operations/jobs.py): send e-mails, publish scheduled texts, release stale claims,
remind clinicians, e-mail the clinic at the end of its day and, once a night, erase what is past the retention period.

`serve` keeps one of these beside the server. Several at once, on several machines, do nothing twice.
"""

import contextlib
import logging
import os
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection

from siweb.operations.jobs import run_due

log = logging.getLogger(__name__)

SECONDS = 60


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--beside", type=int, metavar="PID", help="go on every minute, while this parent lives")

    def handle(self, beside, **options):
        if beside:
            with contextlib.suppress(KeyboardInterrupt):
                _go_on(beside)
        elif failed := tick():
            raise CommandError(f"Failed: {', '.join(failed)}. The reasons are in the log and on the dashboard.")


def tick(now=None):
    """Everything that is due now; the names of the jobs that failed."""
    return run_due(now)


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
