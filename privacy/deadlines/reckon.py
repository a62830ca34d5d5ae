"""When something is due: pure functions of what happened and what the laws say."""

from collections.abc import Iterable
from datetime import date, datetime

from privacy.deadlines.due import Due, Source
from privacy.deadlines.extensions import extends
from privacy.deadlines.facts import Facts
from privacy.deadlines.periods import end_in_hours, end_of_day
from privacy.deadlines.readings import End, Reading
from privacy.regimes.resolver import Law, Laws
from privacy.regimes.schema import Rule, RuleSet
from privacy.regimes.spans import Clock, Extension, Unit

# The clock that a right is answered by; every other right has `respond`.
CLOCK_OF = {
    "opt_out_sale": "opt_out",
    "opt_out_ads": "opt_out",
    "opt_out_profiling": "profiling",
    "limit_sensitive": "limit_sensitive",
    "withdrawal": "withdrawal",
}
TOLD = "notice"  # a date that we told the person binds us, whatever the law would have given
OTHER_CLOCKS = (
    "acknowledge",
    "refuse",
    "compliance_notice",
    "appeal",
    "complaint",
    "breach_authority",
    "breach_people",
)


def clock_rule(regime: RuleSet, name: str, on: date) -> Rule[Clock] | None:
    rule: Rule[Clock] | None = getattr(regime.clocks, name)
    waits = rule is not None and rule.since is not None and rule.since > on
    return None if rule is None or rule.value is None or waits else rule


def extension_of(regime: RuleSet, name: str) -> Extension | None:
    rule = getattr(regime.extensions, name, None)
    return rule.value if rule else None


def legal_end(reading: Reading, clock: Clock) -> date | None:
    base = reading.legal(clock)
    rule, notice = extension_of(reading.regime, reading.name), reading.notice
    if not rule or not notice or not extends(notice, rule, reading.legal(rule.notice)):
        return base
    end = reading.legal(rule.total, notice.until)
    if end is None and rule.total.unit is Unit.NAMED:
        return base
    return max(base, end) if base and end else None  # it stands still until they answer


def strict_end(reading: Reading, clock: Clock) -> tuple[End | None, bool]:
    """The strictest end, and whether an extension moved it."""
    base = reading.strictest(clock)
    rule, notice = extension_of(reading.regime, reading.name), reading.notice
    if not base or not rule or not notice:
        return base, False
    by = reading.strictest(rule.notice)
    if not extends(notice, rule, by.day if by else None):
        return base, False
    end = reading.strictest(rule.total, notice.until)
    if end and notice.until and notice.until < end.day:
        end = End(notice.until, because=TOLD)
    return (end, True) if end and end.day > base.day else (base, False)


def legal_due(law: Law, name: str, right: str, facts: Facts, on: date) -> date | None:
    rule = clock_rule(law.written, name, on)
    if rule is None or rule.value is None:
        return None
    return legal_end(Reading(name, right, law.written, facts, strict=False), rule.value)


def due(law: Law, name: str, right: str, facts: Facts) -> Due | None:
    """One clock of one law. None: the law doesn't know it, or what starts it didn't happen."""
    on = facts.received_on
    rule = clock_rule(law.effective, name, on)
    start = facts.day(rule.value.start) if rule and rule.value else None
    if rule is None or rule.value is None or start is None:
        return None
    if rule.value.unit is Unit.HOURS:
        return due_in_hours(law, name, rule, facts)
    reading = Reading(name, right, law.effective, facts, strict=True)
    end, extended = strict_end(reading, rule.value)
    if end is None:
        return None
    return Due(
        clock=name,
        source=Source(*rule.source),
        start=start,
        legal_due=legal_due(law, name, right, facts, on),
        safe_due=end.day,
        bounded_by=end.because,
        safe_at=end.at,
        extended=extended,
    )


def due_in_hours(law: Law, name: str, rule: Rule[Clock], facts: Facts) -> Due | None:
    clock = rule.value
    moment = facts.moment(clock.start) if clock else None
    start = facts.day(clock.start) if clock else None
    if clock is None or moment is None or start is None:
        return None
    reading = Reading(name, "", law.effective, facts, strict=True)
    own = end_in_hours(clock, moment)
    ends = [End(own.date(), own), *(reading.capped(cap, clock) for cap in clock.never_after)]
    first = min(ends, key=moment_of)
    legal = end_in_hours(clock, moment, skips_first_hour=clock.skips_first_hour)
    return Due(
        clock=name,
        source=Source(*rule.source),
        start=start,
        legal_due=legal.date(),
        safe_due=first.day,
        bounded_by=first.because,
        safe_at=moment_of(first),
        legal_at=legal,
    )


def moment_of(end: End) -> datetime:
    return end.at or end_of_day(end.day)


def dues(laws: Laws, right: str, facts: Facts) -> tuple[Due, ...]:
    """Every clock of every law that applies, the most urgent first."""
    names = (CLOCK_OF.get(right, "respond"), *OTHER_CLOCKS)
    found = [due(law, name, right, facts) for law in laws.of for name in names]
    return tuple(sorted((each for each in found if each), key=lambda each: each.safe_due))


def earliest(found: Iterable[Due]) -> dict[str, Due]:
    """Of each clock the one to work by: the earliest of all laws that apply at once."""
    first: dict[str, Due] = {}
    for each in sorted(found, key=lambda one: (one.safe_due, one.source)):
        first.setdefault(each.clock, each)
    return first
