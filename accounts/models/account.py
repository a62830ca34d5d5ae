"""An account: a person, or a company's developer, who uses the gateway."""

import uuid

from django.db import models
from django.db.models.functions import Lower


class Account(models.Model):
    """One customer of FluxRouter. Written by the gateway's own sign-up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supabase_user_id = models.UUIDField(null=True, unique=True)
    stripe_customer_id = models.CharField(max_length=255, blank=True)
    email = models.EmailField(max_length=254)
    full_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField()
    last_active_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(Lower("email"), name="account_by_email")]

    def __str__(self) -> str:
        return f"account {self.pk}"
