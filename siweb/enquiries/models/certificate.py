"""The proof of an erasure that somebody asked for."""

from django.db import models
from django.utils import timezone

from .enquiry import Enquiry


class Certificate(models.Model):
    """What was erased, by whom and when, and what the search for traces found. It holds no personal data in the end.

    Until the search is done, `sought` holds the texts that it looks for, encrypted (siweb/core/sealing.py).
    """

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="certificate")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150, blank=True)  # the member of staff, or "" for the command
    went = models.JSONField()  # in words that name nobody
    complaints = models.JSONField()  # that stay, as [number, whether it is open]
    sought = models.TextField(blank=True)
    found = models.JSONField(default=dict)
    searched_at = models.DateTimeField(null=True, blank=True)  # None until the sweep and the search are done

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"erasure of {self.enquiry_id}"
