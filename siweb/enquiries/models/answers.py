"""What a person told us, and the words by which it is found again. All of it goes with an erasure."""

import uuid

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from siweb.clinics.models import Location

from .enquiry import Enquiry


class AnswersQuerySet(models.QuerySet):
    def of_open_enquiries(self):
        """The newest answers of enquiries that are not closed, erased or marked as spam."""
        return self.filter(current_of__state__in=Enquiry.OPEN)


class Answers(models.Model):
    """What a person told us at one time. A correction is a new row beside the first; the enquiry points at the newest."""

    class Via(models.TextChoices):
        FORM = "form", "the form"
        LINK = "link", "the private link"
        PHONE = "phone", "a phone call"
        DESK = "desk", "staff, who corrected it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="all_answers")
    via = models.CharField(max_length=5, choices=Via, default=Via.FORM)
    at = models.DateTimeField(default=timezone.now)
    who = models.CharField("who it is for", max_length=5)
    asker = models.CharField("name of who asks", max_length=100, blank=True)
    relation = models.CharField(max_length=100, blank=True)
    knows = models.CharField("do they know", max_length=6, blank=True)
    ring = models.CharField("whom to ring", max_length=7, blank=True)
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=16, blank=True)  # E.164
    phone_raw = models.CharField("phone as typed", max_length=100, blank=True)
    phone_doubtful = models.BooleanField("no such number is known", default=False)
    phone_note = models.CharField("beside the phone", max_length=100, blank=True)
    email = models.CharField("e-mail", max_length=254, blank=True)
    first = models.CharField("try first", max_length=5)
    voicemail = models.CharField("may we leave a message", max_length=3, blank=True)
    times = models.JSONField("good times", default=list)
    place = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="answers"
    )  # none: no preference
    needs = models.JSONField(default=list)
    language = models.CharField(max_length=100, blank=True)
    tell = models.JSONField("tell us first", default=list)  # keys of screening.py
    words = models.TextField("anything else", blank=True)
    consent = models.CharField("version of the consent given", max_length=20, blank=True)

    objects = AnswersQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "answers"
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="answers_have_a_name"),
            models.CheckConstraint(
                condition=Q(first="phone") & ~Q(phone="") | Q(first="email") & ~Q(email=""),
                name="answers_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(who="other") & ~Q(asker="") | Q(who="me", asker="", relation="", knows="", ring=""),
                name="answers_asker_only_for_others",
            ),
        ]

    def __str__(self):
        return f"answers to {self.enquiry_id}"


class KeyQuerySet(models.QuerySet):
    def beginning(self, start):
        """Words that begin so. SQLite's LIKE knows no index, and its order is that of the letters' numbers: a range of it."""
        if connection.vendor == "sqlite":
            return self.filter(word__gte=start, word__lt=f"{start}\U0010ffff")
        return self.filter(word__startswith=start)


class Key(models.Model):
    """A word by which answers are found: of a name, a number or an address, as search.py makes it.

    Whose it is and when that came stand beside it, so that finding reads this one table. Of `word` a database keeps no
    samples (migration 0002), so it cannot know how rare a word is, and what it makes of several tables is slow.
    """

    answers = models.ForeignKey(Answers, models.CASCADE, related_name="keys")
    enquiry = models.ForeignKey(  # the answers keep it true: no check of its own, which would search this table
        Enquiry, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    received = models.DateTimeField()
    word = models.CharField(max_length=254)

    objects = KeyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(  # all that finding reads; the first class is the one that PostgreSQL finds beginnings by
                fields=["word", "enquiry", "received"],
                name="key_finds",
                opclasses=["varchar_pattern_ops", "uuid_ops", "timestamptz_ops"],
            )
        ]
        constraints = [models.UniqueConstraint(fields=["answers", "word"], name="one_key_of_a_word")]

    def __str__(self):
        return f"a word of {self.answers_id}"
