"""A year of requests under every law: counted day by day, each date is the formula's date."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from privacy.deadlines import ExtensionNotice, Facts, Stop
from privacy.deadlines.reckon import due as by_formula
from privacy.deadlines.working_days import as_the_law_counts, as_the_strictest_counts
from privacy.regimes.loader import regime_files
from privacy.regimes.resolver import Law
from privacy.regimes.schema import RuleSet
from privacy.regimes.spans import Clock, Start
from tests.privacy.deadlines import day_by_day
from tests.privacy.deadlines.cases import cleared, law

REQUESTS = 5_000
REASONS = ("complexity", "number_of_requests", "consultations", "backlog")
CLOCKS = ("respond", "respond", "respond", "appeal", "opt_out", "acknowledge", "refuse")


def some_day(chance: random.Random, first: date, days: int) -> date:
    return first + timedelta(days=chance.randrange(days))


def some_stop(chance: random.Random, day: date) -> Stop:
    asked = some_day(chance, day, 50)
    answered = None if chance.random() < 0.1 else some_day(chance, asked, 40)
    return Stop(chance.choice(["identity", "clarification", "fee"]), asked, answered)


def some_notice(chance: random.Random, day: date) -> ExtensionNotice | None:
    if chance.random() < 0.5:
        return None
    reasons = tuple(chance.sample(REASONS, chance.randrange(3)))
    return ExtensionNotice(some_day(chance, day, 60), reasons, some_day(chance, day, 120))


def some_request(chance: random.Random) -> Facts:
    at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(365 * 24 * 60))
    day = at.date()
    return Facts(
        received_at=at,
        zones=tuple(chance.sample(["America/New_York", "Asia/Tokyo"], chance.randrange(3))),
        events={Start.APPEAL: at + timedelta(days=chance.randrange(90))},
        stops=tuple(some_stop(chance, day) for _ in range(chance.randrange(4))),
        notice=some_notice(chance, day),
        appeal_notice=some_notice(chance, day + timedelta(days=40)),
        acting_in=chance.choice([None, "IE", "DE"]),
    )


def counted(regime: RuleSet, name: str, right: str, facts: Facts, *, strict: bool) -> date | None:
    rule = getattr(regime.clocks, name)
    if rule is None or rule.value is None:
        return None
    calendar = regime.calendar
    days = (
        as_the_strictest_counts(calendar)
        if strict
        else as_the_law_counts(calendar, facts.acting_in)
    )

    def sweep(clock: Clock) -> day_by_day.Sweep:
        return day_by_day.Sweep(clock, regime, days, strict, right)

    more = getattr(regime.extensions, name, None)
    told = {"respond": facts.notice, "appeal": facts.appeal_notice}.get(name)
    stops = facts.stops if name in ("respond", "refuse") else ()
    return day_by_day.due(rule.value, more and more.value, told, sweep, facts, stops)


@pytest.mark.acceptance("RIGHT-Y01")
def test_every_date_of_a_simulated_year_is_the_same_counted_day_by_day() -> None:
    chance = random.Random(20270101)  # noqa: S311  (the same year each time)
    wrong, seen = [], 0
    for number in range(REQUESTS):
        facts, name = some_request(chance), chance.choice(CLOCKS)
        right = chance.choice(["access", "erasure"])
        at: Law = chance.choice([law, cleared])(chance.choice(sorted(regime_files())))
        answer = by_formula(at, name, right, facts)
        if answer is None:
            continue
        seen += 1
        legal = counted(at.written, name, right, facts, strict=False)
        safe = counted(at.effective, name, right, facts, strict=True)
        if (answer.legal_due, answer.safe_due) != (legal, safe):
            wrong.append((number, at.id, name, answer.legal_due, legal, answer.safe_due, safe))
    assert wrong == []
    assert seen > REQUESTS * 0.95
