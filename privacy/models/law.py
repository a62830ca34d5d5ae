"""Which law a request is measured by, and when what is due."""

import uuid

from django.db import models

from privacy.models.request import PrivacyRequest


class RegimeText(models.Model):
    """A regime's file as it was when the first request was measured by it. Kept once."""

    version = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the text
    regime = models.CharField(max_length=20)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.regime} {self.version[:12]}"


class RequestClock(models.Model):
    """One thing that is due: of all laws that apply, the rule with the earliest date.

    Computed anew from the request's facts whenever these change; `met_at` and what follows it are
    what happened. `about` is the appeal that a clock belongs to; "" is the request itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="clocks")
    about = models.CharField(max_length=36, blank=True)
    clock = models.CharField(max_length=20)  # respond, acknowledge, opt_out, appeal …
    right = models.CharField(max_length=20)  # as the regimes call it
    regime = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    version = models.CharField(max_length=64)
    bounded_by = models.CharField(max_length=20, blank=True)
    started_on = models.DateField()
    legal_due = models.DateField(null=True)
    safe_due = models.DateField()
    internal_target = models.DateField()
    extended = models.BooleanField(default=False)
    met_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)  # percent of the time that was over
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "about", "clock", "right"], name="clock_once"
            )
        ]
        indexes = [
            models.Index(fields=["safe_due"], name="clock_open", condition=models.Q(met_at=None))
        ]
        ordering = ["safe_due", "clock", "right"]

    def __str__(self) -> str:
        return f"{self.clock} of {self.request_id}"
