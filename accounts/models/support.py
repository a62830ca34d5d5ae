"""Messages to support."""

import uuid

from django.db import models
from django.db.models.functions import Lower

from accounts.models.account import Account


class SupportMessage(models.Model):
    """What a person wrote to us. A visitor without an account has only an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="support_messages"
    )
    email = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(Lower("email"), name="support_by_email"),
            models.Index(fields=["received_at", "id"], name="support_by_time"),
        ]

    def __str__(self) -> str:
        return f"support message {self.pk}"
