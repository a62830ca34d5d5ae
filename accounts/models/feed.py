"""The enforcement feed: what the gateway must hear, one row for each account or key.

Triggers of the migration write these tables (docs/adr/0020-enforcement-feed.md); nothing else
does. A row says that something changed; what is true now stands in the tables themselves.
"""

import uuid

from django.db import models


class FeedEntry(models.Model):
    """An account or an API key, and the place of its newest change in the order of commits."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        KEY = "key", "API key"

    id = models.UUIDField(primary_key=True, editable=False)  # the account's or the key's
    kind = models.CharField(max_length=10, choices=Kind)
    account_id = models.UUIDField()
    position = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feed entries"
        indexes = [models.Index(fields=["changed_at", "id"], name="feed_by_time")]

    def __str__(self) -> str:
        return f"feed entry {self.pk}"


class FeedMark(models.Model):
    """One row: the feed's generation, and the highest place that was ever forgotten."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    generation = models.UUIDField(default=uuid.uuid4)
    floor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"feed mark {self.pk}"
