"""What staff wrote on a request."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class RequestNote(SealedModel):
    """Free text, sealed under the request's key. `about` says which decision it explains."""

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    about = models.CharField(max_length=60)
    text = SealedField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
