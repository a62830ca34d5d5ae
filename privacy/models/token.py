"""Links and codes that we mail."""

import uuid

from django.db import models

from privacy.links import LinkKind
from privacy.models.request import PrivacyRequest


class MailToken(models.Model):
    """A mailed secret: only its hash is here; it expires, and most are good for one use."""

    Kind = LinkKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10, choices=LinkKind)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["request", "kind", "created_at"], name="token_by_request")]

    def __str__(self) -> str:
        return f"{self.kind} token {self.pk}"
