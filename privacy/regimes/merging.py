"""The more careful of two values of a rule, one function for each kind that needs one."""

from collections.abc import Iterable
from enum import Enum
from typing import TypeVar

from privacy.regimes.spans import Cap, Clock, Extension, Mode, Pause, Span
from privacy.regimes.values import (
    Agents,
    Appeal,
    Child,
    Downstream,
    FreeRequests,
    Grant,
    Hold,
    Recipients,
    Verification,
)

DAYS_IN = {"days": 1, "business_days": 1, "months": 30}
Level = TypeVar("Level", bound=Enum)


def both(*lists: Iterable[str]) -> tuple[str, ...]:
    """Everything that any of the lists names, each once."""
    return tuple(dict.fromkeys(item for each in lists for item in each))


def common(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    allowed = set(others)
    return tuple(item for item in some if item in allowed)


def higher(one: Level, other: Level) -> Level:
    return max(one, other, key=list(type(one)).index)


def lower(one: Level, other: Level) -> Level:
    return min(one, other, key=list(type(one)).index)


def longer(one: int | None, other: int | None) -> int | None:
    """The larger number, where none means without end."""
    return None if one is None or other is None else max(one, other)


def length(span: Span) -> int:
    return (span.amount or 0) * DAYS_IN.get(span.unit, 0)


def clock(rule: Clock, default: Clock) -> Clock:
    named = default.model_dump(include={"amount", "unit", "start"})
    caps = (*rule.never_after, Cap(**named, because="default"), *default.never_after)
    said = both(rule.must_state, default.must_state)
    return rule.model_copy(update={"never_after": caps, "must_state": said})


def extension(rule: Extension, default: Extension) -> Extension:
    grounds = rule.grounds if default.grounds is None else default.grounds
    if rule.grounds is not None and default.grounds is not None:
        grounds = common(rule.grounds, default.grounds)
    return Extension(
        total=clock(rule.total, default.total),
        notice=clock(rule.notice, default.notice),
        grounds=grounds,
        must_state=both(rule.must_state, default.must_state),
    )


def pause(rule: Pause, default: Pause) -> Pause:
    return rule if rule.mode is Mode.NONE else default


def grant(rule: Grant, default: Grant) -> Grant:
    return Grant(
        granted=rule.granted or default.granted,
        limits=common(rule.limits, default.limits),
        duties=both(rule.duties, default.duties),
    )


def recipients(rule: Recipients, default: Recipients) -> Recipients:
    return Recipients(
        naming=higher(rule.naming, default.naming), limits=common(rule.limits, default.limits)
    )


def verification(rule: Verification, default: Verification) -> Verification:
    shared = {right: lower(rule.most[right], default.most[right]) for right in rule.most
              if right in default.most}  # fmt: skip
    return Verification(
        most={**rule.most, **default.most, **shared},
        forbidden=both(rule.forbidden, default.forbidden),
    )


def free_requests(rule: FreeRequests, default: FreeRequests) -> FreeRequests:
    free = longer(rule.free, default.free)
    months = [each.months for each in (rule, default) if each.months is not None]
    return FreeRequests(
        free=free,
        months=min(months) if months and free is not None else None,
        fee=rule.fee and default.fee,
        refusals=common(rule.refusals, default.refusals),
    )


def agents(rule: Agents, default: Agents) -> Agents:
    forbidden = both(rule.forbidden, default.forbidden)
    return Agents(
        scope=higher(rule.scope, default.scope),
        demands=tuple(each for each in default.demands if each not in forbidden),
        forbidden=forbidden,
    )


def appeal(rule: Appeal, default: Appeal) -> Appeal:
    windows = [each.window for each in (rule, default) if each.available and each.window]
    endless = any(each.available and each.window is None for each in (rule, default))
    return Appeal(
        available=rule.available or default.available,
        window=None if endless or not windows else max(windows, key=length),
        escalate=tuple(dict.fromkeys((*rule.escalate, *default.escalate))),
        court=rule.court or default.court,
        must_state=both(rule.must_state, default.must_state),
    )


def hold(rule: Hold, default: Hold) -> Hold:
    days = [each.days for each in (rule, default) if each.holds]
    numbers = [each for each in days if each is not None]
    longest = max(numbers) if numbers and len(numbers) == len(days) else None
    return Hold(holds=bool(days), days=longest)


def downstream(rule: Downstream, default: Downstream) -> Downstream:
    return Downstream(
        processors=rule.processors or default.processors,
        recipients=rule.recipients or default.recipients,
        months=longer(rule.months, default.months),
        excuses=common(rule.excuses, default.excuses),
    )


def child(rule: Child, default: Child) -> Child:
    ages = {state: max(age, default.age) for state, age in rule.states.items()}
    return Child(age=max(rule.age, default.age), states=ages)
