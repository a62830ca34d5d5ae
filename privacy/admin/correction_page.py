"""A correction as staff see it: which field in which system, and whether it stands there."""

from dataclasses import dataclass
from datetime import datetime

from privacy.admin.words import error_words
from privacy.connectors.registry import connectors
from privacy.correctable import OTHER, label_of
from privacy.models import CorrectedValue, FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, Right, executors
from privacy.selectors.corrections import entered
from privacy.selectors.refusals import granted_rights

State = FulfilmentStep.State
Telling = tuple[str, str, datetime | None]  # shape, words, since when
# What is said of a field that isn't written yet, by the state of its step.
NOT_YET: dict[str, tuple[str, str]] = {
    "": ("○", "Will be written"),
    State.BLOCKED: ("○", "Waits for its turn"),
    State.READY: ("◔", "Next"),
    State.RUNNING: ("◑", "Under way"),
    State.DONE: ("–", "Nothing there to correct"),
    State.CANCELLED: ("–", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of one record in one system. `old` and `new` are empty unless revealed."""

    system: str
    field: str
    shape: str
    state: str
    applied_at: datetime | None = None
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    rows: list[FieldRow]
    revealed: bool

    @property
    def is_missing(self) -> bool:
        return not self.rows


def correction_page(request: PrivacyRequest, *, revealed: bool = False) -> CorrectionPage | None:
    """None when nobody asked for a correction. `revealed` opens the values, for one look."""
    if Executor.CORRECT not in executors(granted_rights(request)):
        return None
    patch = entered(request)
    rows = [
        row
        for name, connector in connectors().items()
        if connector.corrects & patch.keys()
        for row in system_rows(request, name, patch, revealed)
    ]
    if OTHER in patch:
        new = patch[OTHER] if revealed else ""
        state = by_hand(step_of(request, "manual", Right.RECTIFICATION))
        rows.append(FieldRow("By hand", label_of(OTHER), *state, new=new))
    return CorrectionPage(rows, revealed)


def step_of(request: PrivacyRequest, connector: str, action: str) -> FulfilmentStep | None:
    steps = request.steps.filter(connector=connector, action=action)
    return steps.exclude(object="erasure").first()


def system_rows(
    request: PrivacyRequest, name: str, patch: dict[str, str], revealed: bool
) -> list[FieldRow]:
    """A row per field and record once the old values are written down, a row per field before."""
    connector = connectors()[name]
    known: dict[str, list[CorrectedValue | None]] = {}
    for value in request.corrected.filter(connector=name):
        known.setdefault(value.field, []).append(value)
    rows = []
    for field in (each for each in patch if each in connector.corrects):
        for row in known.get(field, [None]):
            old, new = (row.read("old") if row else "", patch[field]) if revealed else ("", "")
            state = state_of(request, name, row)
            rows.append(FieldRow(connector.title, label_of(field), *state, old=old, new=new))
    return rows


def state_of(request: PrivacyRequest, name: str, value: CorrectedValue | None) -> Telling:
    if value and value.applied_at:
        return "✓", "Written", value.applied_at
    step = step_of(request, name, "correct")
    if step and step.state == State.PARKED:
        return "▲", f"Not written. {error_words(step.error, parked=True)}", None
    handed_over = step_of(request, "manual", name)
    if value and handed_over:
        return by_hand(handed_over)
    return *NOT_YET[step.state if step else ""], None


def by_hand(step: FulfilmentStep | None) -> Telling:
    """What the system has no call for, or no system a field."""
    if step is None or step.state != State.DONE:
        return "○", "Staff put it right by hand", None
    if step.receipt.get("declined"):
        return "–", "Declined", None
    return "✓", "Done by hand", step.finished_at
