"""Opt-out signals that browsers send (Global Privacy Control)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class BrowserSignal(models.Model):
    """One browser that asked us not to sell or share, and the accounts it turned out to be of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    browser = models.BinaryField(max_length=32, unique=True)  # hash of a cookie of its own
    account_ids = ArrayField(models.UUIDField(), default=list)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["last_on", "id"], name="signal_by_day")]

    def __str__(self) -> str:
        return f"signal {self.pk}"
