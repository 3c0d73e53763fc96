"""What could be improved in the texts that readers see."""

from django.db import models


class Advice(models.Model):
    """What the checks advise about one text; without points when they find nothing. Made again when the checks change."""

    digest = models.CharField(max_length=64, unique=True)  # of the text
    made_with = models.CharField(max_length=64)  # digest of the checks
    points = models.JSONField(default=list)  # in words, in the order of the text

    class Meta:
        default_permissions = ()
        verbose_name_plural = "advice"

    def __str__(self):
        return f"{self.digest[:8]}: {len(self.points)} points"
