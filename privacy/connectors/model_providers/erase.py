"""Deleting stored objects, one by one, and waiting for those that still work."""

from collections import Counter

from privacy.connectors.base import Outcome, Task
from privacy.connectors.errors import RetryError, UnknownOutcomeError
from privacy.connectors.model_providers.client import Client, Json
from privacy.connectors.model_providers.find import known, split
from privacy.connectors.model_providers.providers import Work

CHUNK = 50  # objects per part of the step


def delete_objects(client: Client, task: Task) -> Outcome:
    """A part of the list; those that can't go yet come last, so that they hold up nothing."""
    objects = known(client, task.refs.get("objects", []))
    begin = task.cursor.get("next", 0)
    waiting = list(task.cursor.get("waiting", []))
    counts = Counter(task.cursor.get("erased", {}))
    end = begin + CHUNK
    for item in objects[begin:end] if begin < len(objects) else waiting:
        task.heartbeat()
        if not has_ended(client, item):
            if item in waiting:
                raise RetryError("still_working")
            waiting.append(item)
        elif delete(client, item, task):
            counts[client.provider.kinds[split(item)[0]].collection] += 1
    if end < len(objects) or (waiting and begin < len(objects)):
        cursor = {"next": min(end, len(objects)), "waiting": waiting, "erased": dict(counts)}
        return Outcome(more=True, cursor=cursor)
    return Outcome(receipt={"erased": dict(counts)})


def has_ended(client: Client, item: str) -> bool:
    """Whether the object can be deleted; if it works still, it is told to stop."""
    path, identifier = split(item)
    work = client.provider.kinds[path].work
    if work is None:
        return True
    found = client.find(path, identifier)
    if found is None or state(found, work) in work.ended:
        return True
    if work.cancel:
        client.cancel(path, identifier, work.cancel)
    return False


def state(found: Json, work: Work) -> str:
    value: object = found
    for name in work.field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return str(value)


def delete(client: Client, item: str, task: Task) -> bool:
    """Delete the object, its lasting parts first, and look whether it is gone.

    A provider that says "deleted" and still shows it is asked again later.
    """
    path, identifier = split(item)
    parts = client.provider.kinds[path].parts
    if parts and parts.outlive:
        for part in list(client.parts(path, identifier)):
            task.heartbeat()
            client.delete(path, identifier, str(part["id"]))
    was_there = client.delete(path, identifier)
    if was_there and client.find(path, identifier) is not None:
        raise UnknownOutcomeError("still_there")
    return was_there
