"""What happened to a request: all that its dates follow from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from privacy.deadlines.extensions import ExtensionNotice
from privacy.deadlines.periods import earliest_day
from privacy.deadlines.stops import Stop
from privacy.regimes.spans import Start


@dataclass(frozen=True, slots=True)
class Facts:
    """Moments and notices, as stored with the request.

    Attributes:
        received_at: When it reached any channel of ours, not when somebody read or entered it.
        zones: Time zones of the person and of us: the earliest of their dates counts.
        events: Other events that start clocks: an appeal, a complaint, a breach known.
        stops: What was asked of the person.
        notice: The extension that the person was told of.
        appeal_notice: The same for an appeal.
        acting_in: The country whose holidays count where a law of the EU leaves that open: that of
            our representative.
    """

    received_at: datetime
    zones: tuple[str, ...] = ()
    events: Mapping[Start, datetime] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    notice: ExtensionNotice | None = None
    appeal_notice: ExtensionNotice | None = None
    acting_in: str | None = None

    @property
    def received_on(self) -> date:
        """The day of receipt: the earliest on any calendar that counts."""
        return earliest_day(self.received_at, self.zones)

    def moment(self, start: Start) -> datetime | None:
        return self.received_at if start is Start.RECEIPT else self.events.get(start)

    def day(self, start: Start) -> date | None:
        moment = self.moment(start)
        return earliest_day(moment, self.zones) if moment else None
