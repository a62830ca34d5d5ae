"""Legal holds: data that must not be disposed of, although its time is up or its owner asks."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LegalHold(models.Model):
    """A hold on an account's data, on a model's rows of some days, or on both at once. Blocks
    erasure and disposal until it is released. There is none on everything.
    """

    class Ground(models.TextChoices):
        CLAIM = "claim", "Legal claim (GDPR Art. 17(3)(e))"
        OBLIGATION = "obligation", "Legal obligation (GDPR Art. 17(3)(b))"
        ORDER = "order", "Court or authority's order"
        RECOURSE = "recourse", "Data asked for, while an authority may still be asked"

    class Secrecy(models.TextChoices):
        """Why the person isn't told. Without one they are."""

        ORDER = "order", "No: a court or an authority forbids it (as in 18 U.S.C. § 2705(b))"
        LAW = "law", "No: a law forbids it (GDPR Art. 23)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField(
        "account id",
        null=True,
        blank=True,
        db_index=True,
        help_text="The account's id, as the request page shows it.",
    )
    # Label of a model of the schedule; "" is every model.
    model = models.CharField("what", max_length=100, blank=True, default="")
    # UTC days by the clock of the model's rule, both included; empty is open.
    since = models.DateField("from", null=True, blank=True)
    until = models.DateField("to", null=True, blank=True)
    ground = models.CharField(max_length=20, choices=Ground)
    citation = models.CharField(
        max_length=200, help_text="Case number, article or order. No names: staff lists show it."
    )
    secrecy = models.CharField(max_length=10, choices=Secrecy, blank=True, default="")
    review_on = models.DateField(help_text="When somebody must look whether it is still needed.")
    # The request that made it: then no person placed it, and it ends by itself on its review.
    request_id = models.UUIDField(null=True, editable=False)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    placed_at = models.DateTimeField(editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        permissions = [("release_legalhold", "Can release a legal hold")]
        constraints = [
            models.CheckConstraint(
                name="hold_is_never_on_all",
                condition=(
                    Q(subject_id__isnull=False)
                    | ~Q(model="") & Q(since__isnull=False, until__isnull=False)
                )
                & (Q(since=None) | Q(until=None) | Q(since__lte=F("until"))),
            )
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"
