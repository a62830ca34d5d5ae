"""Fire drills: does an erasure really reach every system?"""

import uuid

from django.db import models

from privacy.models.request import PrivacyRequest


class Drill(models.Model):
    """One drill with a canary person; `evidence` says per system what was planted and left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(PrivacyRequest, on_delete=models.PROTECT, null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"drill {self.pk}"
