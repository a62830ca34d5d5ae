"""A retention rule: one line of the retention schedule, readable by counsel."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db.models import DateTimeField, QuerySet

UNITS = ("years", "months", "days", "hours", "minutes")
DAY = timedelta(days=1)
NONE = relativedelta()


def in_words(keep_for: relativedelta) -> str:
    """A length in words: “2 years”; “until then” for none at all."""
    parts = [(getattr(keep_for, unit), unit) for unit in UNITS]
    words = [f"{n} {unit if n != 1 else unit[:-1]}" for n, unit in parts if n]
    return " ".join(words) or "until then"


def earlier(moment: datetime, length: relativedelta) -> datetime:
    """The last moment that is at least so much earlier. Where the month is too short (31 March,
    less a month) that is the end of its last day, so that nothing comes back that was over.
    """
    found = moment - length
    if found + length > moment - DAY:
        return found
    return found.replace(hour=0, minute=0, second=0, microsecond=0) + DAY - timedelta.resolution


def last_whole_day(moment: datetime) -> date:
    """The last day that is over by then."""
    return (moment + timedelta.resolution).date() - DAY


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

    `dispose` is the code of a disposition (`retention.dispositions`). A clock of days counts each
    of them whole: from its end, in UTC.
    """

    model: str
    clock: str
    keep_for: relativedelta
    basis: str
    dispose: str = "delete"
    subject: str = ""  # the field with the account's id, where a legal hold may cover rows
    from_year_end: bool = False  # counted from the end of the calendar year
    lag: relativedelta = NONE  # what the time is counted from, may be so much later

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
        moment = earlier(now.astimezone(UTC), self.keep_for)
        if self.from_year_end:
            moment = datetime(moment.year, 1, 1, tzinfo=UTC) - timedelta.resolution
        # From the next midnight, if it is a whole day that is over: months begin there.
        moment = earlier(moment + timedelta.resolution, self.lag) - timedelta.resolution
        clock = apps.get_model(self.model)._meta.get_field(self.clock)
        return moment if isinstance(clock, DateTimeField) else last_whole_day(moment)

    def day_is_over(self, day: date, now: datetime) -> bool:
        """Whether a whole day's partition may go: nothing before its time, all a day after."""
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        return end + self.keep_for <= now
