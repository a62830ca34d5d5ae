"""More time, as the person was told."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest
from privacy.models.step import FulfilmentStep


class Extension(SealedModel):
    """A notice that we need longer: proposed until its letter is out, and only then more time.

    `about` is the appeal it belongs to; "" is the request itself.
    """

    request = models.ForeignKey(
        PrivacyRequest, on_delete=models.CASCADE, related_name="extensions"
    )
    about = models.CharField(max_length=36, blank=True)
    letter = models.OneToOneField(
        FulfilmentStep, on_delete=models.CASCADE, related_name="extension"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    reasons = ArrayField(models.CharField(max_length=40))  # codes that the regimes know
    explanation = SealedField()
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "about"], name="extended_once")]
        ordering = ["made_at"]

    def __str__(self) -> str:
        return f"extension {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
