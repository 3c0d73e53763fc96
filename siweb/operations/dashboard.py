"""What a practice manager has to know about the automatic jobs: which failed, and whether they run at all."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from siweb.core.dashboard import Item, Section
from siweb.core.models import JobRun

LATE = timedelta(minutes=10)
ASK = "Ask the person who looks after the server."


def sections(user):
    if user.has_perm("enquiries.manage_enquiries"):
        yield Section("Automatic jobs", list(_problems()))


def _problems():
    last = JobRun.last_success()
    if last and timezone.now() - last > LATE:
        yield Item(
            f"Not run since {_moment(last)}", detail=f"No e-mail is sent and nothing is erased. {ASK}", is_late=True
        )
        return
    for run in JobRun.objects.exclude(failed_at=None).order_by("name"):
        times = f"{run.failures} times in a row, last" if run.failures > 1 else "once,"
        detail = f"It failed {times} on {_moment(run.failed_at)}: {run.problem}. It is tried again automatically. {ASK}"
        yield Item(run.name, detail=detail.replace("..", "."))


def _moment(moment):
    return date_format(timezone.localtime(moment), "j F Y, H:i")
