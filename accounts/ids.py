"""UUIDv7 (RFC 9562, 5.7): ids in time order, on which the gateway's tables are partitioned."""

import secrets
import time
from datetime import UTC, date, datetime
from uuid import UUID


def uuid7(at: datetime | None = None) -> UUID:
    """A new id. `at` makes it for another moment than now."""
    milliseconds = int((at.timestamp() if at else time.time()) * 1000)
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62
    return UUID(int=value | random & ((1 << 62) - 1))


def first_id(day: date) -> UUID:
    """The lower bound of a UTC day: it sorts before every id made on that day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return UUID(int=int(midnight.timestamp() * 1000) << 80)


def moment_of(identifier: UUID) -> datetime:
    """When the id was made, to the millisecond."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
