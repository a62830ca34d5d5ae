"""Partitions on their way out, and what is left to show of them."""

from django.db import models


class Retirement(models.Model):
    """One partition: where its retirement stands, and the evidence of what went.

    Until it is dropped its table holds rows that nobody adds to any more; who searches, exports or
    erases looks there too.
    """

    class State(models.TextChoices):
        DETACHING = "detaching", "Being detached"
        DETACHED = "detached", "Detached"
        SUMMED_UP = "summed_up", "Summed up"
        DROPPED = "dropped", "Dropped"

    table = models.CharField(max_length=63, unique=True)
    model = models.CharField(max_length=100)
    day = models.DateField()
    rule = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.DETACHING)
    started_at = models.DateTimeField()
    detached_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    checksum = models.CharField(max_length=40, blank=True)  # of the ids, in any order
    kept = models.BigIntegerField(default=0)  # rows that a hold keeps
    level = models.CharField(max_length=60, blank=True)  # at which its day was published

    class Meta:
        ordering = ["-day", "table"]
        verbose_name = "retired day"

    def __str__(self) -> str:
        return self.table
