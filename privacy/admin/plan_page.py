"""The plan of a request as staff read it: per system what is there and what happens to it."""

from dataclasses import dataclass, field
from typing import Any

from privacy.admin.offers import offer_words
from privacy.admin.words import error_words, kind_title
from privacy.connectors.registry import connectors
from privacy.grounds import BLOCKERS, GROUNDS, Ground, GroundRow
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, executors
from privacy.selectors.drift import drift
from privacy.selectors.refusals import granted_rights
from privacy.services.fulfilment import plan
from privacy.services.fulfilment.steps import asked
from privacy.standing_rules import STANDING_RULES, scheduled
from retention.words import name_of, time_of

State = FulfilmentStep.State


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays under one ground: kinds with their counts."""

    ground: GroundRow
    counts: list[tuple[str, int]]


@dataclass(slots=True)
class SystemRow:
    """One system: its answer, or why there is none yet."""

    title: str
    answered: bool = False
    silence: str = ""
    shape: str = "◔"
    found: list[tuple[str, int]] = field(default_factory=list)
    erase: list[tuple[str, int]] = field(default_factory=list)
    keep: list[Kept] = field(default_factory=list)
    blockers: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)  # blockers that somebody looked at
    actions: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)  # optional actions
    more: list[tuple[str, int]] = field(default_factory=list)  # than was approved

    @property
    def to_erase(self) -> int:
        return sum(number for _, number in self.erase)


@dataclass(slots=True)
class PlanPage:
    """All systems, and what will be done with what they hold."""

    systems: list[SystemRow]
    exports: bool
    erases: bool
    frozen: bool
    standing: str  # the rule that approves in place of two people, in words; "" for none

    @property
    def erasing(self) -> list[SystemRow]:
        return [row for row in self.systems if row.to_erase]

    @property
    def to_erase(self) -> int:
        return sum(row.to_erase for row in self.systems)

    @property
    def to_keep(self) -> int:
        return sum(
            number for row in self.systems for kept in row.keep for _, number in kept.counts
        )

    @property
    def found(self) -> int:
        return sum(number for row in self.systems for _, number in row.found)

    @property
    def title(self) -> str:
        """“Erase in 3 systems”: the button says what it does."""
        number = len(self.erasing)
        return f"Erase in {number} system{'' if number == 1 else 's'}"


def plan_page(request: PrivacyRequest) -> PlanPage:
    """As approved, once it is; as the systems answered in the latest look, before."""
    kinds = executors(granted_rights(request))
    frozen = request.approved_at is not None
    parts = request.plan if frozen else plan.current_plan(request)
    looks = {
        step.connector: step
        for step in request.steps.filter(action="discover", object=str(request.round))
    }
    more = drift(request) if frozen else {}
    names = [name for name in connectors() if name in {*asked(request), *parts}]
    rows = [system_row(name, parts.get(name), looks.get(name)) for name in names]
    for name, row in zip(names, rows, strict=True):
        row.more = counts(name, more.get(name, {}))
    exports, erases = Executor.PACKAGE in kinds, Executor.ERASE in kinds
    return PlanPage(rows, exports, erases, frozen, standing_of(request))


def standing_of(request: PrivacyRequest) -> str:
    code = request.standing_rule
    if not code:
        return ""
    rule = scheduled(code)
    ordered = f" Retention schedule: {name_of(rule.model)}, {time_of(rule)}." if rule else ""
    return f"Standing approval: {STANDING_RULES[code].why}.{ordered}"


def system_row(name: str, part: dict[str, Any] | None, look: FulfilmentStep | None) -> SystemRow:
    connector = connectors()[name]
    row = SystemRow(connector.title)
    passed = (part or {}).get("accepted", [])
    codes = [code for code in (part or {}).get("blockers", []) if code not in passed]
    row.blockers = [BLOCKERS.get(code, code) for code in codes]
    row.passed = [BLOCKERS.get(code, code) for code in passed]
    if part is None or "found" not in part:
        row.silence = silence(look)
        row.shape = "▲" if look and look.state == State.PARKED else row.shape
        return row
    row.answered = True
    row.found = counts(name, part["found"])
    row.erase = counts(name, part.get("erase", {}))
    row.keep = kept(name, part.get("keep", []))
    row.actions = [
        each.title for each in connector.erasure if each.irreversible and not each.optional
    ]
    offers = part.get("offers", {})
    row.chosen = [offer_words(name, each, offers[each]) for each in part.get("chosen", [])]
    return row


def counts(system: str, numbers: dict[str, int]) -> list[tuple[str, int]]:
    return [(kind_title(system, kind), number) for kind, number in numbers.items() if number]


def kept(system: str, items: list[dict[str, Any]]) -> list[Kept]:
    """Grouped by ground, so that each reason stands once."""
    by_ground: dict[str, dict[str, int]] = {}
    for item in items:
        by_ground.setdefault(item["ground"], {})[item["what"]] = item["count"]
    return [Kept(GROUNDS[Ground(code)], counts(system, each)) for code, each in by_ground.items()]


def silence(look: FulfilmentStep | None) -> str:
    """Why a system hasn't answered, and what happens next."""
    if look is None:
        return "Not asked yet: we look once the address is confirmed."
    if look.state == State.PARKED:
        return f"Parked. {error_words(look.error, parked=True)}"
    if look.state == State.RUNNING:
        return "Being asked now."
    if look.state == State.CANCELLED:
        return "The look-up was cancelled."
    if look.error:
        tries = "1 try" if look.attempts == 1 else f"{look.attempts} tries"
        when = f"{look.not_before:%H:%M} UTC"
        return f"No answer after {tries}. {error_words(look.error)} Next try at {when}."
    return "Will be asked in a moment."
