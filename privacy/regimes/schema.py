"""The form of a regime's file."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, HttpUrl, PrivateAttr, StringConstraints, model_validator

from privacy.regimes.spans import Clock, Extension, Pause, Strict
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

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Value = TypeVar("Value")


class Certainty(StrEnum):
    """How well a rule is known."""

    TEXT_READ = "text_read"  # the sentence of the law was read
    SECONDARY = "secondary"  # read about, in a guide or a survey
    FROM_KNOWLEDGE = "from_knowledge"  # remembered: look it up before relying on it
    POLICY = "policy"  # our own promise, no law


class Cleared(Strict):
    """Counsel's signature under one rule."""

    by: Text
    on: date


class Rule(Strict, Generic[Value]):
    """One thing that a law says. A value of none: the law was searched and says nothing.

    Attributes:
        since: Before that day the rule doesn't apply yet.
        cleared: Without it the rule only ever makes us more careful (privacy.regimes.careful).
    """

    value: Value | None
    citation: Text
    certainty: Certainty
    cleared: Cleared | None = None
    since: date | None = None
    note: str = ""
    _of: tuple[str, str, str] = PrivateAttr(("", "", ""))  # regime, rule, version

    @property
    def source(self) -> tuple[str, str, str]:
        return self._of


class Rights(Strict):
    access: Rule[Grant]
    rectification: Rule[Grant]
    erasure: Rule[Grant]
    portability: Rule[Grant]
    restriction: Rule[Grant]
    objection: Rule[Grant]
    opt_out_sale: Rule[Grant]
    opt_out_ads: Rule[Grant]
    opt_out_profiling: Rule[Grant]
    limit_sensitive: Rule[Grant]
    recipients: Rule[Recipients]


class Clocks(Strict):
    acknowledge: Rule[Clock]
    respond: Rule[Clock]
    refuse: Rule[Clock]
    opt_out: Rule[Clock] | None = None
    limit_sensitive: Rule[Clock] | None = None
    profiling: Rule[Clock] | None = None
    withdrawal: Rule[Clock] | None = None
    complaint: Rule[Clock] | None = None
    compliance_notice: Rule[Clock] | None = None
    appeal: Rule[Clock] | None = None
    breach_authority: Rule[Clock] | None = None
    breach_people: Rule[Clock] | None = None


class Extensions(Strict):
    respond: Rule[Extension]
    appeal: Rule[Extension] | None = None


class Pauses(Strict):
    identity: Rule[Pause]
    clarification: Rule[Pause]
    fee: Rule[Pause]


class Duties(Strict):
    appeal: Rule[Appeal]
    free_requests: Rule[FreeRequests]
    agents: Rule[Agents]
    verification: Rule[Verification]
    signal: Rule[Signal]
    records: Rule[Records]
    downstream: Rule[Downstream]
    child: Rule[Child]
    silence: Rule[Silence] | None = None
    hold: Rule[Hold] | None = None
    keeping: Rule[Keeping] | None = None
    withheld: Rule[Withheld] | None = None
    appeal_refused: Rule[Letter] | None = None


SECTIONS = ("rights", "clocks", "extensions", "pauses", "duties")


class Calendar(Strict):
    """Days not worked: weekends, and a country's holidays as the package `holidays` knows them.

    Attributes:
        strict_weekend: The fewest days off that a strict reader would grant.
    """

    holidays: str | None = None
    subdivision: str | None = None
    weekend: tuple[Weekday, ...] = ("sat", "sun")
    strict_weekend: tuple[Weekday, ...] = ("sun",)


class RuleSet(Strict):
    """A regime: one law with all its rules, as its file says or as they take effect."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    act: Text
    page: HttpUrl | None
    places: tuple[str, ...]
    applies: Literal["likely", "by_policy"]
    since: date
    why: Text
    calendar: Calendar = Calendar()
    rights: Rights
    clocks: Clocks
    extensions: Extensions
    pauses: Pauses
    duties: Duties
    notes: tuple[str, ...] = ()
    _version: str = PrivateAttr("")

    @model_validator(mode="after")
    def policy_is_only_ours(self) -> "RuleSet":
        claims = [name for name, rule in self.rules() if rule.certainty is Certainty.POLICY]
        if claims and self.id != "default":
            raise ValueError(f"only default has rules of policy: {', '.join(claims)}")
        return self

    @property
    def version(self) -> str:
        """The hash of the file, to be frozen on a request."""
        return self._version

    def rules(self) -> list[tuple[str, Rule[Any]]]:
        """Every rule with its id, like `clocks.respond`."""
        return [
            (f"{section}.{name}", rule)
            for section in SECTIONS
            for name in type(getattr(self, section)).model_fields
            if (rule := getattr(getattr(self, section), name)) is not None
        ]


__all__ = ["Calendar", "Certainty", "Cleared", "Field", "Rule", "RuleSet"]
