"""Why the last import of the files was refused."""

from django.db import models
from django.utils import timezone


class Refusal(models.Model):
    """One row from the refusal of an import until the next one that is taken; the site goes on with what it had."""

    text = models.TextField()  # file, line and fix of every problem
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_refusal")]

    def __str__(self):
        return self.text
