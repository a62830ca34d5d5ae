"""What people can ask for, and what must happen then."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from accounts.purposes import PURPOSES
from privacy.connectors.base import Action, Connector
from privacy.connectors.registry import connectors
from privacy.correctable import CORRECTABLE, OTHER
from privacy.datamap import SUBJECT_ROWS, Category, Find
from privacy.deadlines import due_on, regime
from privacy.models import MailToken, PrivacyRequest
from privacy.rights import RIGHTS, Executor, Level, Right
from privacy.services import manual, tokens
from privacy.services.fulfilment import executors
from privacy.services.fulfilment.erasure import add_erasure
from privacy.services.fulfilment.stages import add_correction, add_package, add_restriction
from privacy.services.fulfilment.steps import Steps
from privacy.services.policy_checks.promise import require, require_none
from privacy.states import TRANSITIONS, Status

LONGEST = timedelta(days=30)
SAMPLE = range(800)  # days from the start of 2027: leap February and every end of a month
MOST_TRIES = 10
LONGEST_LINK = timedelta(days=7)


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
    keys = planned(lambda steps: add_package(steps, "request:begin"))
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


def reaches_staff(right: Right) -> None:
    require(
        RIGHTS[right].executor is Executor.BY_HAND, f"The step for “{right}” has another executor."
    )
    require(
        executors.OUR_ROOMS.get("manual") is manual.wait_for_staff,
        "Steps that are done by hand don't wait for a person.",
    )


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


def portability_reaches_staff() -> None:
    reaches_staff(Right.PORTABILITY)


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


def opt_out_is_carried_out() -> None:
    uses_are_stopped(Right.OPT_OUT)


def ways_to(status: Status) -> set[Status]:
    return {old for old, exits in TRANSITIONS.items() if status in exits}


def only_verified_requests_are_worked_on() -> None:
    require(ways_to(Status.IN_REVIEW) == {Status.VERIFYING}, "Unverified requests get a review.")
    require(ways_to(Status.APPROVED) == {Status.IN_REVIEW}, "Requests are approved unseen.")
    require(ways_to(Status.FULFILLING) == {Status.APPROVED}, "Requests start unapproved.")
    loose = [right for right, row in RIGHTS.items() if row.level is Level.NONE]
    require_none(loose, "No proof of the address is asked for")
    life = tokens.LIVES[MailToken.Kind.VERIFY]
    require(life.single_use and life.lasts <= LONGEST_LINK, "The mailed link works too often.")
    require(tokens.MAX_ATTEMPTS <= MOST_TRIES, "A code may be guessed too often.")


def a_month_later(day: date) -> date:
    """By the calendar alone, not by the library that `due_on` uses."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_dates_are_lawful() -> None:
    for offset in SAMPLE:
        received = datetime(2027, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=offset)
        latest = min(received.date() + LONGEST, a_month_later(received.date()))
        due = due_on(received, regime())
        require(due <= latest, f"A request of {received:%d %B %Y} is due on {due:%d %B %Y}.")
