"""The clinic: one row of facts that every page and text quotes, its places and its people."""

from time import monotonic

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from siweb.core import phone_numbers
from siweb.core.models import SiteVersion, StaffAct

from . import hours, opening


def validate_hours(text):
    hours.parse_hours(text)


def validate_special_hours(text):
    hours.parse_special_hours(text)


class ShownToReaders(models.Model):
    """What readers see: a change to it moves the site's version."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        SiteVersion.move()

    @transaction.atomic
    def delete(self, *args, **kwargs):
        SiteVersion.move()
        return super().delete(*args, **kwargs)


class Reachable(models.Model):
    """Somebody answers here, or, with `is_example`, nobody does: a number and the hours when it is answered."""

    phone = models.CharField(max_length=24, blank=True, validators=[phone_numbers.validate_phone])
    hours = models.TextField(
        "opening hours",
        blank=True,
        validators=[validate_hours],
        help_text="A line for each run of days: Mon-Fri 9am-5pm",
    )
    special_hours = models.TextField(
        "days that differ",
        blank=True,
        validators=[validate_special_hours],
        help_text="A line for each day: 24 Dec 2026 9am-12.30pm Christmas Eve, or 5 Jan 2027 closed Staff training. "
        "Bank holidays are closed unless a line says otherwise.",
    )

    class Meta:
        abstract = True

    @property
    def phone_is_example(self):
        return self.is_example or phone_numbers.is_fiction(self.phone)

    @property
    def shown_phone(self):
        """The number as readers see it: nobody is to ring a made-up one, so only a local site shows that."""
        return "" if settings.PUBLIC and self.phone_is_example else self.phone

    @property
    def phone_link(self):
        return f"tel:{phone_numbers.dialled(self.shown_phone)}" if self.shown_phone else ""

    @property
    def hours_today(self):
        return opening.say_today(self, self.clinic, timezone.localdate())

    @property
    def hours_changes(self):
        """The days of the next two weeks on which it opens otherwise than usual: [(day, OpeningDay)]."""
        return opening.coming_changes(self, self.clinic, timezone.localdate())

    @property
    def hours_changes_lines(self):
        """These days in words: ["Friday 25 December: closed (Christmas Day)"]."""
        return [f"{day:%A} {day.day} {day:%B}: {found.words}" for day, found in self.hours_changes]

    @property
    def hours_lines(self):
        return hours.hours_lines(self.hours) if self.hours.strip() else []

    @property
    def schema_hours(self):
        return hours.schema_hours(self.hours)


class LawfulBasis(models.TextChoices):
    """The reason in law for using what a patient writes, as the privacy notice says it (UK GDPR, articles 6 and 9)."""

    STEPS = "steps", "the steps that you ask us to take, and the provision of health care: articles 6(1)(b) and 9(2)(h)"
    INTERESTS = "interests", "our legitimate interests, and the provision of health care: articles 6(1)(f) and 9(2)(h)"
    PUBLIC = "public", "a task in the public interest, and the provision of health care: articles 6(1)(e) and 9(2)(h)"
    CONSENT = "consent", "your explicit consent: articles 6(1)(a) and 9(2)(a)"


class Nation(models.TextChoices):
    ENGLAND = "ENG", "England"
    WALES = "WLS", "Wales"
    SCOTLAND = "SCT", "Scotland"
    NORTHERN_IRELAND = "NIR", "Northern Ireland"


class Clinic(Reachable, ShownToReaders):
    """One row. A fact that the clinic has not given is empty and is said to be missing, never invented."""

    name = models.CharField(max_length=100)
    is_example = models.BooleanField(
        "example data", default=True, help_text="Untick when every fact here is the clinic's own."
    )
    email = models.EmailField("mailbox for notifications", blank=True)
    legal_name = models.CharField(max_length=200, blank=True)
    controller = models.CharField("data controller", max_length=200, blank=True)
    registration = models.CharField("data protection registration", max_length=40, blank=True)
    regulator = models.CharField(
        max_length=200, blank=True, help_text="Name and address, such as the Care Quality Commission"
    )
    regulator_link = models.URLField(blank=True, help_text="The clinic's own page at its regulator")
    rating = models.CharField("latest rating", max_length=100, blank=True)
    retention_months = models.PositiveSmallIntegerField(
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text="How long an enquiry is kept after the last contact",
    )
    lawful_basis = models.CharField(
        max_length=9, choices=LawfulBasis, blank=True, help_text="Chosen with the clinic's adviser"
    )
    nation = models.CharField(
        max_length=3, choices=Nation, default=Nation.ENGLAND, help_text="Whose bank holidays the clinic keeps"
    )
    reply_days = models.PositiveSmallIntegerField(
        "working days until a first reply",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="What patients are told to expect",
    )
    replies_read = models.BooleanField(
        "replies to our mails are read", default=False, help_text="Somebody reads the mailbox on every working day"
    )
    one_clinician = models.BooleanField(
        "only one clinician works here",
        default=False,
        help_text="Then they may approve a text of their own once somebody else has read it. The page says so.",
    )
    review_months = models.PositiveSmallIntegerField(
        "months until an article is checked again",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When the site was opened to the public")

    class Meta:
        verbose_name_plural = "the clinic"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_clinic")]

    def __str__(self):
        return self.name

    @property
    def clinic(self):
        return self

    # The last row that this process read: pages that tell of a fault still carry the clinic's number.
    _last_read, _read_at = None, 0.0

    @classmethod
    def lately(cls):
        """The clinic as this process read it a moment ago (settings.MEMORY_SECONDS), with its places: for a busy hour."""
        if cls._last_read and monotonic() - cls._read_at < settings.MEMORY_SECONDS:
            return cls._last_read
        return cls.current()

    @cached_property
    def injection_places(self):
        """{slug: (name, key)} of the places where injections are done, read once for each reading of the clinic."""
        places = Location.objects.filter(offers_injections=True)
        return {slug: (name, pk) for slug, name, pk in places.values_list("slug", "name", "pk")}

    @classmethod
    def current(cls):
        """The clinic, or, while the database is away, what was last known of it."""
        try:
            cls._last_read, cls._read_at = cls.objects.get(pk=1), monotonic()
        except (DatabaseError, cls.DoesNotExist):
            return cls._last_read or cls(pk=1, name="SI Joint Clinic")
        return cls._last_read

    @property
    def known(self):
        """Whether anything was ever read of it: a process that began while the database was away knows nothing."""
        return not self._state.adding

    @property
    def closed(self):
        """A public site is not for patients until the manager has opened it; a local one always shows itself."""
        return settings.PUBLIC and self.opened_at is None

    def fact(self, key):
        """A fact that a text may quote as [[clinic:key]]; None when there is no such fact, "" when it is missing."""
        quote = FACTS.get(key)
        return quote(self) if quote else None

    @property
    def retention(self):
        months = self.retention_months
        return f"{months} month{'' if months == 1 else 's'}"

    @property
    def reply(self):
        days = self.reply_days
        return "by the end of the next working day" if days == 1 else f"within {days} working days"

    @property
    def asks_consent(self):
        return self.lawful_basis == LawfulBasis.CONSENT

    def missing(self):
        """The names of the facts that the clinic has yet to give."""
        needed = [
            "phone",
            "hours",
            "email",
            "legal_name",
            "controller",
            "registration",
            "lawful_basis",
        ]
        return [self._meta.get_field(name).verbose_name for name in needed if not getattr(self, name)]


# What [[clinic:…]] may quote, and how it reads.
FACTS = {
    "name": lambda clinic: clinic.name,
    "phone": lambda clinic: clinic.shown_phone,
    "hours": lambda clinic: "; ".join(clinic.hours_lines),
    "email": lambda clinic: clinic.email,
    "legal_name": lambda clinic: clinic.legal_name,
    "controller": lambda clinic: clinic.controller,
    "registration": lambda clinic: clinic.registration,
    "regulator": lambda clinic: clinic.regulator,
    "rating": lambda clinic: clinic.rating,
    "retention": lambda clinic: clinic.retention,
    "reply": lambda clinic: clinic.reply,
    "lawful_basis": lambda clinic: clinic.get_lawful_basis_display(),
}


class Location(Reachable, ShownToReaders):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    is_example = models.BooleanField("example data", default=False)
    address = models.TextField(blank=True, help_text="A line for each line of the address")
    getting_there = models.TextField("how to get there", blank=True)
    parking = models.TextField(blank=True)
    access = models.TextField(blank=True, help_text="Steps, lift, toilets, hearing loop, where to wait")
    offers_injections = models.BooleanField("SI joint injections are done here", default=False)
    guidance = models.CharField(
        max_length=200, blank=True, help_text="The pictures used to guide the needle here, such as live X-ray"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("location", args=[self.slug])

    @cached_property
    def clinic(self):
        return Clinic.current()

    @property
    def address_lines(self):
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    def clean(self):
        if self.guidance and not self.offers_injections:
            raise ValidationError({"guidance": "Tick that injections are done here, or leave the guidance out."})


class Practitioner(ShownToReaders):
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, help_text="Such as consultant radiologist")
    register = models.CharField("professional register", max_length=100, help_text="Such as GMC or HCPC")
    number = models.CharField("register number", max_length=20)
    locations = models.ManyToManyField(Location, related_name="practitioners", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name}, {self.role}"


class MailTest(models.Model):
    """One row: the newest test mail to the clinic's mailbox, and whether it arrived (email_test.py)."""

    about = models.CharField(max_length=64)  # digest of the mailbox and the mail settings that it tries
    code_digest = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_mail_test")]

    def __str__(self):
        return f"test mail of {self.sent_at}"


class OpeningEvent(StaffAct):
    """One thing that was done to open or close the site (checklist.py)."""
