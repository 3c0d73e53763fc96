"""One exact wording of an article, and who wrote it."""

from dataclasses import replace

from django.conf import settings
from django.db import models
from django.utils import timezone

from siweb.articles.text import front_matter

from .decision import Decision, last_check, standing, when


class Revision(models.Model):
    """One exact wording, in its canonical form. Insert-only."""

    class Source(models.TextChoices):
        FILE = "file", "from a file"
        STAFF = "staff", "written in the admin"
        MERGE = "merge", "file and staff text brought together"

    article = models.ForeignKey("Article", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    text = models.TextField()
    source = models.CharField(max_length=5, choices=Source)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    merged = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("what changed, and why", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(source="merge", merged__isnull=False)
                | ~models.Q(source="merge") & models.Q(merged__isnull=True),
                name="only_a_merge_has_two_parents",
            ),
            models.CheckConstraint(
                condition=models.Q(source="file", author__isnull=True)
                | ~models.Q(source="file") & models.Q(author__isnull=False),
                name="staff_texts_have_an_author",
            ),
        ]

    def __str__(self):
        return f"{self.article_id} revision {self.number}"

    @property
    def parsed(self):
        """Its Text; lines are counted in the body alone, as the editor shows it."""
        return replace(front_matter.read_stored(self.text), body_line=1)

    @property
    def approval(self):
        """The decision by which this text is approved now, or None."""
        return standing(self.decisions.all())

    @property
    def is_approved(self):
        return self.approval is not None

    @property
    def last_check(self):
        """The newest approval or confirmation of an approved text, or None."""
        return last_check(list(self.decisions.all()))

    @property
    def second_reader(self):
        """Who has read a text that its own writer approved, where the clinic has one clinician; None for all others."""
        if not (self.approval and self.approval.own_text):
            return None
        before = when(self.approval)
        read = [d for d in self.decisions.all() if d.kind == Decision.Kind.READ and when(d) < before]
        return max(read, key=when).by if read else None

    @property
    def urgent_since(self):
        """When it was published without a second person, for as long as no clinician has confirmed it; else None."""
        urgent = [decision for decision in self.decisions.all() if decision.kind == Decision.Kind.URGENT]
        return urgent[0].at if urgent and not self.is_approved else None
