"""What we asked the person, because we could not go on without it."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest
from privacy.models.step import FulfilmentStep


class Question(SealedModel):
    """A question that may stop a clock. It is asked when its letter is out, not before."""

    class Reason(models.TextChoices):
        IDENTITY = "identity", "To be sure who asks"
        CLARIFICATION = "clarification", "To know what is meant"

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="questions")
    reason = models.CharField(max_length=20, choices=Reason)
    letter = models.OneToOneField(
        FulfilmentStep, on_delete=models.CASCADE, related_name="question"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    text = SealedField()
    answer = SealedField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
