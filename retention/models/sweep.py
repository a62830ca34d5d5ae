"""How far each rule's work has come."""

from django.db import models


class Sweep(models.Model):
    """One rule's place: up to which moment of its clock everything is gone, and what is left."""

    rule = models.CharField(max_length=100, unique=True)
    # The clock and the id of the last row that went. "": the next run begins at the beginning.
    reached = models.CharField(max_length=80, blank=True)
    unrecorded = models.PositiveBigIntegerField(default=0)  # rows that went since the last record
    rows_remaining = models.PositiveBigIntegerField(default=0)
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["rule"]

    def __str__(self) -> str:
        return self.rule
