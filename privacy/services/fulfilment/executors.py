"""Who carries out a step: a connector, or one of our own rooms. One table."""

from collections.abc import Callable

from privacy.connectors import pulse
from privacy.connectors.base import Connector, Outcome
from privacy.connectors.errors import NeedsHumanError
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep
from privacy.selectors.interim import INTERIM
from privacy.services import (
    auto_approval,
    auto_restriction,
    corrections,
    lifting,
    mail,
    manual,
    processor_letters,
    standing,
)
from privacy.services.fulfilment import ledger, request_steps
from privacy.services.fulfilment.context import Context
from privacy.services.holds import hold_code
from privacy.services.package import build

Step = Callable[[FulfilmentStep, Context], Outcome]


OURS: dict[str, Step] = {
    "request:approve": standing.approve,
    "request:auto_approve": auto_approval.run,
    "request:begin": request_steps.begin,
    "request:close": request_steps.close,
    "request:finish": request_steps.finish,
    "request:lift": lifting.begin,
    "package:assemble": build.assemble,
    "mail:processor_erasure": processor_letters.send,
}
OUR_ROOMS: dict[str, Step] = {
    "mail": mail.send,
    "manual": manual.wait_for_staff,
    "expiry": request_steps.expire,
}


def discover(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return Outcome(receipt=connector.discover(context.subject).as_json())


def export(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return build.export_part(connector, step, context)


def freeze(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return connector.freeze(context.task(step))


def restrict(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    if step.object == INTERIM:
        auto_restriction.check_alone(context.request)
    return connector.restrict(context.task(step))


def correct(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """The old values are written down, sealed, before the first new one is written. What doesn't
    stand there afterwards is for hands, or for a person to look at.
    """
    task = context.task(step)
    corrections.remember(context.request, connector, task)
    outcome = connector.correct(task)
    missing = corrections.note_written(context.request, connector, task)
    if missing and not outcome.by_hand:
        raise NeedsHumanError("not_written")
    return outcome


def lift(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return connector.lift(context.task(step))


def erase(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """One action of an erasure. A hold that was placed since it began stops what is still to come:
    each system asks before its first irreversible action.
    """
    if step.action == "prepare" and (code := hold_code(context.request)):
        raise NeedsHumanError(code)
    return connector.erase(context.task(step))


def verify(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """The last look. What is left goes to a person; what is kept was said in the plan."""
    task = context.task(step)
    residues = connector.verify(task.subject, task.refs)
    unexpected = {each.what: each.number for each in residues if not each.by_hand}
    if unexpected:
        raise NeedsHumanError("residue", unexpected)
    handed_over = {each.what: each.number for each in residues if each.by_hand}
    return Outcome(
        receipt={"residues": 0, "handed_over": handed_over}, by_hand=sorted(handed_over)
    )


VERBS: dict[str, Callable[[Connector, FulfilmentStep, Context], Outcome]] = {
    "discover": discover,
    "export": export,
    "freeze": freeze,
    "restrict": restrict,
    "correct": correct,
    "lift": lift,
    "lift_restriction": lifting.lift,
    "verify": verify,
}


def execute(step: FulfilmentStep, context: Context) -> Outcome:
    """Carry out one step. Raises a ConnectorError when that could not be done."""
    ours = OURS.get(step.key) or OUR_ROOMS.get(step.connector)
    if ours:
        return ours(step, context)
    with pulse.beating(lambda: ledger.heartbeat(step)):
        return VERBS.get(step.action, erase)(connectors()[step.connector], step, context)
