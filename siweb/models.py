"""The site's version: one number that moves whenever anything that readers see has changed."""

from django.db import models
from django.db.models import F


class SiteVersion(models.Model):
    """One row. Page caches and the search index compare its number with the one they were made from."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_site_version")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        return cls.objects.values_list("number", flat=True).get(pk=1)

    @classmethod
    def move(cls):
        """Call it inside the transaction that changes what readers see, so that both are seen together."""
        cls.objects.filter(pk=1).update(number=F("number") + 1)

    @classmethod
    def lock(cls):
        """Hold the row until the transaction ends: one import, one publication at a time."""
        cls.objects.select_for_update().get(pk=1)
