"""What gateway and jobs must not do with an account's data."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.purposes import Purpose


class Restriction(models.Model):
    """One purpose stopped for one account. `privacy` writes it; gateway and jobs obey it."""

    class Source(models.TextChoices):
        REQUEST = "request", "A privacy request"
        SIGNAL = "signal", "The person’s browser"  # Global Privacy Control

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    purpose = models.CharField(max_length=20, choices=Purpose)
    source = models.CharField(max_length=10, choices=Source, default=Source.REQUEST)
    request_id = models.UUIDField(null=True)  # the privacy request that asked for it
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "purpose", "request_id"],
                condition=Q(lifted_at=None),
                name="restricted_once",
            ),
            models.UniqueConstraint(
                fields=["account_id", "purpose"],
                condition=Q(lifted_at=None, request_id=None),
                name="signalled_once",
            ),
            models.CheckConstraint(
                condition=Q(source="request", request_id__isnull=False)
                | Q(source="signal", request_id=None),
                name="restricted_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
