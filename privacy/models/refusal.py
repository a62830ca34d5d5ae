"""What we don't do of what was asked, and why."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class Refusal(SealedModel):
    """One right refused, whole or in part. `code` is a key of `privacy.refusals.REASONS`."""

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="refusals")
    right = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    whole = models.BooleanField(default=True)
    explanation = SealedField()  # the facts, as the person reads them
    granted = SealedField()  # what they get all the same
    until = models.DateField(null=True)  # when the reason ends, if that is known
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)  # an appeal changed it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "right", "code"],
                condition=models.Q(lifted_at=None),
                name="refused_once",
            )
        ]
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"refusal {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
