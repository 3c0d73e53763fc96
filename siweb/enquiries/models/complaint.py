"""Complaints about how the clinic uses people's data, by whatever way they came."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .enquiry import Enquiry

ACKNOWLEDGED_WITHIN = timedelta(days=30)  # as the Data (Use and Access) Act 2025 asks


class Complaint(models.Model):
    class Route(models.TextChoices):
        FORM = "form", "the enquiry form"
        EMAIL = "email", "e-mail"
        PHONE = "phone", "phone"
        LETTER = "letter", "letter"
        PERSON = "person", "in person"

    received_on = models.DateField(default=timezone.localdate)
    route = models.CharField("how it came", max_length=6, choices=Route)
    name = models.CharField(max_length=100)
    contact = models.CharField("phone or e-mail", max_length=254)
    words = models.TextField("what they complain of", max_length=4000)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, blank=True, related_name="complaints")
    acknowledged_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.TextField("what was done", max_length=4000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["received_on", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(outcome=""), name="complaint_closed_means_outcome"
            )
        ]

    def __str__(self):
        return f"complaint of {self.received_on}"

    @property
    def acknowledge_by(self):
        return self.received_on + ACKNOWLEDGED_WITHIN
