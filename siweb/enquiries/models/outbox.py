"""The queue of e-mails."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .enquiry import Enquiry
from .event import EnquiryEvent

LONGEST_WAIT = timedelta(days=2)  # between two attempts


class OutboxQuerySet(models.QuerySet):
    def due(self, now):
        """What is to be sent now, and what was queued by a clock that was ahead: no e-mail waits longer than LONGEST_WAIT."""
        is_time = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + LONGEST_WAIT)
        return self.filter(is_time, state=Outbox.State.QUEUED).order_by("next_try_at", "id")

    def failed(self):
        """What could not be sent about an enquiry that somebody can still do something for."""
        return self.filter(state=Outbox.State.FAILED, enquiry__state__in=Enquiry.OPEN)


class Outbox(models.Model):
    """An e-mail to send: its kind and whose enquiry, never its text, its address or a token (outbox.py sends it)."""

    class Kind(models.TextChoices):
        NEW_ENQUIRY = "new_enquiry", "to the clinic: a new enquiry"
        ACKNOWLEDGEMENT = "acknowledgement", "to the patient: we have your enquiry"
        LETTER = "letter", "to the patient: what a colleague wrote"
        URGENT = "urgent", "to a clinician: urgent"

    TO_PATIENT = (Kind.ACKNOWLEDGEMENT, Kind.LETTER)

    class State(models.TextChoices):
        QUEUED = "queued", "not sent yet"
        SENT = "sent", "sent"
        FAILED = "failed", "could not be sent"

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="outbox")
    kind = models.CharField(max_length=15, choices=Kind)
    letter = models.ForeignKey(EnquiryEvent, models.PROTECT, null=True, blank=True, related_name="+")  # holds its words
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(
        max_length=60, blank=True
    )  # a kind of error, never a server's words: those can hold addresses

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outbox"
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="outbox_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="outbox_sent_means_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="letter", letter__isnull=False) | ~Q(kind="letter") & Q(letter__isnull=True),
                name="outbox_letter_has_words",
            ),
            models.CheckConstraint(
                condition=Q(kind="urgent", recipient__isnull=False) | ~Q(kind="urgent") & Q(recipient__isnull=True),
                name="outbox_urgent_has_recipient",
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.enquiry_id}"
