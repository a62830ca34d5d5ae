"""Ids in time order: the laws on which partitions by day rest."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import first_id, moment_of, uuid7

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 80 * 366 * 86_400 * 10**6).map(
    lambda n: FIRST + timedelta(microseconds=n)
)
DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))
MILLISECOND = timedelta(milliseconds=1)


@given(at=MOMENTS)
def test_an_id_is_a_uuid_of_version_seven(at: datetime) -> None:
    identifier = uuid7(at)
    assert (identifier.version, identifier.variant) == (7, RFC_4122)


@given(at=MOMENTS)
def test_an_id_tells_when_it_was_made_to_the_millisecond(at: datetime) -> None:
    assert timedelta(0) <= at - moment_of(uuid7(at)) <= MILLISECOND


@given(at=MOMENTS, later=st.timedeltas(2 * MILLISECOND, timedelta(days=9000)))
def test_later_ids_sort_later(at: datetime, later: timedelta) -> None:
    assert uuid7(at) < uuid7(at + later)


@given(at=MOMENTS)
def test_an_id_lies_between_its_days_bounds(at: datetime) -> None:
    day = at.date()
    assert first_id(day) <= uuid7(at) < first_id(day + timedelta(days=1))


@given(day=DAYS)
def test_the_edges_of_a_day_belong_to_it(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert first_id(day) < uuid7(midnight)
    assert uuid7(midnight - timedelta(microseconds=1)) < first_id(day)


@given(at=MOMENTS, hours=st.integers(-12, 14))
def test_the_zone_in_which_a_moment_is_told_does_not_matter(at: datetime, hours: int) -> None:
    told = at.astimezone(timezone(timedelta(hours=hours)))
    assert uuid7(told).int >> 80 == uuid7(at).int >> 80


def test_ids_of_one_moment_differ() -> None:
    at = datetime(2027, 3, 14, tzinfo=UTC)
    assert len({uuid7(at) for _ in range(10_000)}) == 10_000


def test_an_id_without_a_moment_is_of_now() -> None:
    assert abs(datetime.now(UTC) - moment_of(uuid7())) < timedelta(seconds=5)
    assert isinstance(uuid7(), UUID)
