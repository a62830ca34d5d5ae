"""A retention rule: one line of the retention schedule, readable by counsel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import QuerySet

UNITS = ("years", "months", "days", "hours", "minutes")


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Keep `model` for `keep_for`, counted from `clock`, because of `basis`; then dispose of it.

    `dispose` is the code of a disposition (`retention.services.dispose.DISPOSITIONS`).
    """

    model: str
    clock: str
    keep_for: relativedelta
    basis: str
    dispose: str = "delete"

    @property
    def name(self) -> str:
        return f"{self.model}.{self.clock}"

    @property
    def period(self) -> str:
        """How long, in words."""
        parts = [(getattr(self.keep_for, unit), unit) for unit in UNITS]
        words = [f"{n} {unit if n != 1 else unit[:-1]}" for n, unit in parts if n]
        return " ".join(words) or "until then"

    def expired(self, now: datetime) -> QuerySet[Any]:
        """The rows whose time is up."""
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return rows.filter(**{f"{self.clock}__lte": now - self.keep_for})
