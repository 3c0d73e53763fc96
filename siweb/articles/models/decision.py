"""What people decided about a text, which pages they say that they have read, and the wordings that a clinician proposed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

STAFF = settings.AUTH_USER_MODEL


class Decision(models.Model):
    """One step of one revision, by a named person (or, without one, by the site itself). Insert-only."""

    class Kind(models.TextChoices):
        REQUEST = "request", "sent for review"
        WITHDRAW = "withdraw", "taken back from review"
        READ = "read", "read by a second person"
        ASK = "ask", "changes asked for"
        APPROVE = "approve", "approved"
        SCHEDULE = "schedule", "scheduled"
        CANCEL = "cancel", "schedule cancelled"
        REPLACE = "replace", "replaced by a newer version"
        PUBLISH = "publish", "published"
        URGENT = "urgent", "published as an urgent correction"
        CONFIRM = "confirm", "confirmed still correct"
        QUOTE = "quote", "checked a part that had changed"
        RETIRE = "retire", "retired"

    revision = models.ForeignKey("Revision", models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(STAFF, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    advice = models.JSONField(
        default=dict
    )  # of a request that left some standing: {"reason": …, "found": [[line, message], …]}
    publish_at = models.DateTimeField(null=True, blank=True)  # of a schedule
    review_due = models.DateField(null=True, blank=True)  # of an approval or a confirmation: the next check
    quotes = models.JSONField(default=dict)  # {quote: digest} of what it checked: all that the page showed, or a part
    own_text = models.BooleanField(default=False)  # by somebody who wrote part of it

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="schedule", publish_at__isnull=False)
                | ~Q(kind="schedule") & Q(publish_at__isnull=True),
                name="a_schedule_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["approve", "confirm"], review_due__isnull=False)
                | ~Q(kind__in=["approve", "confirm"]) & Q(review_due__isnull=True),
                name="a_check_says_when_the_next_is_due",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind__in=["cancel", "replace"]), name="a_decision_has_a_person"
            ),
        ]

    def __str__(self):
        return f"{self.revision_id}: {self.kind}"


def when(decision):
    """What decisions are ordered by: two of one moment by their numbers."""
    return decision.at, decision.pk


def standing(decisions):
    """The approval that stands among the decisions about one revision, or None: asking for changes takes it away."""
    verdicts = [d for d in decisions if d.kind in (Decision.Kind.APPROVE, Decision.Kind.ASK)]
    newest = max(verdicts, key=when, default=None)
    return newest if newest and newest.kind == Decision.Kind.APPROVE else None


def last_check(decisions):
    """The newest approval or confirmation of a whole text among the decisions about it, or None when none stands."""
    return max((d for d in decisions if d.review_due), key=when, default=None) if standing(decisions) else None


def pending(decisions):
    """The decision by which a version that is not live is on its way to readers, or None: the newest, unless it ended that."""
    kinds = Decision.Kind
    ends = (kinds.WITHDRAW, kinds.ASK, kinds.REPLACE, kinds.PUBLISH, kinds.URGENT, kinds.RETIRE)
    newest = max(decisions, key=when, default=None)
    return None if newest is None or newest.kind in ends else newest


class Reading(models.Model):
    """That somebody says that they have read a version, as the very page that it made. Insert-only."""

    revision = models.ForeignKey("Revision", models.PROTECT, related_name="readings")
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    page_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["revision", "by"], name="reading_of_by")]

    def __str__(self):
        return f"{self.revision_id} read by {self.by_id}"


class Proposal(models.Model):
    """Other words for a passage, from a clinician who reviews it: theirs only once an editor has taken them in."""

    class Outcome(models.TextChoices):
        OPEN = "", "open"
        ACCEPTED = "accepted", "taken in"
        DECLINED = "declined", "not taken in"

    revision = models.ForeignKey("Revision", models.PROTECT, related_name="proposals")
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    passage = models.TextField()  # as it stands in the revision's body
    wording = models.TextField()
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)  # why it was not taken in
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_proposal_is_open_or_decided",
            )
        ]

    def __str__(self):
        return f"proposal for {self.revision_id}"
