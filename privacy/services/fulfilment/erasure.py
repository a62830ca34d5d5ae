"""The steps of an erasure: what connectors do, what people do, what has to wait."""

from privacy.connectors.base import Connector
from privacy.connectors.registry import connectors
from privacy.models import PrivacyRequest
from privacy.processors import CALLS, PROCESSORS, is_served
from privacy.selectors.tasks import WHOLE
from privacy.services.fulfilment.steps import Steps
from privacy.services.manual import objects_at


def add_erasure(steps: Steps, after: list[str]) -> list[str]:
    """Each connector's actions in order, after those it waits for; then every last look, what
    only people can do, and the letter. Returns the keys that closing waits for.
    """
    waits = [key for key in after if not key.startswith("mail:")]
    waits += ["package:assemble"] if "mail:package_ready" in after else []
    last: dict[str, list[str]] = {}
    late: dict[str, list[str]] = {}
    for name, connector in connectors().items():
        before = [key for other in connector.erase_after for key in last.get(other, [])]
        chain = [*waits, f"{name}:freeze", *before]
        last[name], late[name] = add_actions(steps, connector, chain)
    every = [key for keys in last.values() for key in keys]
    looks = [steps.add(f"{name}:verify", every) for name in connectors() if not late[name]]
    for name, keys in late.items():
        if keys:
            look = steps.add(f"{name}:verify", [*every, *keys])
            steps.deferred += [*keys, look, f"manual:{name}"]
    by_hand = add_tasks(steps, waits)
    return [*looks, *by_hand, steps.add("mail:erased", [*looks, *by_hand])]


def add_actions(
    steps: Steps, connector: Connector, chain: list[str]
) -> tuple[list[str], list[str]]:
    """One system's actions in order: the keys of those at once, and of those that may wait."""
    done: list[str] = []
    late: list[str] = []
    chosen = steps.request.plan.get(connector.name, {}).get("chosen", [])
    for action in connector.erasure:
        if action.optional and action.name not in chosen:
            continue
        key = f"{connector.name}:{action.name}"
        if not action.spawned:
            steps.add(key, [*chain, *done, *late])
        (late if late or action.deferred else done).append(key)
    return done, late


def add_tasks(steps: Steps, waits: list[str]) -> list[str]:
    """What only people can do, and the processors' own times. Returns the keys to wait for.

    A connector in use may hand something over later, so its key is waited for in any case.
    """
    keys = [f"manual:{name}" for name in connectors()]
    if is_repeated(steps.request):
        return keys
    kinds = {
        f"{name}.{kind}" for name, part in steps.request.plan.items() for kind in part["found"]
    }
    for row in PROCESSORS:
        used = not row.used_if or kinds & set(row.used_if)
        if row.task and used and not is_served(row, connectors()):
            keys.append(steps.add(f"manual:{row.key}", waits, item=WHOLE))
            steps.rows[-1].cursor = {"objects": objects_at(row.key, steps.request)}
        if row.expiry and kinds & set(CALLS):
            ends = steps.now + row.expiry.after
            steps.add(f"expiry:{row.key}", waits, not_before=ends)
    return keys


def is_repeated(request: PrivacyRequest) -> bool:
    """Whether it only erases again what a backup of ours brought back, and nowhere else.
    What we file for somebody’s report is a first erasure.
    """
    return request.channel == PrivacyRequest.Channel.SYSTEM and request.split_from_id is None


def add_deferred_end(steps: Steps, close: str) -> None:
    """What waits by law gets its own closing letter."""
    needs = [close, *steps.deferred]
    steps.add("mail:deferred_done", needs)
    steps.add("request:finish", needs)
