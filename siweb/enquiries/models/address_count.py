"""How many come from one internet address: what keeps machines from filling the clinic's day."""

from django.db import connection, models


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
