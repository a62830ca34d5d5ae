"""What each system held, what became of it, and what stays under which law."""

from datetime import datetime
from typing import Any, NamedTuple

from privacy.connectors.registry import connectors
from privacy.grounds import GROUNDS, Ground, GroundRow
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.processors import PROCESSORS, Processor, is_served
from privacy.rights import Right
from privacy.selectors.waiting import deferred_keys
from privacy.words import kind_name

State = FulfilmentStep.State


class Count(NamedTuple):
    """So many records of a kind."""

    what: str
    number: int


class Kept(NamedTuple):
    """What stays, and the ground for it; `number` is 0 where nobody can count it."""

    what: str
    number: int
    ground: GroundRow


class System(NamedTuple):
    """One system's part in a request. `state` is waiting, nothing, found, later or erased:
    later when all is gone but what law lets wait.
    """

    title: str
    state: str
    found: list[Count]
    erased: list[Count]
    kept: list[Kept]
    looked_at: datetime | None
    verified_at: datetime | None


def systems(request: PrivacyRequest) -> list[System]:
    """Every connected system, in the order in which they are asked."""
    done = list(request.steps.filter(state=State.DONE).order_by("finished_at"))
    late = set() if request.is_open else deferred_keys(request)
    return [
        system(connector.title, ours, request, rest_waits=f"{name}:verify" in late)
        for name, connector in connectors().items()
        for ours in [[step for step in done if step.connector == name]]
    ]


def system(
    title: str, done: list[FulfilmentStep], request: PrivacyRequest, *, rest_waits: bool
) -> System:
    looks = [
        step for step in done if step.action == "discover" and step.object == str(request.round)
    ]
    # The look right before an erasure knows more than the one that the plan rests on.
    latest = next((step for step in reversed(done) if step.action == "prepare"), None)
    verified = next((step.finished_at for step in done if step.action == "verify"), None)
    receipt = (latest or looks[-1]).receipt if latest or looks else {}
    found = counts(receipt.get("found", {}))
    # After a last look that found nothing, what the look before found is what was erased.
    erased = counts(receipt.get("erase", {})) if verified or rest_waits else []
    state = state_of(looked=bool(looks), found=bool(found), verified=bool(verified))
    return System(
        title=title,
        state="later" if state == "found" and rest_waits else state,
        found=found,
        erased=erased,
        kept=kept(receipt),
        looked_at=looks[-1].finished_at if looks else None,
        verified_at=verified,
    )


def state_of(*, looked: bool, found: bool, verified: bool) -> str:
    if not looked:
        return "waiting"
    if not found:
        return "nothing"
    return "erased" if verified else "found"


def counts(numbers: dict[str, int]) -> list[Count]:
    found = [Count(kind_name(kind), number) for kind, number in numbers.items() if number]
    return sorted(found, key=lambda each: each.what)


def kept(receipt: dict[str, Any]) -> list[Kept]:
    return [
        Kept(kind_name(item["what"]), item["count"], GROUNDS[Ground(item["ground"])])
        for item in receipt.get("keep", [])
    ]


def uncovered_processors() -> list[Processor]:
    """Processors that no connector searches: staff see to them by hand."""
    return [each for each in PROCESSORS if not is_served(each, connectors())]


def erasure_finished_at(request: PrivacyRequest) -> datetime | None:
    """When the last look of an erasure ended well everywhere; None while it hasn't, or while
    people have to do a part of it. Where law lets a part wait, its look isn't waited for.
    """
    if request.is_open and has_tasks(request):
        return None
    steps = request.steps.filter(action="verify", connector__in=connectors())
    late = deferred_keys(request)
    looks = [step for step in steps if step.key not in late or step.state == State.DONE]
    times = [step.finished_at for step in looks if step.state == State.DONE and step.finished_at]
    return max(times) if looks and len(times) == len(looks) else None


def has_tasks(request: PrivacyRequest) -> bool:
    """Whether people still have something to do at a processor."""
    steps = request.steps.filter(connector="manual").exclude(action__in=Right.values)
    return steps.exclude(state__in=[State.DONE, State.CANCELLED]).exists()


def mail_log_ground(found: list[System]) -> GroundRow | None:
    """Why the log of our letters stays at the mail service; None if a system's own list has it."""
    ground = GROUNDS[Ground.MAIL_LOG]
    listed = {each.ground for system in found for each in system.kept}
    return None if ground in listed else ground
