"""Whom we erased, as hashes: so that a restored backup can be erased again."""

import uuid

from django.db import models


class Suppression(models.Model):
    """A keyed hash of an erased identity. Who has no key can neither read nor guess it."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Address"
        ACCOUNT = "account", "Account"
        AUTH_USER = "auth_user", "Sign-in"
        CUSTOMER = "customer", "Billing customer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.BinaryField(max_length=32)
    erased_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # no backup is older by then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="suppressed_once")]

    def __str__(self) -> str:
        return f"suppression {self.pk}"
