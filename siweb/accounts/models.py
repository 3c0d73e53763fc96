"""What the site stores about accounts beside Django's own: sign-in attempts, for a short time, and who gets urgent e-mails."""

from django.conf import settings
from django.db import models


class StaffProfile(models.Model):
    """What the practice manager sets for an account. An account without one has the defaults."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    urgent_emails = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.account)


class SignInAttempts(models.Model):
    """How many attempts of one kind there were lately; lockout.py says how many are allowed."""

    class Kind(models.TextChoices):
        NAME = "name", "passwords under one name from one address"
        ADDRESS = "address", "passwords from one address"
        NETWORK = "network", "passwords from one network"
        CODE = "code", "codes of the authenticator app of one account"
        RECOVERY = "recovery", "recovery codes of one account from one address"

    kind = models.CharField(max_length=8, choices=Kind)
    username = models.CharField(max_length=150, blank=True)
    address = models.GenericIPAddressField(unpack_ipv4=True)  # or the first of a network
    count = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField()  # then the count begins again

    class Meta:
        default_permissions = ()
        verbose_name_plural = "sign-in attempts"
        constraints = [models.UniqueConstraint(fields=["kind", "username", "address"], name="attempts_counted_once")]

    def __str__(self):
        return f"{self.count} {self.get_kind_display()}"
