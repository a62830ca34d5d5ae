"""A retention rule: one line of the retention schedule, readable by counsel."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import DateTimeField, QuerySet

UNITS = ("years", "months", "days", "hours", "minutes")


def in_words(keep_for: relativedelta) -> str:
    """A length in words: “2 years”; “until then” for none at all."""
    parts = [(getattr(keep_for, unit), unit) for unit in UNITS]
    words = [f"{n} {unit if n != 1 else unit[:-1]}" for n, unit in parts if n]
    return " ".join(words) or "until then"


class External(NamedTuple):
    """What isn't a table of ours: what it is, where, how long it stays, who sees to that, why."""

    what: str
    where: str
    keep_for: str
    by: str
    basis: str


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Keep `model` for `keep_for`, counted from `clock`, because of `basis`; then dispose of it.

    `dispose` is the code of a disposition (`retention.dispositions`).
    """

    model: str
    clock: str
    keep_for: relativedelta
    basis: str
    dispose: str = "delete"
    subject: str = ""  # the field with the account's id, where a legal hold may cover rows

    @property
    def name(self) -> str:
        return f"{self.model}.{self.clock}"

    @property
    def period(self) -> str:
        """How long, in words."""
        return in_words(self.keep_for)

    @property
    def chain(self) -> UUID:
        """Of the events about this rule."""
        return uuid5(NAMESPACE_OID, f"retention {self.name}")

    def expired(self, now: datetime) -> QuerySet[Any]:
        """The rows whose time is up."""
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return rows.filter(**{f"{self.clock}__lte": self.last_moment(now)})

    def last_moment(self, now: datetime) -> datetime | date:
        """What the clock of the youngest row that is over says."""
        moment = now - self.keep_for
        clock = apps.get_model(self.model)._meta.get_field(self.clock)
        return moment if isinstance(clock, DateTimeField) else moment.date()

    def day_is_over(self, day: date, now: datetime) -> bool:
        """Whether a whole day's partition may go: nothing before its time, all a day after."""
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        return end + self.keep_for <= now
