"""What a run of the retention schedule disposed of: counts only."""

from django.db import models


class Disposition(models.Model):
    """One rule, one run."""

    rule = models.CharField(max_length=100)
    at = models.DateTimeField()
    rows = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["-at"]
        verbose_name = "disposal"
        permissions = [("dry_run", "Can count what the schedule would dispose of now")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.rows}"
