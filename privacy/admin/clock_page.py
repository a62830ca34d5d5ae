"""When what is due, for staff: each date with the rule that it came from, and why it won."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from privacy.admin.longer import longer
from privacy.admin.queue import SOON, Due, days
from privacy.deadlines import Due as LawDue
from privacy.deadlines import dues
from privacy.models import PrivacyRequest, RequestClock
from privacy.regimes.resolver import Law, Laws
from privacy.rights import in_regimes
from privacy.selectors import questions
from privacy.selectors.clocks import OF_REQUEST, clock_title, deemed_refused_on
from privacy.selectors.laws import facts_of, laws_of
from privacy.services import clocks

# What made a date earlier than the law's own rule; anything else is a law, named as it is.
BOUNDS = {
    "": "",
    "default": "our own period, as counsel hasn’t cleared this rule",
    "FluxRouter": "our own promise",
    "notice": "the day that the person was told",
}
NAMES = {"opt_out_sale": "opt-out of sale", "opt_out_ads": "opt-out of advertising"}


class Line(NamedTuple):
    """One clock as it is written down; rights with the same dates and rule share it."""

    title: str
    rights: str
    clock: RequestClock
    law: str
    citation: str
    bound: str
    stands_still: bool
    state: Due


class LawLine(NamedTuple):
    """One clock of one law, computed now from the text that the request is measured by."""

    law: str
    title: str
    rights: str
    due: LawDue
    citation: str
    bound: str
    is_first: bool


def clock_page(request: PrivacyRequest) -> dict[str, Any]:
    """For the template `clocks.html`."""
    laws = laws_of(request)
    lines = own_lines(request, laws)
    first = {(line.clock.clock, line.clock.safe_due) for line in lines}
    return {
        "clock_lines": lines,
        "law_lines": law_lines(request, laws, first),
        "laws": [law.written for law in laws.of],
        "longer": longer(request),
        "asked": questions.asked(request),
        "deemed_on": deemed_refused_on(request),
    }


def own_lines(request: PrivacyRequest, laws: Laws) -> list[Line]:
    together: dict[tuple[Any, ...], list[RequestClock]] = {}
    for clock in request.clocks.filter(about=""):
        key = (clock.clock, clock.safe_due, clock.legal_due, clock.regime, clock.rule)
        together.setdefault(key, []).append(clock)
    citations, names = citations_of(laws), {law.id: law.written.name for law in laws.of}
    still = standing_still(request)
    return [
        Line(
            clock_title(rows[0].clock),
            right_names(row.right for row in rows),
            rows[0],
            names.get(rows[0].regime, "Our own promise"),
            citations.get((rows[0].regime, rows[0].rule), ""),
            bound(rows[0].bounded_by),
            (rows[0].clock, rows[0].right) in still,
            state(rows[0]),
        )
        for rows in together.values()
    ]


def standing_still(request: PrivacyRequest) -> set[tuple[str, str]]:
    """Clocks that have no date by the law's words only because we wait for an answer."""
    facts = facts_of(request)
    if all(stop.answered_on for stop in facts.stops):
        return set()
    without = clocks.computed(request, facts=replace(facts, stops=()))
    return {(row.clock, row.right) for row in without if row.legal_due}


def law_lines(request: PrivacyRequest, laws: Laws, first: set[tuple[str, date]]) -> list[LawLine]:
    """Every date that any of the laws gives, the earliest of each clock first."""
    facts, citations = facts_of(request), citations_of(laws)
    together: dict[tuple[Any, ...], tuple[LawDue, Law, list[str]]] = {}
    for law in laws.of:
        for right in in_regimes(request.rights):
            for due in dues(Laws((law,)), right, facts):
                if due.clock in OF_REQUEST:
                    key = (due.clock, law.id, due.safe_due, due.legal_due)
                    together.setdefault(key, (due, law, []))[2].append(right)
    order = list(OF_REQUEST)
    rows = sorted(
        together.values(), key=lambda row: (order.index(row[0].clock), row[0].safe_due, row[1].id)
    )
    return [
        LawLine(
            law.written.name,
            clock_title(due.clock),
            right_names(rights),
            due,
            citations.get((due.source.regime, due.source.rule), ""),
            bound(due.bounded_by),
            (due.clock, due.safe_due) in first,
        )
        for due, law, rights in rows
    ]


def citations_of(laws: Laws) -> dict[tuple[str, str], str]:
    """By regime and rule: where it stands."""
    return {
        (rule.source[0], rule.source[1]): rule.citation
        for law in laws.of
        for _, rule in law.effective.rules()
    }


def right_names(rights: Any) -> str:
    names = dict.fromkeys(NAMES.get(right, right.replace("_", " ")) for right in rights)
    return ", ".join(names)


def bound(code: str) -> str:
    return BOUNDS.get(code, code)


def state(clock: RequestClock) -> Due:
    """Met, over, or how long it still runs."""
    if clock.clock == "refuse" and clock.met_at and not clock.request.refusals.exists():
        return Due("closed", "–", "Not needed", clock.met_at.date())
    if clock.met_at:
        shape = ("overdue", "▲", "Met too late") if clock.missed_at else ("closed", "✓", "Met")
        return Due(*shape, clock.met_at.date())
    left = (clock.safe_due - timezone.now().date()).days
    if left < 0:
        return Due("overdue", "▲", f"Over by {days(-left)}", clock.safe_due)
    tone, shape_now = ("soon", "◆") if left <= SOON.days else ("later", "○")
    return Due(tone, shape_now, f"{days(left)} left" if left else "Due today", clock.safe_due)
