"""Sign-in attempts that are counted: nothing is kept of them but a name and an address, and not for long."""

from django.db import models


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
