"""What a rule says, in a few words."""

from collections.abc import Callable
from typing import Any

from privacy.regimes.schema import Rule
from privacy.regimes.spans import Clock, Extension, Mode, Pause, Span, Start, Unit
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

OURS = "FluxRouter"  # who set a cap that stands in a law's own file
WITHOUT_NUMBER = {
    Unit.AT_ONCE: "at once",
    Unit.PROMPTLY: "promptly, no number",
    Unit.NAMED: "until a date that we name",
}
MODES = {
    Mode.NONE: "the clock runs on",
    Mode.STARTS_ON_ANSWER: "the clock starts with the answer",
    Mode.INCLUSIVE_DAYS: "days from asking to answer don't count, both included",
    Mode.SUSPENDED: "days after asking don't count, up to the answer",
    Mode.REFLECTION: "the clock starts after days to think it over",
}


def plain(code: str) -> str:
    return code.replace("_", " ")


def listed(items: tuple[str, ...]) -> str:
    return ", ".join(plain(item) for item in items)


def period(span: Span) -> str:
    if span.unit in WITHOUT_NUMBER:
        return WITHOUT_NUMBER[span.unit]
    unit = plain(span.unit)
    return f"{span.amount} {unit[:-1] if span.amount == 1 else unit}"


def length(value: Clock) -> str:
    """The period alone, with what caps it."""
    periods = [period(value), *(period(cap) for cap in value.never_after)]
    numbers = [each for each in dict.fromkeys(periods) if each != WITHOUT_NUMBER[Unit.PROMPTLY]]
    if value.unit is Unit.PROMPTLY and all(cap.because == OURS for cap in value.never_after):
        return "; ours is ".join([*periods[:1], *numbers])
    if Unit.AT_ONCE in (value.unit, *(cap.unit for cap in value.never_after)):
        return WITHOUT_NUMBER[Unit.AT_ONCE]
    return f"earliest of {', '.join(numbers)}" if len(numbers) > 1 else (numbers or periods)[0]


def counting(value: Clock) -> list[str]:
    parts = [f"from {plain(value.start)}"] if value.start is not Start.RECEIPT else []
    parts += ["moves to a working day"] if value.roll else []
    return parts + (["read strictly, the first day counts"] if value.counts_first_day else [])


def clock(value: Clock) -> str:
    said = [f"says {listed(value.must_state)}"] if value.must_state else []
    return "; ".join([length(value), *counting(value), *said])


def extension(value: Extension) -> str:
    total = length(value.total)
    parts = [
        total if value.total.unit is Unit.NAMED else f"{total} in all",
        f"told within {length(value.notice)}",
    ]
    parts += counting(value.total)
    parts += [f"for {listed(value.grounds)}"] if value.grounds else []
    parts += [f"says {listed(value.must_state)}"] if value.must_state else []
    return "; ".join(parts)


def pause(value: Pause) -> str:
    days = f" ({value.days} days)" if value.days else ""
    only = f"; only for {listed(value.only)}" if value.only else ""
    return MODES[value.mode] + days + only


def yes(granted: bool, *more: str) -> str:
    return "; ".join(["yes" if granted else "no", *(each for each in more if each)])


def grant(value: Grant) -> str:
    return yes(value.granted, *value.limits, *value.duties)


def free_requests(value: FreeRequests) -> str:
    free = "free" if value.free is None else f"{value.free} free in {value.months} months"
    refusals = f"refused if {listed(value.refusals)}" if value.refusals else "never refused"
    return f"{free}; {'a fee afterwards' if value.fee else 'no fee'}; {refusals}"


def appeal(value: Appeal) -> str:
    window = f"within {period(value.window)}" if value.window else "no end"
    names = [each.name for each in value.escalate]
    return yes(
        value.available,
        window if value.available else "",
        f"then {', '.join(names)}" if names else "",
        "a court" if value.court else "",
        f"says {listed(value.must_state)}" if value.must_state else "",
    )


def agents(value: Agents) -> str:
    parts = [f"for {plain(value.scope)}"]
    parts += [f"asked for {listed(value.demands)}"] if value.demands else []
    parts += [f"never {listed(value.forbidden)}"] if value.forbidden else []
    return "; ".join(parts)


def verification(value: Verification) -> str:
    most = ", ".join(f"{plain(right)}: {proof}" for right, proof in value.most.items())
    parts = [f"at most {most}"] if most else []
    parts += [f"never {listed(value.forbidden)}"] if value.forbidden else []
    return "; ".join(parts) or "nothing"


def downstream(value: Downstream) -> str:
    told = [name for name in ("processors", "recipients") if getattr(value, name)]
    since = f" of {value.months} months" if value.months else ""
    excuses = f"; not if {listed(value.excuses)}" if value.excuses else ""
    return (" and ".join(told) + since if told else "nobody") + excuses


def child(value: Child) -> str:
    states = ", ".join(f"{state} {age}" for state, age in value.states.items())
    return f"a parent below {value.age}" + (f"; {states}" if states else "")


def hold(value: Hold) -> str:
    until = f"{value.days} days" if value.days else "until the way to the authority has ended"
    return f"kept, {until}" if value.holds else "no"


SAY: dict[type, Callable[[Any], str]] = {
    Clock: clock,
    Extension: extension,
    Pause: pause,
    Grant: grant,
    Recipients: lambda value: "; ".join([str(value.naming), *value.limits]),
    Verification: verification,
    FreeRequests: free_requests,
    Agents: agents,
    Appeal: appeal,
    Signal: lambda value: yes(value.honour),
    Silence: lambda value: "a refusal" if value.is_refusal else "an overdue answer",
    Records: lambda value: f"{value.months} months",
    Hold: hold,
    Keeping: lambda value: f"{value.months} months" if value.months else "no",
    Downstream: downstream,
    Child: child,
    Withheld: lambda value: listed(value.items),
    Letter: lambda value: f"says {listed(value.must_state)}",
}


def say(rule: Rule[Any] | None) -> str:
    """What the law says."""
    if rule is None or rule.value is None:
        return "nothing"
    since = f"; from {rule.since}" if rule.since else ""
    return SAY[type(rule.value)](rule.value) + since


def unrolled(value: Any) -> Any:
    """A period as we keep it: we never use the days that a weekend would add."""
    if isinstance(value, Clock):
        return value.model_copy(update={"roll": False})
    if isinstance(value, Extension):
        return value.model_copy(update={"total": unrolled(value.total)})
    return value


def say_ours(rule: Rule[Any] | None) -> str:
    """What we do: the rule as it binds us, by the strictest reading."""
    value = unrolled(rule.value) if rule else None
    return SAY[type(value)](value) if value else "nothing"


def compared(law: Rule[Any] | None, ours: Rule[Any] | None) -> str:
    return "the same" if say(law) == say_ours(ours) else say_ours(ours)
