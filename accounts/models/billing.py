"""What tax law makes us keep of each invoice."""

import uuid

from django.db import models


class BillingRecord(models.Model):
    """A copy of an invoice's head. Outlives its account, hence no foreign key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField(db_index=True)
    invoice_number = models.CharField(max_length=50)
    stripe_invoice_id = models.CharField(max_length=255, blank=True)
    bill_to = models.CharField(max_length=500)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["issued_on", "id"], name="invoice_by_day")]

    def __str__(self) -> str:
        return f"billing record {self.pk}"
