"""What facts of letters consist of, row by row."""

from datetime import date
from typing import NamedTuple


class Declined(NamedTuple):
    """A right that we refused, and why."""

    right: str
    reason: str


class Refused(NamedTuple):
    """A right, or a part of one, that we refused: why in general, where the law has that, and
    what is so in this case. `granted` is what we do all the same.
    """

    right: str
    part: bool
    reason: str
    citation: str
    explanation: str
    granted: str
    until: date | None


class Waiting(NamedTuple):
    """A part of a person's data in one system that can't go yet, why, and the day it goes."""

    system: str
    what: str
    reason: str
    until: date


class Finished(NamedTuple):
    """A part that had to wait, and the day on which it went."""

    system: str
    what: str
    on: date


class StoppedUse(NamedTuple):
    """A use that we stopped, what that means, and what goes on beside it."""

    use: str
    stops: str
    goes_on: str


class Corrected(NamedTuple):
    """The fields that we corrected in one system, by name. Never their values."""

    system: str
    fields: tuple[str, ...]


class NotCorrected(NamedTuple):
    """A field, by name, that we could not correct in one system, and why."""

    system: str
    field: str
    reason: str


class Identifier(NamedTuple):
    """How a processor knows the person: "Customer id", "cus_…"."""

    kind: str
    value: str


class Informed(NamedTuple):
    """A company that had to hear of a change: when it was told, when it confirmed it, or why it
    wasn't told.
    """

    company: str
    told_on: date | None
    confirmed_on: date | None
    reason: str


class Office(NamedTuple):
    """An authority that takes complaints, where, the law that says so, and within what time."""

    name: str
    url: str
    citation: str
    within: str = ""


class FollowUp(NamedTuple):
    """A request of ours that does what an appeal won."""

    rights: tuple[str, ...]
    reference: str
    due_on: date
