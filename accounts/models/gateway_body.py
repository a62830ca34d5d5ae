"""The redacted copy of a call's content."""

from django.db import models

from accounts.ids import uuid7


class GatewayBody(models.Model):
    """Same id as its GatewayRequest, partitioned alike, kept for a shorter time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField()
    prompt = models.TextField(blank=True)
    response = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["account_id", "id"], name="gateway_body_account")]
        verbose_name_plural = "gateway bodies"

    def __str__(self) -> str:
        return f"gateway body {self.pk}"
