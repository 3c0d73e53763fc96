"""Booking enquiries: what was asked, how far it has come, who did and who looked, and the mails that it owes.

What a person wrote stands in Answers and nowhere else, so that erasing an enquiry is deleting those rows. How an enquiry
moves is in workflow.py; how one arrives in receiving.py; how it goes in erasing.py.
"""

import uuid

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from siweb.clinics.models import Clinic, Location

from . import deadlines


class EnquiryQuerySet(models.QuerySet):
    def unconfirmed_spam(self):
        """What a machine marked and no person has judged."""
        return self.filter(state=Enquiry.State.SPAM, spam_confirmed=False)

    def overdue(self, now):
        """New ones past the reply that was promised, and marked ones that nobody has judged for a working day."""
        waited = deadlines.since_last_working_day(now, Clinic.current())
        marked = Q(state=Enquiry.State.SPAM, spam_confirmed=False, created_at__lt=waited)
        return self.filter(Q(state=Enquiry.State.NEW, due_at__lt=now) | marked)

    def needs_a_call(self):
        return self.filter(call=Enquiry.Call.OPEN).exclude(state__in=[Enquiry.State.CLOSED, Enquiry.State.ERASED])


class Enquiry(models.Model):
    """One request for an appointment. After erasure a tombstone: reference, dates and outcome."""

    class State(models.TextChoices):
        NEW = "new", "new"
        IN_PROGRESS = "in_progress", "in progress"
        WAITING = "waiting", "waiting for the patient"
        CLOSED = "closed", "closed"
        SPAM = "spam", "spam"
        ERASED = "erased", "erased"

    class Outcome(models.TextChoices):
        BOOKED = "booked", "booked"
        NOT_SUITABLE = "not_suitable", "not suitable"
        NO_RESPONSE = "no_response", "no response"
        WITHDRAWN = "withdrawn", "withdrawn"
        DUPLICATE = "duplicate", "duplicate"

    class Call(models.TextChoices):
        """What has come of the clinician's call that a tick asks for."""

        OPEN = "open", "needs a clinician's call"
        MAY_BE_BOOKED = "may_be_booked", "may be booked"
        NOT_HERE = "not_here", "not here: advice given"
        ASK_GP = "ask_gp", "ask GP first"

    class Source(models.TextChoices):
        FORM = "form", "form"
        PHONE = "phone", "phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one enquiry
    source = models.CharField(max_length=5, choices=Source, default=Source.FORM)
    state = models.CharField(max_length=11, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    call = models.CharField("clinician's call", max_length=13, choices=Call, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="enquiries")
    follow_up_at = models.DateTimeField(null=True, blank=True)
    spam_reason = models.CharField(max_length=10, blank=True)  # a machine's; it sticks
    spam_confirmed = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, blank=True)  # stops purge and erasure
    version = models.PositiveIntegerField(default=1)  # a save that names an older one is stale
    created_at = models.DateTimeField("received", default=timezone.now)
    due_at = models.DateTimeField("reply due")
    last_activity_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    answers = models.OneToOneField(
        "Answers", models.PROTECT, null=True, blank=True, related_name="current_of"
    )  # the newest
    link_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    link_until = models.DateTimeField(null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ["-created_at"]
        default_permissions = ()
        permissions = [
            ("work_on_enquiry", "Can see and work on enquiries"),
            ("see_ticks", "Can see the enquiries that need a clinician's call, and what was ticked"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="enquiry_state_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "in_progress", "waiting", "closed", "spam", "erased"]),
                name="enquiry_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="erased") | Q(state="closed") & ~Q(outcome="") | ~Q(state="closed") & Q(outcome=""),
                name="enquiry_closed_means_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_progress", "waiting"], owner__isnull=False)
                | ~Q(state__in=["in_progress", "waiting"]) & Q(owner__isnull=True),
                name="enquiry_worked_on_means_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", follow_up_at__isnull=False)
                | ~Q(state="waiting") & Q(follow_up_at__isnull=True),
                name="enquiry_waiting_means_until",
            ),
            models.CheckConstraint(
                condition=Q(spam_confirmed=False) | Q(state__in=["spam", "erased"]),
                name="enquiry_only_spam_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="booked", call="open"), name="enquiry_is_not_booked_before_the_call"
            ),
            models.CheckConstraint(
                condition=Q(state="erased", erased_at__isnull=False, answers__isnull=True, link_hash__isnull=True)
                | ~Q(state="erased") & Q(erased_at__isnull=True, answers__isnull=False),
                name="enquiry_erased_means_no_answers",
            ),
            models.CheckConstraint(
                condition=Q(link_hash__isnull=True, link_until__isnull=True)
                | Q(link_hash__isnull=False, link_until__isnull=False),
                name="enquiry_link_ends",
            ),
            models.CheckConstraint(condition=Q(hold_reason="") | ~Q(state="erased"), name="enquiry_held_is_not_erased"),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_unconfirmed_spam(self):
        return self.state == self.State.SPAM and not self.spam_confirmed

    def record(self, verb, *, actor=None, note="", was=None, at=None):
        """Write an event of this enquiry. `was` is the state before, where it changed."""
        return EnquiryEvent.objects.create(
            enquiry=self,
            verb=verb,
            actor=actor,
            actor_name=(actor.get_full_name() or actor.get_username()) if actor else "",
            from_state=was or self.state,
            to_state=self.state,
            note=note,
            at=at or timezone.now(),
        )


class Answers(models.Model):
    """What a person told us at one time. A correction is a new row beside the first; the enquiry points at the newest."""

    class Via(models.TextChoices):
        FORM = "form", "the form"
        LINK = "link", "the private link"
        PHONE = "phone", "a phone call"

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
    place = models.ForeignKey(Location, models.SET_NULL, null=True, blank=True, related_name="+")  # none: no preference
    needs = models.JSONField(default=list)
    language = models.CharField(max_length=100, blank=True)
    tell = models.JSONField("tell us first", default=list)  # keys of screening.py
    words = models.TextField("anything else", blank=True)
    consent = models.CharField("version of the consent given", max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "answers"
        ordering = ["at"]
        indexes = [
            models.Index(fields=["phone"], name="answers_phone"),
            models.Index(fields=["email"], name="answers_email"),
        ]
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


class EnquiryEvent(models.Model):
    """What was done, and who looked. Insert-only but for erasure: once, the note becomes empty (siweb/triggers.py)."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)  # of staff, as it was then
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=11)
    to_state = models.CharField(max_length=11)
    note = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(erased_at__isnull=True) | Q(note=""), name="event_erased_has_no_note")
        ]

    def __str__(self):
        return f"{self.enquiry_id} {self.verb}"


class OutboxQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(state=Outbox.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")


class Outbox(models.Model):
    """A mail that is owed: its kind and whose enquiry, never its text, its address or a token (outbox.py sends it)."""

    class Kind(models.TextChoices):
        NEW_ENQUIRY = "new_enquiry", "to the clinic: a new enquiry"
        ACKNOWLEDGEMENT = "acknowledgement", "to the patient: we have your enquiry"

    class State(models.TextChoices):
        QUEUED = "queued", "not sent yet"
        SENT = "sent", "sent"
        FAILED = "failed", "could not be sent"

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="outbox")
    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(
        max_length=60, blank=True
    )  # a kind of error, never a server's words: those can hold addresses

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outbox"
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="outbox_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="outbox_sent_means_when",
            )
        ]

    def __str__(self):
        return f"{self.kind} of {self.enquiry_id}"


class AddressCount(models.Model):
    """How many enquiries came from one internet address within an hour. The address is scrambled, and gone in two hours."""

    digest = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    marked = models.PositiveIntegerField(default=0)  # of them, how many a machine took for spam

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "hour"], name="one_count_an_hour")]

    def __str__(self):
        return f"{self.count} in the hour from {self.hour}"

    @classmethod
    def add(cls, digest, hour, marked):
        """Count one more in one statement, and return (count, marked) of the hour so far."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO enquiries_addresscount AS had (digest, hour, count, marked) VALUES (%s, %s, 1, %s) "
                "ON CONFLICT (digest, hour) DO UPDATE SET count = had.count + 1, marked = had.marked + excluded.marked "
                "RETURNING count, marked",
                [digest, connection.ops.adapt_datetimefield_value(hour), int(marked)],
            )
            return cursor.fetchone()
