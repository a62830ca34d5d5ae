"""Fire drills: a made-up person is planted in every system, erased, and looked for again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone

from fluxrouter.foundation.alarms import sync_alarms
from privacy.connectors.base import Discovery, Subject
from privacy.connectors.errors import ConnectorError
from privacy.connectors.registry import connectors
from privacy.models import Drill, FulfilmentStep, PrivacyRequest
from privacy.services.fulfilment.context import context_of
from privacy.services.system import file_erasure
from privacy.states import Status

LONGEST = timedelta(days=1)  # after which a drill that hasn't ended has failed
State = FulfilmentStep.State


def begin() -> Drill:
    """Plant the canary and file its erasure. What could not be planted is written down as such.

    Systems that are erased last are planted first: the others refer to them. The canary's address
    has the drill's id, so that it is found also when we die before its erasure is filed.
    """
    drill = Drill.objects.create(started_at=timezone.now())
    subject = Subject(uuid4(), f"canary.{drill.pk.hex}@{settings.DRILL_DOMAIN}", {})
    for name, connector in reversed(connectors().items()):
        try:
            subject.refs.update(connector.plant(subject))
        except ConnectorError as error:
            drill.evidence[name] = {"planted": False, "why": error.code}
        else:
            drill.evidence[name] = {"planted": True}
        drill.save()
    drill.request = file_erasure(subject.email, subject.refs, reason="drill")
    drill.save()
    return drill


def finish_drills() -> dict[str, int]:
    """The hourly job: file the evidence of each drill that has ended, or should have."""
    finished = [drill for drill in Drill.objects.filter(finished_at=None) if finish(drill)]
    latest = Drill.objects.exclude(finished_at=None).first()
    failed = latest is not None and not latest.passed
    sync_alarms("drill_failed", {str(latest.pk)} if latest and failed else set())
    return {"finished": len(finished)}


def finish(drill: Drill) -> bool:
    """Whether it is over. A drill passes when it found the canary wherever it was planted, and
    nobody finds it now. One that died before its erasure was filed has failed.
    """
    request = drill.request
    is_late = timezone.now() >= drill.started_at + LONGEST
    if not is_late and (request is None or request.is_open):
        return False
    drill.passed = request is not None and has_passed(drill, request)
    drill.finished_at = timezone.now()
    drill.save()
    return True


def has_passed(drill: Drill, request: PrivacyRequest) -> bool:
    """Looks back into every system, and notes what it sees."""
    for name, part in drill.evidence.items():
        part.update(look_back(request.pk, name))
    planted = [part for part in drill.evidence.values() if part["planted"]]
    return (
        request.status == Status.COMPLETED
        and bool(planted)
        and all(part["found"] and not part["left"] for part in planted)
        and all(part["verified"] for part in drill.evidence.values())
    )


def look_back(request_id: Any, name: str) -> dict[str, Any]:
    """What one system held, when its last look ended well, and what it answers today."""
    context = context_of(request_id)
    steps = context.request.steps.filter(connector=name, state=State.DONE)
    receipts = steps.filter(action="discover").values_list("receipt", flat=True)
    verified: datetime | None = (
        steps.filter(action="verify").values_list("finished_at", flat=True).first()
    )
    connector = connectors().get(name)
    try:
        again = connector.discover(context.subject) if connector else Discovery()
    except ConnectorError as error:
        left = {error.code: 1}
    else:
        left = {kind: number for kind, number in again.erase.items() if number}
    return {
        "found": next((receipt["found"] for receipt in receipts), {}),
        "verified": verified.isoformat() if verified else None,
        "left": left,
    }


def drill_when_due() -> dict[str, int]:
    """The daily job: a drill a month, where it is switched on."""
    latest = Drill.objects.first()
    due = latest is None or latest.started_at + relativedelta(months=1) <= timezone.now()
    if not (settings.DRILL and due):
        return {"begun": 0}
    begin()
    return {"begun": 1}
