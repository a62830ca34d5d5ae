"""Adding an event to a chain, in the transaction of what it tells."""

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

SYSTEM = "system"
SUBJECT = "subject"

# Codes, ids and dates. Without a space no sentence passes, so personal data can't by accident.
CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,100}")

# One statement: the chain's row is locked by its update, so events get their place one by one.
APPEND = """
WITH head AS (
  INSERT INTO foundation_trailchain AS chain (id, kind, head_seq, head_digest, sealed_seq)
  VALUES (%(chain)s, %(kind)s, 1, sha256(%(payload)s), 0)
  ON CONFLICT (id) DO UPDATE SET head_seq = chain.head_seq + 1,
    head_digest = sha256(chain.head_digest || %(payload)s)
  RETURNING head_seq, head_digest)
INSERT INTO foundation_trailevent (id, chain_id, seq, at, code, actor, data, digest)
SELECT %(id)s, %(chain)s, head_seq, %(at)s, %(code)s, %(actor)s, %(data)s::jsonb, head_digest
FROM head
"""


class NotACodeError(ValueError):
    """An event may hold codes, ids and counts. The text itself isn't repeated here."""


def canonical(event: dict[str, Any]) -> bytes:
    """What an event's digest covers, with the digest before it: sorted, compact JSON."""
    return json.dumps(event, sort_keys=True, separators=(",", ":")).encode()


def payload(
    event_id: uuid.UUID,
    chain: uuid.UUID,
    at: datetime,
    code: str,
    actor: str,
    data: dict[str, Any],
) -> bytes:
    return canonical(
        {
            "id": str(event_id),
            "chain": str(chain),
            "at": at.astimezone(UTC).isoformat(),
            "code": code,
            "actor": actor,
            "data": data,
        }
    )


def is_code(value: Any) -> bool:
    """Only what JSON gives back as it was: a float or a tuple would look edited later."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_code(key) for key in value) and is_code(
            list(value.values())
        )
    if isinstance(value, list):
        return all(is_code(item) for item in value)
    if isinstance(value, str):
        return CODE.fullmatch(value) is not None
    return value is None or isinstance(value, int)


def append_event(
    chain: uuid.UUID,
    code: str,
    /,
    *,
    actor: str = SYSTEM,
    kind: str = "request",
    using: str = "default",
    given: dict[str, Any] | None = None,
    **named: Any,
) -> None:
    """Append to the chain, or raise NotACodeError. Must run in the transaction of the deed.

    `actor` is a staff id, SUBJECT or SYSTEM, `kind` the chain's. Data may come by name, or as
    `given` where a name of it is taken here.
    """
    data = {**(given or {}), **named}
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("an event needs the transaction of its deed")
    if not is_code([code, actor, data]):
        raise NotACodeError("an event's data must be codes, ids and counts")
    event_id, at = uuid.uuid4(), timezone.now()
    values: dict[str, Any] = {
        "id": event_id,
        "chain": chain,
        "kind": kind,
        "at": at,
        "code": code,
        "actor": actor,
        "data": json.dumps(data),
        "payload": payload(event_id, chain, at, code, actor, data),
    }
    with connections[using].cursor() as cursor:
        cursor.execute(APPEND, values)
