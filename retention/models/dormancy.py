"""Who was told that an unused account will be erased: an id and dates."""

import uuid

from django.db import models


class DormancyNotice(models.Model):
    """One per account. It counts for one spell of silence: a use of the account ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField(unique=True)
    quiet_since = models.DateTimeField()
    first_at = models.DateTimeField(null=True)
    second_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=64, blank=True)  # of the last letter
    refused_at = models.DateTimeField(null=True)  # it came back, or the mail service refused it

    def __str__(self) -> str:
        return f"dormancy notice {self.pk}"
