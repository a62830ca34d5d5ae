"""What people say against our answer."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest
from privacy.models.step import FulfilmentStep


class Appeal(SealedModel):
    """An appeal against a decision, or a complaint about how we work. Somebody else decides it."""

    class Kind(models.TextChoices):
        APPEAL = "appeal", "Appeal"
        COMPLAINT = "complaint", "Complaint"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "They are right"
        PARTLY = "partly", "They are right in part"
        REJECTED = "rejected", "It stays as it was"

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="appeals")
    kind = models.CharField(max_length=10, choices=Kind)
    text = SealedField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision = SealedField()  # the reasons, as the person reads them
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Our own request that does what it won.
    follow_up = models.OneToOneField(
        PrivacyRequest, on_delete=models.SET_NULL, related_name="follows_from", null=True
    )
    # The letters that say that we have it, and what we decided.
    receipt = models.OneToOneField(
        FulfilmentStep, on_delete=models.CASCADE, related_name="appeal_received"
    )
    answer = models.OneToOneField(
        FulfilmentStep, on_delete=models.SET_NULL, related_name="appeal_decided", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"],
                condition=models.Q(decided_at=None, withdrawn_at=None),
                name="appeal_open_once",
            )
        ]
        ordering = ["received_at"]
        verbose_name = "appeal or complaint"
        verbose_name_plural = "appeals and complaints"

    def __str__(self) -> str:
        return f"appeal {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None
