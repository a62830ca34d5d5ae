"""The trail: chains of events that nobody can change without its being seen."""

import uuid

from django.db import models


class TrailChain(models.Model):
    """The owner row of a chain: its lock orders writers, its head says where the chain ends."""

    class Kind(models.TextChoices):
        REQUEST = "request", "Request"
        RETENTION = "retention", "Retention rule"
        STAFF = "staff", "Staff matter"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    head_seq = models.PositiveIntegerField()
    head_digest = models.BinaryField(max_length=32)
    sealed_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="trail_unsealed",
                condition=models.Q(sealed_seq__lt=models.F("head_seq")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} chain {self.id}"


class TrailEvent(models.Model):
    """What happened, by whom, to what: codes and ids only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_id", "seq"], name="trail_no_fork")]
        ordering = ["chain_id", "seq"]
        permissions = [("verify_trail", "Can verify the trail")]

    def __str__(self) -> str:
        return f"{self.code} #{self.seq}"


class TrailSeal(models.Model):
    """A checkpoint: the heads of the chains that grew, chained to the checkpoint before."""

    seq = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    heads = models.JSONField()  # {chain id: [seq, digest in hex]}
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"seal #{self.seq}"
