"""Keys with which the gateway itself asks us."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class GatewayKey(models.Model):
    """Only a hash is kept. `prefix` is the key's beginning, by which it is told from others."""

    class Scope(models.TextChoices):
        RESTRICTIONS = "restrictions:read", "Read the enforcement feed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=100)  # which gateway: never a person's name
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope))
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to five minutes
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gateway key {self.prefix}"
