"""Requests about data that we only process: they go to the customer who decides about it."""

import uuid

from django.conf import settings
from django.db import models

from fluxrouter.foundation.sealed import SealedField, SealedModel
from privacy.models.request import PrivacyRequest


class Forwarding(SealedModel):
    """One request passed on to one customer, and the help that we owe them with it."""

    class State(models.TextChoices):
        FINDING = "finding", "Staff look for the customer"
        FORWARDED = "forwarded", "Passed on"
        ASSISTING = "assisting", "The customer asked for help"
        ENDED = "ended", "Nothing more to do"
        NOT_FOUND = "not_found", "No such customer"

    request = models.OneToOneField(
        PrivacyRequest, on_delete=models.CASCADE, related_name="forwarding"
    )
    account_id = models.UUIDField(null=True)  # the customer's account
    state = models.CharField(max_length=10, choices=State, default=State.FINDING)
    made_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the customer asked for our help
    assistance = SealedField()  # what they asked for, and what we did
    due_on = models.DateField(null=True)  # of our help
    ended_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return f"forwarding {self.pk}"

    @property
    def key_id(self) -> uuid.UUID:
        return self.request_id
