"""A correction as staff see it: which field in which system, and whether it stands there."""

from dataclasses import dataclass
from datetime import datetime

from privacy.admin.words import error_words
from privacy.connectors.registry import connectors
from privacy.correctable import OTHER, label_of
from privacy.models import CorrectedValue, FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, Right, executors
from privacy.selectors.corrections import entered

State = FulfilmentStep.State
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
    if Executor.CORRECT not in executors(request.rights):
        return None
    patch = entered(request)
    steps = {step.key: step for step in request.steps.filter(action__in=["correct", *Right])}
    rows = [
        row
        for name, connector in connectors().items()
        if connector.corrects & patch.keys()
        for row in system_rows(request, name, patch, steps.get(f"{name}:correct"), revealed)
    ]
    if OTHER in patch:
        rows.append(by_hand(patch, steps.get(f"manual:{Right.RECTIFICATION}"), revealed))
    return CorrectionPage(rows, revealed)


def system_rows(
    request: PrivacyRequest,
    name: str,
    patch: dict[str, str],
    step: FulfilmentStep | None,
    revealed: bool,
) -> list[FieldRow]:
    """A row per field and record once the old values are written down, a row per field before."""
    connector = connectors()[name]
    known: dict[str, list[CorrectedValue]] = {}
    for value in request.corrected.filter(connector=name):
        known.setdefault(value.field, []).append(value)
    rows = []
    for field in (each for each in patch if each in connector.corrects):
        for value in known.get(field, [None]):
            old, new = (value.read("old") if value else "", patch[field]) if revealed else ("", "")
            at = value.applied_at if value else None
            shape, state = ("✓", "Written") if at else not_yet(step)
            rows.append(FieldRow(connector.title, label_of(field), shape, state, at, old, new))
    return rows


def not_yet(step: FulfilmentStep | None) -> tuple[str, str]:
    if step and step.state == State.PARKED:
        return "▲", f"Not written. {error_words(step.error, parked=True)}"
    return NOT_YET[step.state if step else ""]


def by_hand(patch: dict[str, str], step: FulfilmentStep | None, revealed: bool) -> FieldRow:
    """What no system has a field for."""
    new = patch[OTHER] if revealed else ""
    if step is None or step.state != State.DONE:
        return FieldRow("By hand", label_of(OTHER), "○", "Staff put it right by hand", new=new)
    if step.receipt.get("declined"):
        return FieldRow("By hand", label_of(OTHER), "–", "Declined", new=new)
    return FieldRow("By hand", label_of(OTHER), "✓", "Done", step.finished_at, new=new)
