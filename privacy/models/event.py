"""What processors told us without being asked."""

import uuid

from django.db import models


class ProcessorEvent(models.Model):
    """A webhook's head: its body may name a person, so it isn't kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    processor = models.CharField(max_length=30)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["processor", "event_id"], name="event_once")
        ]
        indexes = [models.Index(fields=["received_at", "id"], name="event_by_time")]

    def __str__(self) -> str:
        return f"event {self.pk}"
