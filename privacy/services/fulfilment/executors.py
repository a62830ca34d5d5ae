"""Who carries out a step: a connector, or one of our own rooms. One table."""

from collections.abc import Callable

from privacy.connectors.base import Connector, Outcome
from privacy.connectors.errors import NeedsHumanError
from privacy.connectors.registry import connectors
from privacy.models import FulfilmentStep
from privacy.services import mail
from privacy.services.fulfilment import request_steps
from privacy.services.fulfilment.context import Context
from privacy.services.holds import held_accounts
from privacy.services.package import build

Step = Callable[[FulfilmentStep, Context], Outcome]


def by_hand(step: FulfilmentStep, context: Context) -> Outcome:
    raise NeedsHumanError("by_hand")


OURS: dict[str, Step] = {
    "request:begin": request_steps.begin,
    "request:close": request_steps.close,
    "package:assemble": build.assemble,
}
OUR_ROOMS: dict[str, Step] = {"mail": mail.send, "manual": by_hand}


def discover(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return Outcome(receipt=connector.discover(context.subject).as_json())


def export(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return build.export_part(connector, step, context)


def freeze(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return connector.freeze(context.task(step))


def lift(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    return connector.lift(context.task(step))


def erase(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """One action of an erasure. A hold that was placed since it began stops what is still to come:
    each system asks before its first irreversible action.
    """
    if step.action == "prepare" and held_accounts(context.request.refs):
        raise NeedsHumanError("legal_hold")
    return connector.erase(context.task(step))


def verify(connector: Connector, step: FulfilmentStep, context: Context) -> Outcome:
    """The last look. What is left goes to a person; what is kept was said in the plan."""
    task = context.task(step)
    residues = connector.verify(task.subject, task.refs)
    if residues:
        raise NeedsHumanError("residue", {each.what: each.number for each in residues})
    return Outcome(receipt={"residues": 0})


VERBS: dict[str, Callable[[Connector, FulfilmentStep, Context], Outcome]] = {
    "discover": discover,
    "export": export,
    "freeze": freeze,
    "lift": lift,
    "verify": verify,
}


def execute(step: FulfilmentStep, context: Context) -> Outcome:
    """Carry out one step. Raises a ConnectorError when that could not be done."""
    ours = OURS.get(step.key) or OUR_ROOMS.get(step.connector)
    if ours:
        return ours(step, context)
    return VERBS.get(step.action, erase)(connectors()[step.connector], step, context)
