"""Statistics that point to nobody."""

from django.db import models


class RollupCell(models.Model):
    """What many accounts did together in a span of days. Made once, never computed again: a second
    look, after an erasure, would differ by exactly that person.
    """

    source = models.CharField(max_length=100)  # model label
    first_day = models.DateField()
    last_day = models.DateField()
    key = models.JSONField()  # of the dimensions that were kept; {} is everything else together
    accounts = models.PositiveIntegerField()
    numbers = models.JSONField()  # rounded sums, and percentiles where there were enough rows
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "first_day", "last_day", "key"], name="rolled_up_once"
            )
        ]
        ordering = ["-first_day", "source"]
        verbose_name = "published number"

    def __str__(self) -> str:
        return f"roll-up {self.pk}"
