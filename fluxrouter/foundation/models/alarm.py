"""Alarms: what needs a person, until it is over."""

from django.db import models
from django.db.models import Q


class Alarm(models.Model):
    """Something is wrong. Codes and ids only; `docs/runbook.md` says what to do for each code."""

    code = models.CharField(max_length=60)
    about = models.CharField(max_length=100, blank=True)
    raised_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "about"], condition=Q(cleared_at=None), name="alarm_open_once"
            )
        ]
        ordering = ["-raised_at"]

    def __str__(self) -> str:
        return f"{self.code} {self.about}".strip()
