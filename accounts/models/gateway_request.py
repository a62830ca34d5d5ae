"""Metadata of one call through the gateway."""

from django.db import models

from accounts.ids import uuid7


class GatewayRequest(models.Model):
    """Range-partitioned by day on `id` (a UUIDv7): see docs/adr/0006-partitions.md.

    No foreign key: the account is a plain id, so that retiring a day's partition waits for nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField()
    api_key_id = models.UUIDField(null=True)
    model = models.CharField(max_length=100)
    provider = models.CharField(max_length=50)
    region = models.CharField(max_length=20, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    latency_ms = models.PositiveIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(default=200)
    end_user = models.CharField(max_length=100, blank=True)  # as the customer's call names them

    class Meta:
        indexes = [models.Index(fields=["account_id", "id"], name="gateway_request_account")]

    def __str__(self) -> str:
        return f"gateway request {self.pk}"
