"""What an uncleared rule may never do, said apart from the code that prevents it."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from privacy.regimes.spans import Mode, Pause
from privacy.regimes.values import (
    Agents,
    Appeal,
    Child,
    Downstream,
    FreeRequests,
    Grant,
    Hold,
    Keeping,
    Letter,
    Naming,
    Proof,
    Recipients,
    Records,
    Scope,
    Signal,
    Silence,
    Verification,
    Withheld,
)


def within(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    return set(some) <= set(others)


def no_less(one: Enum, other: Enum) -> bool:
    """A member of a scale that doesn't stand before the other."""
    scale = list(type(one))
    return scale.index(one) >= scale.index(other)


def asks_no_more(rule: Verification, default: Verification) -> bool:
    asked = {right: rule.most.get(right, Proof.HIGH) for right in default.most}
    return all(no_less(most, asked[right]) for right, most in default.most.items())


def charges_no_more(rule: FreeRequests, default: FreeRequests) -> bool:
    free = rule.free is None or (default.free is not None and rule.free >= default.free)
    return free and rule.fee <= default.fee and within(rule.refusals, default.refusals)


def appeals_no_less(rule: Appeal, default: Appeal) -> bool:
    days = {"days": 1, "business_days": 1, "months": 30}
    lengths = [
        (each.window.amount or 0) * days.get(each.window.unit, 0) if each.window else None
        for each in (rule, default)
    ]
    long = lengths[0] is None or (lengths[1] is not None and lengths[0] >= lengths[1])
    return rule.available >= default.available and long


# By kind of value: whether the first is at least as careful as default.
NEVER: dict[type, Callable[[Any, Any], bool]] = {
    Pause: lambda rule, default: rule.mode is Mode.NONE,
    Grant: lambda rule, default: (
        rule.granted >= default.granted
        and within(rule.limits, default.limits)
        and within(default.duties, rule.duties)
    ),
    Recipients: lambda rule, default: (
        no_less(Naming(rule.naming), default.naming) and within(rule.limits, default.limits)
    ),
    Verification: asks_no_more,
    FreeRequests: charges_no_more,
    Agents: lambda rule, default: (
        no_less(Scope(rule.scope), default.scope) and within(rule.demands, default.demands)
    ),
    Appeal: appeals_no_less,
    Signal: lambda rule, default: rule.honour >= default.honour,
    Silence: lambda rule, default: rule.is_refusal >= default.is_refusal,
    Records: lambda rule, default: (rule.months or 0) >= (default.months or 0),
    Hold: lambda rule, default: rule.holds >= default.holds,
    Keeping: lambda rule, default: rule.months <= default.months,
    Downstream: lambda rule, default: (
        rule.processors >= default.processors
        and rule.recipients >= default.recipients
        and within(rule.excuses, default.excuses)
    ),
    Child: lambda rule, default: min([rule.age, *rule.states.values()]) >= default.age,
    Withheld: lambda rule, default: within(rule.items, default.items),
    Letter: lambda rule, default: within(default.must_state, rule.must_state),
}
