"""What an account used, day by day: the record behind its invoices."""

from django.db import models


class UsageStatement(models.Model):
    """One account, one day, one model. Outlives the calls it sums up, hence no foreign key."""

    account_id = models.UUIDField()
    day = models.DateField()
    provider = models.CharField(max_length=50)
    model = models.CharField(max_length=100)
    requests = models.PositiveBigIntegerField()
    input_tokens = models.PositiveBigIntegerField()
    output_tokens = models.PositiveBigIntegerField()
    cost_usd = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "day", "provider", "model"], name="stated_once"
            )
        ]
        indexes = [models.Index(fields=["day", "id"], name="statement_by_day")]

    def __str__(self) -> str:
        return f"usage statement {self.pk}"
