"""Old and new values of a correction, per system."""

import uuid

from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class CorrectedValue(SealedModel):
    """One field of one object: what stood there before, and whether the new value stands now."""

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="corrected")
    connector = models.CharField(max_length=30)
    object = models.CharField(max_length=255)
    field = models.CharField(max_length=30)
    old = SealedField()
    new = SealedField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "connector", "object", "field"], name="corrected_once"
            )
        ]
        ordering = ["connector", "object", "field"]

    def __str__(self) -> str:
        return f"corrected value {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
