"""What holds for every law, every request and every day."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privacy.deadlines import Due, ExtensionNotice, Facts, dues, earliest
from privacy.deadlines.reckon import due
from privacy.regimes.resolver import Law, resolve
from tests.privacy.deadlines import strategies as some
from tests.privacy.deadlines.cases import cleared, law, on, received

READINGS = st.sampled_from([law, cleared])
Reads = Callable[[str], Law]
LATER = st.timedeltas(timedelta(0), timedelta(days=90))


def not_earlier(one: date | None, other: date | None) -> bool:
    """Whether the first isn't before the second, as far as both are dates."""
    return one is None or other is None or one >= other


def both(reads: Reads, regime: str, clock: str, right: str, *cases: Facts) -> list[Due]:
    found = [due(reads(regime), clock, right, each) for each in cases]
    assume(all(found))
    return [each for each in found if each]


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts(quiet=True), later=LATER)  # fmt: skip
def test_who_asks_later_is_never_due_earlier(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts, later: timedelta
) -> None:
    moved = {start: moment + later for start, moment in facts.events.items()}
    after = replace(facts, received_at=facts.received_at + later, events=moved)
    one, two = both(reads, regime, clock, right, facts, after)
    assert not_earlier(two.safe_due, one.safe_due)
    assert not_earlier(two.legal_due, one.legal_due)


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts(), data=st.data())  # fmt: skip
def test_an_extension_never_moves_an_end_earlier(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts, data: st.DataObject
) -> None:
    plain = replace(facts, notice=None, appeal_notice=None)
    notice = data.draw(some.notices(facts.received_at.date()))
    told = replace(plain, notice=notice, appeal_notice=notice)
    one, two = both(reads, regime, clock, right, plain, told)
    assert not_earlier(two.safe_due, one.safe_due)
    assert not_earlier(two.legal_due, one.legal_due)


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts(), data=st.data())  # fmt: skip
def test_a_pause_never_shortens(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts, data: st.DataObject
) -> None:
    stop = data.draw(some.stops(facts.received_at.date()))
    longer = replace(facts, stops=(*facts.stops, stop))
    one, two = both(reads, regime, clock, right, facts, longer)
    assert not_earlier(two.safe_due, one.safe_due)
    assert not_earlier(two.legal_due, one.legal_due)


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts())  # fmt: skip
def test_the_same_pause_told_twice_counts_once(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts
) -> None:
    twice = replace(facts, stops=facts.stops * 2)
    one, two = both(reads, regime, clock, right, facts, twice)
    assert one == two


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts())  # fmt: skip
def test_the_strict_date_is_never_after_the_legal_one_and_the_target_never_after_it(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts
) -> None:
    (answer,) = both(reads, regime, clock, right, facts)
    assert not_earlier(answer.legal_due, answer.safe_due)
    assert answer.internal_target <= answer.safe_due


@given(regime=some.regimes, clock=some.clocks, right=some.rights, facts=some.facts())
def test_what_counsel_hasnt_cleared_is_never_due_after_default(
    regime: str, clock: str, right: str, facts: Facts
) -> None:
    one, ours = due(law(regime), clock, right, facts), due(law("default"), clock, right, facts)
    assume(ours)
    assert one
    assert ours
    assert one.safe_due <= ours.safe_due


@given(reads=READINGS, regime=some.regimes, clock=some.clocks, right=some.rights,
       facts=some.facts(), offset=st.integers(-12, 14))  # fmt: skip
def test_the_zone_in_which_a_moment_is_written_doesnt_matter(
    reads: Reads, regime: str, clock: str, right: str, facts: Facts, offset: int
) -> None:
    elsewhere = timezone(timedelta(hours=offset))
    moved = {start: moment.astimezone(elsewhere) for start, moment in facts.events.items()}
    abroad = replace(facts, received_at=facts.received_at.astimezone(elsewhere), events=moved)
    one, two = both(reads, regime, clock, right, facts, abroad)
    assert one == two


@pytest.fixture(params=["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "UTC"])
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("moment", ["2027-03-28T00:59", "2027-03-28T01:01", "2026-10-25T00:30"])
def test_neither_the_servers_zone_nor_summer_time_matters(process_zone: str, moment: str) -> None:
    at = datetime.fromisoformat(f"{moment}:00+00:00")
    facts = Facts(at, events={some.Start.AWARENESS: at})
    found = earliest(dues(resolve("DE", on=at.date()), "access", facts))
    assert os.environ["TZ"] == process_zone
    assert found["breach_authority"].safe_at == at + timedelta(hours=72)
    assert found["respond"].safe_due == min(at.date() + timedelta(days=30), on_next_month(at))


def on_next_month(at: datetime) -> date:
    year, month = divmod(at.year * 12 + at.month, 12)
    return date(year, month + 1, at.day)


@given(sent=st.integers(0, 45))
def test_in_california_an_extension_ends_ninety_days_after_receipt_whenever_it_was_told(
    sent: int,
) -> None:
    day = on("2026-11-24")
    notice = ExtensionNotice(day + timedelta(days=sent), ("complexity",))
    answer = due(law("us_ca_ccpa"), "respond", "access", received("2026-11-24", notice=notice))
    assert answer
    assert answer.legal_due == day + timedelta(days=90)
