"""Whether the site's clock can be believed: what a wrong one erases or publishes cannot be taken back.

The job runner records when it last ran by a clock that it believed. A clock that is further from that than MAX_GAP has
jumped, or the site was switched off: nobody but a person can tell which.
"""

from datetime import timedelta

from django.utils import timezone

from .models import Chore

CLOCK = "clock"
MAX_GAP = timedelta(hours=36)


def last_believed():
    """When the jobs last ran by a clock that was believed, or None."""
    return Chore.objects.filter(name=CLOCK).values_list("at", flat=True).first()


def is_in_doubt(now):
    """Whether `now` is too far from the last run of the jobs. A site where they have never run has nothing to compare."""
    last = last_believed()
    return last is not None and abs(now - last) > MAX_GAP


def believe(now):
    Chore.objects.update_or_create(name=CLOCK, defaults={"day": timezone.localdate(now), "at": now})
