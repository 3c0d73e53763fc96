"""Uploaded pictures: a name that texts use, and the sizes in which it is served."""

from django.conf import settings
from django.db import models
from django.utils import timezone

WIDTHS = (480, 960)  # in pixels, of the sizes below the largest rendition


class Picture(models.Model):
    """What `![…](name)` shows now. Another picture may take the name over; pages that showed the old one keep theirs."""

    name = models.SlugField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)  # of its largest rendition's bytes
    alt = models.CharField("what it shows", max_length=125, blank=True)
    width = models.PositiveSmallIntegerField()  # of the largest rendition, in pixels
    height = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=3, choices=[("jpg", "JPEG"), ("png", "PNG")])
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody: a file brought it
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self):
        return self.name

    @property
    def widths(self):
        return widths_up_to(self.width)

    def address(self, width=None):
        return f"/pictures/{self.digest}-{width or self.width}.{self.kind}"

    @property
    def small(self):
        """The address of its smallest rendition."""
        return self.address(self.widths[0])


def widths_up_to(largest):
    """The widths in which a picture of that width is served, in pixels."""
    return [*(width for width in WIDTHS if width < largest), largest]


class Rendition(models.Model):
    """One picture in one size, as it is sent. A digest says which picture, so its bytes never change."""

    digest = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=3)
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "width"], name="one_rendition_a_width")]

    def __str__(self):
        return f"{self.digest[:12]} at {self.width}"
