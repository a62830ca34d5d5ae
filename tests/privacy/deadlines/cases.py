"""Short ways to say what happened, and to ask one law when something is due."""

from datetime import UTC, date, datetime
from functools import cache

from privacy.deadlines import Due, Facts
from privacy.deadlines.reckon import due
from privacy.regimes.careful import effective
from privacy.regimes.loader import in_force, regime_files
from privacy.regimes.resolver import Law
from privacy.regimes.schema import Cleared, RuleSet

COUNSEL = Cleared(by="Example Counsel", on=date(2026, 1, 1))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def on(day: str) -> date:
    return date.fromisoformat(day)


@cache
def law(regime: str) -> Law:
    """The law as it binds us today: nothing is cleared yet."""
    return Law(regime_files()[regime], in_force(regime, date(2026, 11, 24)))


def signed(regime: RuleSet) -> RuleSet:
    """The same file with counsel's signature under every rule."""
    updates = {}
    for section in ("rights", "clocks", "extensions", "pauses", "duties"):
        part = getattr(regime, section)
        rules = {name: getattr(part, name) for name in type(part).model_fields}
        rules = {n: r and r.model_copy(update={"cleared": COUNSEL}) for n, r in rules.items()}
        updates[section] = part.model_copy(update=rules)
    return regime.model_copy(update=updates)


@cache
def cleared(regime: str) -> Law:
    """The law as it would bind us when counsel had cleared all of it."""
    written = signed(regime_files()[regime])
    return Law(written, effective(written, regime_files()["default"], date(2026, 11, 24)))


def asked(regime: Law, clock: str, facts: Facts, right: str = "access") -> Due:
    answer = due(regime, clock, right, facts)
    assert answer is not None
    return answer


def received(day: str, **more: object) -> Facts:
    return Facts(received_at=noon(day), **more)  # type: ignore[arg-type]


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)
