"""Texts that are shown at a time that was set: showing them when it comes, and saying so when nobody does."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siweb.articles.models import Article, Decision
from siweb.articles.models.decision import when
from siweb.articles.text.front_matter import BadText
from siweb.core import clock
from siweb.core.models import JobRun, SiteVersion

from . import held
from .workflow import BY_KIND, State, refusal, show_readers, state_of

log = logging.getLogger(__name__)

KIND = Decision.Kind
LATE = timedelta(minutes=10)


def due(now):
    """The schedules whose time has come: of each text the last that was set, unless it was cancelled."""
    passed = Decision.objects.filter(kind=KIND.SCHEDULE, publish_at__lte=now, revision=F("revision__article__head"))
    passed = passed.select_related("revision__article", "by").prefetch_related("revision__decisions")
    return [schedule for schedule in passed.order_by("publish_at") if _is_current(schedule, schedule.revision)]


def _is_current(schedule, revision):
    """Whether a schedule is the newest of its text and still counts; `revision` brings the decisions to go by."""
    decisions = list(revision.decisions.all())
    newest = max((d for d in decisions if d.kind == KIND.SCHEDULE), key=when)
    return schedule == newest and state_of(revision.article, revision, decisions) == State.SCHEDULED


def publish_due(now=None):
    """Show the texts whose time has come; how many. One that fails never stops the others."""
    now = now or timezone.now()
    shown = 0
    for schedule in due(now):
        try:
            shown += _publish(schedule, now)
        except Exception as fault:
            log.error("a scheduled text was not shown, and is tried again: %s", type(fault).__name__)
    return shown


@transaction.atomic
def _publish(schedule, now):
    """Show one text; whether it is shown. One that cannot be shown any more is cancelled, with the reason.

    One that would not be what was approved waits until a clinician has confirmed it.
    """
    SiteVersion.lock()
    article = Article.objects.select_for_update().get(pk=schedule.revision.article_id)
    revision = article.revisions.get(pk=schedule.revision_id)
    if not _is_current(schedule, revision):  # read again under the lock: it may have been cancelled since
        return False
    if held.changed_since_approval(article, revision):
        return False
    try:
        if problem := refusal(article, revision, BY_KIND[KIND.PUBLISH], schedule.by):
            raise ValidationError(problem)
        with transaction.atomic():
            show_readers(article, revision, KIND.PUBLISH, schedule.by, now, {"note": "as scheduled"})
    except (BadText, ValidationError) as problem:
        said = "; ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        Decision.objects.create(revision=revision, kind=KIND.CANCEL, at=now, note=f"It could not be shown: {said}")
        return False
    return True


def lateness(now=None):
    """A sentence for staff when a text should have been shown a while ago, or ""."""
    now = now or timezone.now()
    late = [s for s in due(now - LATE) if not held.changed_since_approval(s.revision.article, s.revision)]
    if not late:
        return ""
    texts = "A scheduled text is" if len(late) == 1 else f"{len(late)} scheduled texts are"
    if clock.is_in_doubt(now):
        return (
            f"{texts} over 10 minutes late: a practice manager has to confirm the site’s clock first, on the dashboard."
        )
    ran = JobRun.last_success()
    last = f"last ran {timezone.localtime(ran):%-d %B at %H:%M}" if ran else "has never run"
    return f"{texts} over 10 minutes late. The scheduler {last}. Is “manage.py tick” running?"
