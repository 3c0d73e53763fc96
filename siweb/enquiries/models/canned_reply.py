"""Letters that reception sends often, kept by the practice manager."""

import re

from django.core.exceptions import ValidationError
from django.db import models

PLACEHOLDERS = ("name", "reference")
_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def validate_placeholders(text):
    """Raise ValidationError where a text asks for something that is not filled in."""
    known = " and ".join(f"{{{{{name}}}}}" for name in PLACEHOLDERS)
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            raise ValidationError(f"{{{{{name}}}}} is not filled in. Use only {known}.")
    if re.search(r"\{\{|\}\}", _PLACEHOLDER.sub("", text)):
        raise ValidationError(f"A placeholder is not whole. Write {known}, with both pairs of brackets.")


class CannedReply(models.Model):
    title = models.CharField(max_length=80, unique=True, help_text="What reception chooses it by")
    subject = models.CharField(max_length=120, validators=[validate_placeholders])
    body = models.TextField(
        validators=[validate_placeholders],
        help_text="{{name}} and {{reference}} are filled in. Write nothing about anybody's health.",
    )
    in_use = models.BooleanField(default=True, help_text="Untick to keep it from being chosen")

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "canned replies"
        default_permissions = ()

    def __str__(self):
        return self.title

    def filled(self, **values):
        """(subject, body) with the placeholders filled in: filled(name=…, reference=…)."""

        def fill(text):
            return _PLACEHOLDER.sub(lambda found: values[found[1]], text)

        return fill(self.subject), fill(self.body)
