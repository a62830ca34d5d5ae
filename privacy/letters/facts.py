"""Everything that a letter may speak of, as plain values."""

from dataclasses import dataclass
from datetime import date

from privacy.grounds import GroundRow, Held
from privacy.letters.parts import (
    Corrected,
    Declined,
    Finished,
    FollowUp,
    Identifier,
    Informed,
    NotCorrected,
    Office,
    Refused,
    StoppedUse,
    Waiting,
)


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
    declined: tuple[Declined, ...] | None = None
    found: tuple[str, ...] | None = None

    # What we refused, and who else decides
    refused: tuple[Refused, ...] | None = None
    was_refused: bool | None = None
    stops_anyway: tuple[str, ...] | None = None
    not_ours: bool | None = None
    rest: tuple[str, ...] | None = None
    record: GroundRow | None = None
    proof_citation: str | None = None
    asked_for_copy: bool | None = None
    practices_url: str | None = None
    appeal_until: date | None = None

    # After an erasure
    searched: tuple[str, ...] | None = None
    erased_on: date | None = None
    backups_until: date | None = None
    erased: tuple[str, ...] | None = None
    kept: tuple[GroundRow, ...] | None = None
    waiting: tuple[Waiting, ...] | None = None
    expiring: tuple[Waiting, ...] | None = None
    finished: tuple[Finished, ...] | None = None
    held: tuple[Held, ...] | None = None

    # After a restriction or a correction
    stopped: tuple[StoppedUse, ...] | None = None
    stopped_meanwhile: tuple[str, ...] | None = None
    resuming: tuple[str, ...] | None = None
    resumes_on: date | None = None
    corrected: tuple[Corrected, ...] | None = None
    not_corrected: tuple[NotCorrected, ...] | None = None

    # Who else was told of a change
    recipients_told: tuple[Informed, ...] | None = None

    # Where the person’s laws have what the letter tells
    right_laws: tuple[str, ...] | None = None
    telling_laws: tuple[str, ...] | None = None

    # A request that goes to a customer of ours
    customer_name: str | None = None
    person_address: str | None = None
    address_confirmed: bool | None = None
    forwarded_on: date | None = None
    help_days: int | None = None

    # Who acts for somebody else
    by_guardian: bool | None = None
    proof_url: str | None = None
    proof_days: int | None = None
    proof_problem: str | None = None

    # When nobody uses an account
    quiet_since: date | None = None
    dormant_ends_on: date | None = None

    # When we need longer, or something of the person
    extended_from: date | None = None
    extended_until: date | None = None
    extension_days: int | None = None
    extension_reasons: tuple[str, ...] | None = None
    extension_text: str | None = None
    extension_citations: tuple[str, ...] | None = None
    question_missing: str | None = None
    question_why: str | None = None
    pause_citations: tuple[str, ...] | None = None

    # Appeals and complaints
    is_appeal: bool | None = None
    answer_on: date | None = None
    upheld: bool | None = None
    partly_upheld: bool | None = None
    rejected: bool | None = None
    decision: str | None = None
    follow_up: tuple[FollowUp, ...] | None = None
    first_reference: str | None = None

    # Who else decides
    offices: tuple[Office, ...] | None = None
    courts: tuple[str, ...] | None = None

    # To a processor
    processor: str | None = None
    identifiers: tuple[Identifier, ...] | None = None
    task_reference: str | None = None
    task_due_on: date | None = None
    reply_to: str | None = None
