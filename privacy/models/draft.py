"""A request that is still being written."""

from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel


class Draft(SealedModel):
    """The answers so far, sealed, for 24 hours. A request keeps its draft's id and data key."""

    owner_digest = models.BinaryField(max_length=32)  # hash of the browser's cookie
    answers = SealedField()
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"
