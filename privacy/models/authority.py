"""Why somebody may act for another person."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class Authority(SealedModel):
    """A proof that an agent, parent or guardian showed, and what staff made of it."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "The person confirmed it by the mailed link"
        SIGNED = "signed", "Signed permission"
        POWER = "power", "Power of attorney"
        GUARDIAN = "guardian", "Parent or guardian"

    class Judgement(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not enough"

    request = models.ForeignKey(
        PrivacyRequest, on_delete=models.CASCADE, related_name="authorities"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    name = SealedField()
    content = SealedField()
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    judgement = models.CharField(max_length=10, choices=Judgement, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"authority {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
