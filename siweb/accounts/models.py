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
    """The latest attempts under one name from one address; lockout.py says how many are allowed."""

    username = models.CharField(max_length=150)
    address = models.GenericIPAddressField(unpack_ipv4=True)  # of IPv6 the network
    count = models.PositiveSmallIntegerField(default=1)
    latest = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "sign-in attempts"
        constraints = [models.UniqueConstraint(fields=["username", "address"], name="attempts_once_for_each_address")]

    def __str__(self):
        return f"{self.count} under one name"
