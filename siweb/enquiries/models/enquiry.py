"""One request for an appointment: how far it has come, and which of them wait for somebody."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from siweb.clinics import working_days
from siweb.clinics.models import Clinic
from siweb.core.models import name_of

from .event import EnquiryEvent


class EnquiryQuerySet(models.QuerySet):
    def needs_first_reply(self):
        """What nobody has taken."""
        return self.filter(state=Enquiry.State.NEW)

    def mine(self, user):
        return self.filter(owner=user, state=Enquiry.State.IN_PROGRESS)

    def waiting(self):
        return self.filter(state=Enquiry.State.WAITING)

    def waiting_due(self, now):
        """Those whose day to follow up is today, or was before."""
        return self.waiting().filter(
            follow_up_at__lt=working_days.start_of(timezone.localdate(now) + timedelta(days=1))
        )

    def unconfirmed_spam(self):
        """What a machine marked and no person has judged."""
        return self.filter(state=Enquiry.State.SPAM, spam_confirmed=False)

    def overdue(self, now):
        """Past the reply that was promised, past the day to follow up, or marked and not judged for a working day."""
        owed = Q(state=Enquiry.State.NEW) | Q(state=Enquiry.State.IN_PROGRESS, first_reply_at=None)
        late = Q(state=Enquiry.State.WAITING, follow_up_at__lt=working_days.start_of(timezone.localdate(now)))
        waited = working_days.since_last_working_day(now, Clinic.current())
        marked = Q(state=Enquiry.State.SPAM, spam_confirmed=False, created_at__lt=waited)
        return self.filter(owed & Q(due_at__lt=now) | late | marked)

    def needs_a_call(self):
        return self.filter(call=Enquiry.Call.OPEN, state__in=Enquiry.OPEN)

    def passed_on(self):
        """What reception has passed to a clinician as urgent and no clinician has answered."""
        return self.needs_a_call().filter(passed_on_at__isnull=False)

    def closed(self):
        return self.filter(state=Enquiry.State.CLOSED)

    def spam(self):
        return self.filter(state=Enquiry.State.SPAM)

    def held(self):
        return self.exclude(hold_reason="")


class Enquiry(models.Model):
    """One request for an appointment. After erasure only its reference, dates and outcome."""

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

    OPEN = (State.NEW, State.IN_PROGRESS, State.WAITING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one enquiry
    source = models.CharField(max_length=5, choices=Source, default=Source.FORM)
    state = models.CharField(max_length=11, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    call = models.CharField("clinician's call", max_length=13, choices=Call, blank=True)
    passed_on_at = models.DateTimeField(null=True, blank=True)  # to a clinician, as urgent, while that call is open
    passed_on_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="enquiries")
    follow_up_at = models.DateTimeField(null=True, blank=True)
    spam_reason = models.CharField(max_length=10, blank=True)  # a machine's; it sticks
    spam_confirmed = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, blank=True)  # stops purge and erasure
    hold_review = models.DateField(null=True, blank=True)  # when somebody looks whether it is still needed
    version = models.PositiveIntegerField(default=1)  # a save that names an older one is stale
    created_at = models.DateTimeField("received", default=timezone.now)
    due_at = models.DateTimeField("reply due")
    first_reply_at = models.DateTimeField(null=True, blank=True)  # when they first heard from a person here
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
            ("manage_enquiries", "Can export, hold and erase enquiries, and see who looked at them"),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="enquiry_state_due"),
            models.Index(fields=["state", "last_activity_at"], name="enquiry_state_activity"),
            models.Index(fields=["state", "created_at"], name="enquiry_state_received"),
            models.Index(fields=["state", "follow_up_at"], name="enquiry_state_follow_up"),
            models.Index(fields=["owner", "state"], name="enquiry_owner_state"),
            models.Index(fields=["created_at"], name="enquiry_received"),
            models.Index(fields=["created_at"], condition=Q(call="open"), name="enquiry_needs_a_call"),
            models.Index(fields=["passed_on_at"], condition=Q(passed_on_at__isnull=False), name="enquiry_passed_on"),
        ]
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
                condition=Q(passed_on_at__isnull=True, passed_on_by__isnull=True)
                | Q(passed_on_at__isnull=False, passed_on_by__isnull=False, call="open"),
                name="enquiry_passed_on_means_open_call",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="booked") | Q(call__in=["", "may_be_booked"]),
                name="enquiry_is_booked_only_if_it_may_be",
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
            models.CheckConstraint(
                condition=Q(hold_reason="", hold_review__isnull=True)
                | ~Q(hold_reason="") & Q(hold_review__isnull=False),
                name="enquiry_hold_is_reviewed",
            ),
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
            actor_name=name_of(actor),
            from_state=was or self.state,
            to_state=self.state,
            note=note,
            at=at or timezone.now(),
        )
