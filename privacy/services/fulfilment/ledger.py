"""The ledger: claiming a step, and writing down what became of it.

Every write after a claim carries the claim's fence: who was overtaken changes nothing.

Order of locks, here and wherever a request's steps are changed: the request's row, its chain (an
event locks it), its steps. So nobody waits for somebody who waits for them.
"""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from fluxrouter.foundation.trail import append_event
from privacy.connectors.base import Outcome
from privacy.models import FulfilmentStep
from privacy.services.nudge import nudge

MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
FRESH = 0.75  # of a lease: so much left needs no heartbeat
State = FulfilmentStep.State

CLAIM = """
UPDATE privacy_fulfilmentstep SET state = 'running', attempts = attempts + 1,
  fence = fence + 1, not_before = %(until)s
WHERE id = (SELECT id FROM privacy_fulfilmentstep
            WHERE state IN ('ready', 'running') AND not_before <= %(now)s
            ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *
"""
EXTEND = """
UPDATE privacy_fulfilmentstep SET not_before = %s
WHERE id = %s AND fence = %s AND state = 'running'
"""
UNBLOCK = """
UPDATE privacy_fulfilmentstep AS step SET state = 'ready'
WHERE step.request_id = %s AND step.state = 'blocked' AND NOT EXISTS (
  SELECT 1 FROM privacy_fulfilmentstep AS need
  WHERE need.request_id = step.request_id AND need.state NOT IN ('done', 'cancelled')
    AND need.connector || ':' || need.action = ANY(step.requires))
"""


class OvertakenError(Exception):
    """The lease ran out and somebody else holds the step, or it was cancelled."""


def claim() -> FulfilmentStep | None:
    """The next due step, held for LEASE; None when none is due.

    A running step whose lease is over counts as due: its holder died.
    """
    now = timezone.now()
    found = list(FulfilmentStep.objects.raw(CLAIM, {"now": now, "until": now + settings.LEASE}))
    return found[0] if found else None


def _claimed(step: FulfilmentStep) -> QuerySet[FulfilmentStep]:
    """The step's row while we hold it; nothing afterwards."""
    return FulfilmentStep.objects.filter(pk=step.pk, fence=step.fence, state=State.RUNNING)


def _held(step: FulfilmentStep, **changes: Any) -> None:
    """Write to a step that we still hold, or raise OvertakenError."""
    if not _claimed(step).update(**changes):
        raise OvertakenError(step.key)


def check_held(step: FulfilmentStep) -> None:
    """Raise OvertakenError unless we still hold the step, whatever is left of its lease."""
    if not _claimed(step).exists():
        raise OvertakenError(step.key)


def heartbeat(step: FulfilmentStep) -> None:
    """Keep the lease of a long step, or raise OvertakenError. Free while most of it is left.

    On a connection of its own: an export's COPY keeps ours busy until its last row.
    """
    now = timezone.now()
    if step.not_before - now > settings.LEASE * FRESH:
        return
    step.not_before = now + settings.LEASE
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(EXTEND, [step.not_before, step.pk, step.fence])
            if not cursor.rowcount:
                raise OvertakenError(step.key)
    finally:
        own.close()


def finish(step: FulfilmentStep, outcome: Outcome) -> None:
    """Done, or done with a part: then the cursor is kept and the step may go on at once."""
    now = timezone.now()
    if outcome.more:
        _held(step, state=State.READY, cursor=outcome.cursor, not_before=now, attempts=0, error="")
        return
    with transaction.atomic():
        # It locks the request's chain: of two steps that end at the same moment the second must
        # see that the first is done, or both leave the next one blocked.
        append_event(
            step.request_id, "step.done", step=step.key, object=step.object, attempt=step.attempts
        )
        _held(step, state=State.DONE, receipt=outcome.receipt, finished_at=now, error="")
        for place, (action, item) in enumerate(outcome.spawn):
            spawn(step, step.connector, action, item, place)
        for place, what in enumerate(outcome.by_hand):
            spawn(step, "manual", step.connector, what, place)
        unblock(step.request_id)


def spawn(step: FulfilmentStep, connector: str, action: str, item: str, place: int) -> None:
    """Add the row of an object that needs its own call. A row that is there is left alone."""
    FulfilmentStep.objects.bulk_create(
        [
            FulfilmentStep(
                request_id=step.request_id,
                connector=connector,
                action=action,
                object=item,
                position=step.position,
                requires=[],
                state=State.READY,
                not_before=timezone.now() + timedelta(microseconds=place),
            )
        ],
        ignore_conflicts=True,
    )


def unblock(request_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNBLOCK, [request_id])


def wait_for(attempts: int) -> timedelta:
    """Twice as long after each failure, up to an hour; jitter keeps them from coming at once."""
    base: timedelta = settings.RETRY_BASE * 2 ** min(attempts - 1, 12)
    return min(base, LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  (no secret)


def postpone(step: FulfilmentStep, code: str, after: timedelta | None = None) -> None:
    """Try again later; after MAX_ATTEMPTS failures it waits for a person instead.

    A wait that the processor asked for (`after`) is no failure of the step.
    """
    if after is None and step.attempts >= MAX_ATTEMPTS:
        park(step, "too_many_attempts")
        return
    wait = after if after is not None else wait_for(step.attempts)
    attempts = step.attempts - 1 if after is not None else step.attempts
    when: datetime = timezone.now() + wait
    _held(step, state=State.READY, error=code, not_before=when, attempts=attempts)


def park(step: FulfilmentStep, code: str, found: dict[str, Any] | None = None) -> None:
    """Leave it to a person. The others of the request go on, but for those that need it.

    `found` is kept under that name in the step's cursor.
    """
    with transaction.atomic():
        append_event(step.request_id, "step.parked", step=step.key, object=step.object, why=code)
        cursor = {**step.cursor, "found": found} if found else step.cursor
        _held(step, state=State.PARKED, error=code, cursor=cursor)


def new_epoch(step: FulfilmentStep) -> None:
    """The processor keeps a bad answer under our idempotency key: use another from now on."""
    _held(step, epoch=step.epoch + 1)
    step.epoch += 1


def release(step: FulfilmentStep, *, actor: str) -> None:
    """A person lets a parked step go on. OvertakenError when it isn't parked (any more)."""
    with transaction.atomic():
        append_event(
            step.request_id, "step.released", actor=actor, step=step.key, object=step.object
        )
        rows = FulfilmentStep.objects.filter(pk=step.pk, state=State.PARKED)
        cursor = {name: value for name, value in step.cursor.items() if name != "found"}
        if not rows.update(
            state=State.READY, attempts=0, not_before=timezone.now(), error="", cursor=cursor
        ):
            raise OvertakenError(step.key)
    nudge()


def due_count(*, limit: int) -> int:
    """How many steps are due now, counted up to `limit`."""
    rows = FulfilmentStep.objects.filter(
        state__in=[State.READY, State.RUNNING], not_before__lte=timezone.now()
    )
    return len(rows.values_list("pk")[:limit])
