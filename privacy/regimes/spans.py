"""Periods of time as laws name them: clocks, extensions and pauses."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

Number = Annotated[int, Field(strict=True, ge=0, le=9999)]


class Strict(BaseModel):
    """A value of a rule: unknown names are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Unit(StrEnum):
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    HOURS = "hours"
    AT_ONCE = "at_once"  # on the day itself
    PROMPTLY = "promptly"  # the law names no number
    NAMED = "named"  # the date that we name in the notice


COUNTED = (Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS, Unit.HOURS)


class Start(StrEnum):
    """The event from which a period is counted."""

    RECEIPT = "receipt"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    AWARENESS = "awareness"  # somebody here knows of the breach
    DISCOVERY = "discovery"
    DETERMINATION = "determination"
    ASSESSMENT = "assessment"  # the breach is found to be notifiable
    PEOPLE_TOLD = "people_told"


class Span(Strict):
    """A period and what it is counted from. The day of the event itself is not counted."""

    amount: Number | None = None
    unit: Unit
    start: Start = Field(Start.RECEIPT, alias="from")

    @model_validator(mode="after")
    def only_counted_units_have_a_number(self) -> Self:
        if (self.unit in COUNTED) == (self.amount is None):
            needs = "needs an amount" if self.unit in COUNTED else "takes no amount"
            raise ValueError(f"unit {self.unit} {needs}")
        return self


class Cap(Span):
    """A period that a clock never outlasts, and who says so."""

    because: str


class Clock(Span):
    """A period in which we must act.

    Attributes:
        roll: An end on a day that is not worked moves to the next that is.
        counts_first_day: The strictest reading counts the day of the event as the first.
        skips_first_hour: Counted in full hours, so the hour of the event is not counted.
        never_after: The strictest reading ends with the first of these, if that is earlier.
        must_state: What the letter of this clock has to say.
    """

    roll: StrictBool = False
    counts_first_day: StrictBool = False
    skips_first_hour: StrictBool = False
    never_after: tuple[Cap, ...] = ()
    must_state: tuple[str, ...] = ()


class Extension(Strict):
    """More time, once: all of it from the first day, never added to an end that was computed.

    Attributes:
        total: First period and extension together.
        notice: By when the person must have been told, with reasons.
        grounds: The only reasons that count; none named means any that is stated.
    """

    total: Clock
    notice: Clock
    grounds: tuple[str, ...] | None = None
    must_state: tuple[str, ...] = ()


class Mode(StrEnum):
    """What waiting for the person does to the clock."""

    NONE = "none"
    STARTS_ON_ANSWER = "starts_on_answer"  # the period begins when the answer arrives
    INCLUSIVE_DAYS = "inclusive_days"  # days of asking, waiting and answer don't count
    SUSPENDED = "suspended"  # the same, but the day of asking counts
    REFLECTION = "reflection"  # the period begins when the days to think it over are past


class Pause(Strict):
    """What asking the person for something does to the clock.

    Attributes:
        strict: The pause stands in the law itself, so the strictest reading knows it too.
        only: The rights it concerns; none named means all.
        days: How long a reflection lasts.
    """

    mode: Mode
    strict: StrictBool = False
    only: tuple[str, ...] = ()
    days: Number = 0


Reason = Literal["identity", "clarification", "fee"]
