"""The ledger: one row for each thing that must be done for a request, with its state."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from privacy.models.request import PrivacyRequest


class FulfilmentStep(models.Model):
    """One action at one system, done once whoever dies and whenever.

    `not_before` is when the row may be claimed: for a ready step its time, for a running step the
    end of its lease. `fence` grows with each claim, so an old holder can't finish it.
    """

    class State(models.TextChoices):
        BLOCKED = "blocked", "Waits for another step"
        READY = "ready", "Next"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        PARKED = "parked", "Needs a person"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="steps")
    connector = models.CharField(max_length=30)
    action = models.CharField(max_length=40)
    object = models.CharField(max_length=255, blank=True)
    position = models.PositiveSmallIntegerField()
    requires = ArrayField(models.CharField(max_length=80), default=list)  # "connector:action"

    state = models.CharField(max_length=10, choices=State)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    epoch = models.PositiveSmallIntegerField(default=0)
    cursor = models.JSONField(default=dict)
    receipt = models.JSONField(default=dict)
    error = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "connector", "action", "object"], name="step_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="step_due",
                condition=models.Q(state__in=["ready", "running"]),
            )
        ]
        ordering = ["position", "connector", "object"]
        verbose_name = "step"

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.connector}:{self.action}"
