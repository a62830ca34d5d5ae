"""Letters of requests that no check for robots has passed: one at a time, for all of them.

So that a robot can't mail strangers through our form, and nobody is refused
(docs/adr/0014-turnstile.md).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from privacy.models import FulfilmentStep, PrivacyRequest

LOCK = 7_262_004  # advisory lock: one letter at a time gets its turn
GAP = timedelta(minutes=1)
MARK = {"slow": True}
SLOW = {"cursor__slow": True}
State = FulfilmentStep.State


def slow_down(request: PrivacyRequest) -> None:
    """Let the request's first letter wait for its turn, and so all until the address is proved."""
    request.steps.filter(connector="mail", state=State.READY).update(
        not_before=next_turn(), cursor=MARK
    )


def pace(request: PrivacyRequest) -> dict[str, Any]:
    """When the request's next letter may go out, as fields of its step."""
    if not request.verified_at and request.steps.filter(connector="mail", **SLOW).exists():
        return {"not_before": next_turn(), "cursor": MARK}
    return {"not_before": timezone.now()}


def next_turn() -> datetime:
    """The time of the next letter. Who asks at the same moment waits for our transaction's end, or
    many would get one turn.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    now = timezone.now()
    waiting = Q(state__in=[State.READY, State.RUNNING])
    sent = Q(state=State.DONE, finished_at__gt=now - GAP)
    last = FulfilmentStep.objects.filter(waiting | sent, connector="mail", **SLOW).aggregate(
        waits=Max("not_before", filter=waiting), left=Max("finished_at", filter=sent)
    )
    turns: list[datetime] = [at + GAP for at in last.values() if at]
    return max([now, *turns])


def waits_until(request: PrivacyRequest) -> datetime | None:
    """When the request's waiting letter goes out; None when it isn't a slow one."""
    rows = request.steps.filter(connector="mail", state=State.READY, **SLOW)
    return rows.values_list("not_before", flat=True).first()
