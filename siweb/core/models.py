"""The site's version, a number that moves whenever anything that readers see has changed; what is done once a day; how the
automatic jobs went; and what was done to the accounts of staff.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

NEVER = date.min  # the day of a chore that was begun and not done yet
A_DAY = timedelta(
    days=1
)  # how far a clock may have gone back: what was recorded further in the future was by a wrong one


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


class Chore(models.Model):
    """Something that is done once a day. Two processes may do it at once: it must be harmless to do twice."""

    name = models.CharField(max_length=20, unique=True)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)  # when it was last done, or begun

    def __str__(self):
        return f"{self.name} on {self.day}"

    @classmethod
    def is_due(cls, name, today, *, every=1):
        """Whether it was not done within `every` days, today included. Days in the future do not count."""
        first, last = today - (every - 1) * A_DAY, today + A_DAY
        return not cls.objects.filter(name=name, day__range=(first, last)).exists()

    @classmethod
    def is_done(cls, name, today, at=None):
        """Write it down afterwards: what was broken off is due again."""
        cls.objects.update_or_create(name=name, defaults={"day": today, "at": at or timezone.now()})

    @classmethod
    def claim(cls, name, now, wait):
        """Make it ours to do, unless somebody has begun within `wait`: in one statement, so that two cannot both be it."""
        before = now - wait
        cls.objects.get_or_create(name=name, defaults={"day": NEVER, "at": before})
        free = models.Q(at__lte=before) | models.Q(at__gt=now + A_DAY)
        return bool(cls.objects.filter(free, name=name).update(at=now))


class JobRun(models.Model):
    """When an automatic job last ran to its end, and whether it has failed since."""

    name = models.CharField(max_length=40, unique=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # None when it has run again since
    failures = models.PositiveIntegerField(default=0)  # in a row
    problem = models.CharField(max_length=400, blank=True)  # in words that quote nobody

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name

    @classmethod
    def record_success(cls, name, at):
        done = {"ran_at": at, "failed_at": None, "failures": 0, "problem": ""}
        cls.objects.update_or_create(name=name, defaults=done)

    @classmethod
    def record_failure(cls, name, at, problem):
        cls.objects.get_or_create(name=name)
        cls.objects.filter(name=name).update(failed_at=at, failures=F("failures") + 1, problem=problem[:400])

    @classmethod
    def last_success(cls):
        """When any job last ran to its end, or None."""
        return cls.objects.aggregate(last=models.Max("ran_at"))["last"]


def name_of(user):
    """The name of a member of staff as people read it and events keep it; "" for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""


class StaffAct(models.Model):
    """One thing that a member of staff did: written once (insert_only.py)."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=40)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.actor_name} {self.verb}"

    @classmethod
    def record(cls, verb, *, by, note="", **about):
        return cls.objects.create(actor=by, actor_name=name_of(by), verb=verb, note=note, **about)


class StaffEvent(StaffAct):
    """One thing that was done to an account."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_events")

    class Meta(StaffAct.Meta):
        permissions = [("manage_accounts", "Can make, change and disable the accounts of staff")]
