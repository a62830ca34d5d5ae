"""Everything that a letter may speak of, as plain values."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from privacy.grounds import GroundRow


class Declined(NamedTuple):
    """A right that we refused, and why."""

    right: str
    reason: str


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


@dataclass(frozen=True, kw_only=True, repr=False)
class Facts:
    """None means: not looked up. Empty means: looked up, and there is nothing.

    Texts in it are in the language of the letter. It has no `repr`, as it holds personal data.
    """

    # About us
    site: str | None = None
    contact: str | None = None

    # About the request
    reference: str | None = None
    due_on: date | None = None
    rights: tuple[str, ...] | None = None
    by_agent: bool | None = None

    # Secrets, and how long they work
    verify_url: str | None = None
    status_url: str | None = None
    stop_url: str | None = None
    code: str | None = None
    verify_days: int | None = None
    status_days: int | None = None
    code_minutes: int | None = None

    # What becomes of it
    grace_hours: int | None = None
    paused: bool | None = None
    package_until: date | None = None
    reason: str | None = None
    declined: tuple[Declined, ...] | None = None

    # After an erasure
    searched: tuple[str, ...] | None = None
    erased: tuple[str, ...] | None = None
    kept: tuple[GroundRow, ...] | None = None
    waiting: tuple[Waiting, ...] | None = None
    expiring: tuple[Waiting, ...] | None = None
    finished: tuple[Finished, ...] | None = None

    # After a restriction or a correction
    stopped: tuple[StoppedUse, ...] | None = None
    resuming: tuple[str, ...] | None = None
    resumes_on: date | None = None
    corrected: tuple[Corrected, ...] | None = None
    not_corrected: tuple[NotCorrected, ...] | None = None

    # To a processor
    processor: str | None = None
    identifiers: tuple[Identifier, ...] | None = None
    task_reference: str | None = None
    task_due_on: date | None = None
    reply_to: str | None = None
