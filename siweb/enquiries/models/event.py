"""What was done and who looked: written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from siweb.core.models import name_of


class EnquiryEvent(models.Model):
    """What was done, and who looked. Insert-only but for erasure: once, the note becomes empty (siweb/core/insert_only.py)."""

    enquiry = models.ForeignKey("enquiries.Enquiry", models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)  # of staff, as it was then
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=11)
    to_state = models.CharField(max_length=11)
    note = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["actor", "at"], name="event_by_whom"),
            models.Index(fields=["at"], name="event_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(erased_at__isnull=True) | Q(note=""), name="event_erased_has_no_note")
        ]

    def __str__(self):
        return f"{self.enquiry_id} {self.verb}"


class DeskEvent(models.Model):
    """What was done at the desk that belongs to no one enquiry: lists shown, searches, exports, nights of erasing.

    It names enquiries by their references, which outlive them, and never quotes what somebody searched for.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)  # "": the site itself
    verb = models.CharField(max_length=20)
    about = models.CharField(max_length=1000, blank=True)  # in our words: which list, what kind of search, why
    references = models.JSONField(default=list)  # of the enquiries that were shown or erased
    count = models.PositiveIntegerField(default=0)  # how many, where they are too many to name

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["actor", "at"], name="desk_event_by_whom"),
            models.Index(fields=["verb", "at"], name="desk_event_by_verb"),
        ]

    def __str__(self):
        return f"{self.actor_name} {self.verb} {self.about}"

    @classmethod
    def record(cls, verb, *, actor=None, about="", references=(), count=None, at=None):
        references = list(references)
        return cls.objects.create(
            verb=verb,
            actor=actor,
            actor_name=name_of(actor),
            about=about,
            references=references,
            count=len(references) if count is None else count,
            at=at or timezone.now(),
        )
