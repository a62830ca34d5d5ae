"""What people can ask for, and what must happen then."""

from collections.abc import Callable

from django.utils import timezone

from accounts.purposes import PURPOSES
from privacy.connectors.base import Action, Connector
from privacy.connectors.registry import connectors
from privacy.correctable import CORRECTABLE, OTHER
from privacy.datamap import SUBJECT_ROWS, Category, Find
from privacy.models import PrivacyRequest
from privacy.portability import FILES, PORTABLE, SOURCES, TYPES
from privacy.rights import RIGHTS, Executor, Right
from privacy.services.fulfilment import executors
from privacy.services.fulfilment.erasure import add_erasure
from privacy.services.fulfilment.stages import add_correction, add_package, add_restriction
from privacy.services.fulfilment.steps import Steps
from privacy.services.policy_checks.promise import require, require_none


def planned(build: Callable[[Steps], object]) -> set[str]:
    """The keys of the steps that a plan would have; nothing is written."""
    steps = Steps(PrivacyRequest(), timezone.now())
    build(steps)
    return {row.key for row in steps.rows}


def cannot(verb: str) -> list[str]:
    """Connectors in use that have only the base's placeholder for a verb."""
    return [
        name
        for name, connector in connectors().items()
        if getattr(type(connector), verb) is getattr(Connector, verb)
    ]


def access_reaches_every_system() -> None:
    require(connectors(), "No connector is in use.")
    require(RIGHTS[Right.ACCESS].executor is Executor.PACKAGE, "Access makes no package.")
    require_none(cannot("discover") + cannot("export"), "These can't export")
    keys = planned(lambda steps: add_package(steps, "request:begin", [Executor.PACKAGE]))
    exports = {f"{name}:export" for name in connectors()}
    require_none(exports - keys, "An access request plans no")
    require("package:assemble" in keys & executors.OURS.keys(), "Nobody makes the package.")


def export_names_every_field() -> None:
    """Each table of the data map is searched, and each field that isn't technical is exported."""
    unfound = [row.model for row in SUBJECT_ROWS if row.find is Find.NEVER]
    require_none(unfound, "Nobody looks for people's rows in")
    missing = [
        f"{row.model}.{name}"
        for row in SUBJECT_ROWS
        for name, category in row.categories.items()
        if category is not Category.NONE and name not in dict(row.exported())
    ]
    require_none(missing, "Not in an export")
    require_none(cannot("export"), "These can't export")


def erasure_reaches_every_system() -> None:
    require(connectors(), "No connector is in use.")
    require(RIGHTS[Right.ERASURE].executor is Executor.ERASE, "Erasure erases nothing.")
    require_none(cannot("erase") + cannot("verify"), "These can't erase, or can't look again")
    idle = [
        name
        for name, connector in connectors().items()
        if not any(action.irreversible for action in connector.erasure)
    ]
    require_none(idle, "These have no action that erases")
    keys = planned(lambda steps: add_erasure(steps, ["request:begin"]))
    wanted = {
        f"{name}:{action}"
        for name, connector in connectors().items()
        for action in ("verify", *(each.name for each in connector.erasure if is_always(each)))
    }
    require_none(wanted - keys, "An erasure request plans no")


def is_always(action: Action) -> bool:
    """Whether every erasure has it: it is neither chosen nor one per object."""
    return not action.spawned and not action.optional


def correction_is_carried_out() -> None:
    """Every connector that has correctable fields is planned, and knows how to write them."""
    require(RIGHTS[Right.RECTIFICATION].executor is Executor.CORRECT, "Nobody writes corrections.")
    able = {name: each for name, each in connectors().items() if each.corrects}
    require("database" in able, "Our own tables can't be corrected.")
    require_none(
        able.keys() & {*cannot("current"), *cannot("correct")}, "These say they correct, and can't"
    )
    keys = planned(plan_correction)
    require_none({f"{name}:correct" for name in able} - keys, "A correction plans no")
    require(f"manual:{Right.RECTIFICATION}" in keys, "What no system holds reaches no staff.")


def plan_correction(steps: Steps) -> None:
    """A correction of everything."""
    add_correction(steps, "request:begin", {*CORRECTABLE, OTHER})


def portability_reaches_every_gift() -> None:
    """What people gave us is planned to be exported, described, and put together by somebody."""
    require(RIGHTS[Right.PORTABILITY].executor is Executor.PORT, "Nobody makes the pack.")
    keys = planned(lambda steps: add_package(steps, "request:begin", [Executor.PORT]))
    systems = {source.partition(".")[0] for source in (*SOURCES, FILES)} & connectors().keys()
    require("database" in systems, "Nothing of our own tables can be taken along.")
    require_none({f"{name}:export" for name in systems} - keys, "It plans no")
    require("package:assemble" in keys & executors.OURS.keys(), "Nobody makes the package.")
    unnamed = [
        f"{row.source}.{name}"
        for row in PORTABLE
        for name in row.fields
        if name not in TYPES[row.to]
    ]
    require_none(unnamed, "The form of the pack has no")


def uses_are_stopped(right: Right) -> None:
    """The right names the uses that it stops, and every connector that serves one stops it."""
    row = RIGHTS[right]
    require(row.executor is Executor.RESTRICT, f"Nobody stops anything for “{right}”.")
    require(row.stops, f"“{right}” stops no use.")
    require_none(set(row.stops) - PURPOSES.keys(), "No effect is written down for")
    stopping = {name for name, each in connectors().items() if each.restricts & set(row.stops)}
    require("database" in stopping, "Gateway and jobs don't learn of it.")
    require_none(stopping & {*cannot("restrict"), *cannot("lift")}, "These can't stop or lift")
    keys = planned(lambda steps: add_restriction(steps, "request:begin", row.stops))
    require_none({f"{name}:restrict" for name in stopping} - keys, "It plans no")


def objection_is_carried_out() -> None:
    uses_are_stopped(Right.OBJECTION)


def restriction_is_carried_out() -> None:
    uses_are_stopped(Right.RESTRICTION)
