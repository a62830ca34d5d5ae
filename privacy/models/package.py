"""The package of a person's data."""

import uuid

from django.db import models

from privacy.models.request import PrivacyRequest


class Package(models.Model):
    """A sealed ZIP on disk. Its data key has its id and is destroyed when it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(
        PrivacyRequest, on_delete=models.CASCADE, related_name="package"
    )
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)  # of the ZIP, in bytes
    sha256 = models.CharField(max_length=64, blank=True)  # of the ZIP

    def __str__(self) -> str:
        return f"package {self.pk}"
