"""Who had to be told of a correction, an erasure or a restriction, and whether they answered."""

import uuid

from django.db import models

from privacy.models.request import PrivacyRequest


class DownstreamNotice(models.Model):
    """One processor or recipient, told of one change (GDPR Art. 19; 11 CCR § 7022)."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        ERASURE = "erasure", "Erasure"
        RESTRICTION = "restriction", "Restriction"

    class Way(models.TextChoices):
        CALL = "call", "By its interface"
        TASK = "task", "By hand, with a letter"
        NOTHING = "nothing", "Nothing to tell: it keeps nothing of the person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="notices")
    recipient = models.CharField(max_length=30)  # a key of `privacy.processors.PROCESSORS`
    kind = models.CharField(max_length=12, choices=Kind)
    way = models.CharField(max_length=8, choices=Way)
    told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "recipient", "kind"], name="told_once")
        ]
        ordering = ["recipient", "kind"]

    def __str__(self) -> str:
        return f"notice {self.pk}"
