"""A rule that counsel hasn't cleared only makes us earlier, wider or more careful than default.

This is the one place that sees to it: `in_effect`. What *more careful* means for each kind of
value is the table `CAREFUL`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from privacy.regimes import merging
from privacy.regimes.schema import SECTIONS, Rule, RuleSet
from privacy.regimes.spans import Clock, Extension, Pause, Unit
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
    Recipients,
    Records,
    Signal,
    Silence,
    Verification,
    Withheld,
)


class Careful(NamedTuple):
    """What more careful means for a kind of value, and the more careful of two."""

    kind: str
    means: str
    of: Callable[[Any, Any], Any]


CAREFUL: dict[type, Careful] = {
    Clock: Careful("clock", "The earlier date.", merging.clock),
    Extension: Careful(
        "extension",
        "The earlier end, the earlier notice; only reasons that both accept; a law without one "
        "gives none.",
        merging.extension,
    ),
    Pause: Careful("pause", "The clock runs on.", merging.pause),
    Grant: Careful(
        "right", "Granted if either grants it; limits count for nothing.", merging.grant
    ),
    Recipients: Careful("recipients", "Recipients are told the more exactly.", merging.recipients),
    Verification: Careful(
        "verification", "The less proof may be asked for.", merging.verification
    ),
    FreeRequests: Careful(
        "free requests", "More are free, no fee, fewer refusals.", merging.free_requests
    ),
    Agents: Careful("agents", "More people may act; no demand beyond our own.", merging.agents),
    Appeal: Careful(
        "appeal", "We look again if either says so, and may be asked longer.", merging.appeal
    ),
    Signal: Careful(
        "signal",
        "Obeyed if either says so.",
        lambda rule, default: Signal(honour=rule.honour or default.honour),
    ),
    Silence: Careful(
        "silence",
        "Opens the way to the authority if either says so.",
        lambda rule, default: Silence(is_refusal=rule.is_refusal or default.is_refusal),
    ),
    Records: Careful(
        "records",
        "The record of the request is kept the longer.",
        lambda rule, default: Records(months=max(rule.months or 0, default.months or 0) or None),
    ),
    Hold: Careful("hold", "What was asked for outlasts the way to the authority.", merging.hold),
    Keeping: Careful(
        "keeping",
        "Data stays the shorter time against an erasure.",
        lambda rule, default: Keeping(months=min(rule.months, default.months)),
    ),
    Downstream: Careful("downstream", "More of them are told; fewer excuses.", merging.downstream),
    Child: Careful("child", "A parent decides up to the higher age.", merging.child),
    Withheld: Careful("withheld", "Only what default withholds.", lambda _, default: default),
    Letter: Careful(
        "letter",
        "The letter says all that either wants.",
        lambda rule, default: Letter(must_state=merging.both(rule.must_state, default.must_state)),
    ),
}


def in_effect(rule: Rule[Any] | None, default: Rule[Any] | None, on: date) -> Rule[Any] | None:
    """The rule as it binds us on a day. Where the law is silent, default speaks."""
    if rule is None or rule.value is None or (rule.since and rule.since > on):
        return default_or_silence(rule, default)
    if rule.cleared and not is_numberless(rule.value):
        return rule
    if default is None or default.value is None:
        return rule if isinstance(rule.value, Clock) else default
    of = CAREFUL[type(rule.value)].of
    return rule.model_copy(update={"value": of(rule.value, default.value)})


def default_or_silence(rule: Rule[Any] | None, default: Rule[Any] | None) -> Rule[Any] | None:
    """An extension that the law doesn't know isn't given by ours.

    A clock of ours that stands in gets itself as a cap: holidays of the law's country, which our
    own calendar doesn't know, may not make it later.
    """
    if rule is not None and knows_no_extension(rule):
        return rule
    if default is None or not isinstance(default.value, Clock):
        return default
    return default.model_copy(update={"value": merging.clock(default.value, default.value)})


def is_numberless(value: Any) -> bool:
    """Where a law asks for haste and names no number, ours stays, whoever signed."""
    return isinstance(value, Clock) and value.unit is Unit.PROMPTLY


def knows_no_extension(rule: Rule[Any]) -> bool:
    return rule.value is None and rule.source[1].startswith("extensions.")


def effective(law: RuleSet, default: RuleSet, on: date) -> RuleSet:
    """The whole set as it binds us on a day."""
    if law.id == default.id:
        return law
    sections = {}
    for section in SECTIONS:
        ours, theirs = getattr(default, section), getattr(law, section)
        names = type(theirs).model_fields
        rules = {n: in_effect(getattr(theirs, n), getattr(ours, n), on) for n in names}
        sections[section] = theirs.model_copy(update=rules)
    return law.model_copy(update=sections)
