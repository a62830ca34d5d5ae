"""Where a request stands for the person who made it: what next, by when, and who acts."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as date_format

from privacy.models import Appeal, Forwarding, FulfilmentStep, PrivacyRequest
from privacy.rights import without_proof
from privacy.selectors import appeals, clocks, held, progress, restrictions
from privacy.selectors.questions import open_question
from privacy.selectors.refusals import granted_rights
from privacy.services import lifting
from privacy.states import Status
from privacy.web.standing_words import DECIDED, THEN, WE, YOU, Standing

Kind = Appeal.Kind


def question(request: PrivacyRequest) -> Standing | None:
    if open_question(request) is None:
        return None
    return Standing(
        "We asked you something, because we can’t go on without it.",
        "When you have answered, we go on.",
        YOU,
        request.due_on,
    )


def appeal(request: PrivacyRequest) -> Standing | None:
    return against(request, Kind.APPEAL, "You appealed. We have your appeal.")


def complaint(request: PrivacyRequest) -> Standing | None:
    if request.is_open:
        return None  # what it asks for comes first; the complaint has its own part of the page
    return against(request, Kind.COMPLAINT, "You complained. We have your complaint.")


def against(request: PrivacyRequest, kind: str, text: str) -> Standing | None:
    found = appeals.open_appeal(request, kind)
    if found is None:
        return None
    then = "Somebody who had no part in our answer looks at it again, and writes to you."
    return Standing(text, then, WE, appeals.due_on(found))


def silence(request: PrivacyRequest) -> Standing | None:
    """The law takes our silence for a no; the way to the authority is open."""
    since = clocks.deemed_refused_on(request) if request.is_open else None
    if since is None:
        return None
    return Standing(
        "We should have answered you, and did not. We are sorry.",
        f"Since {date_format(since, 'j F Y')} you may treat our silence as a refusal, and turn "
        "to the authority. We go on working on your answer.",
        WE,
        request.due_on,
    )


def hold(request: PrivacyRequest) -> Standing | None:
    erasing = "erasure" in granted_rights(request)
    if not request.is_open or not erasing or not held.told(request):
        return None
    return Standing(
        "We can’t erase your data yet: the law has us keep it for now.",
        "The part below says why and until when. Then we go on.",
        WE,
        request.due_on,
    )


def before_the_work(request: PrivacyRequest) -> Standing | None:
    """The pause is over, and a person has to look before the work begins, whatever the reason."""
    begin = request.steps.filter(action="begin", state=FulfilmentStep.State.PARKED)
    if request.status != Status.APPROVED or not begin.exists():
        return None
    return Standing(
        "A member of our staff looks at your request once more before the work begins.",
        "Then we begin, or write to you.",
        WE,
        request.due_on,
    )


def lifting_announced(request: PrivacyRequest) -> Standing | None:
    step = lifting.announced(request)
    if step is None:
        return None
    return Standing(
        "We wrote to you that we will use your data again.",
        f"The limit ends on {in_words(step.not_before)} at the earliest. Write to us before if "
        "you don’t agree.",
        WE,
        None,
    )


def pause(request: PrivacyRequest) -> Standing | None:
    """Between approval and erasure."""
    if request.status != Status.APPROVED:
        return None
    begin = request.steps.filter(action="begin", not_before__gt=timezone.now()).first()
    if begin is None:
        return None
    return Standing(
        "We approved your request. The work starts when the pause is over.",
        f"We begin on {in_words(begin.not_before)}. Until then you can stop it.",
        WE,
        request.due_on,
    )


def restricted(request: PrivacyRequest) -> Standing | None:
    if request.is_open or restrictions.shown(request) is None:
        return None
    return Standing(
        "We limit what we do with your data.",
        "It stays so. Before that changes we write to you.",
        WE,
        None,
    )


def at_once(request: PrivacyRequest) -> Standing | None:
    """What needed no proof is in effect while the ledger still carries it to other systems."""
    if not request.is_open or not without_proof(request.rights):
        return None
    then = "Every other system that serves such a use stops it too. You need do nothing."
    return Standing(progress.telling(request).text, then, WE, None)


def in_words(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i T")


def decided(request: PrivacyRequest) -> Standing | None:
    """What the appeal came to; after it, the way leads to others."""
    found = appeals.decided_appeal(request)
    return DECIDED.get(found.outcome) if found else None


def passed_on(request: PrivacyRequest) -> Standing | None:
    """Another company answers for what it sends through us."""
    if not request.is_open or not is_forwarded(request):
        return None
    return Standing(
        "We passed your request on to the service that you use.",
        "The company behind it answers you, and we help it. What we hold ourselves, we answer.",
        "The company behind the service, and we",
        request.due_on,
    )


def is_forwarded(request: PrivacyRequest) -> bool:
    return Forwarding.objects.filter(request=request, forwarded_at__isnull=False).exists()


SITUATIONS: tuple[Callable[[PrivacyRequest], Standing | None], ...] = (
    *(question, silence, appeal, complaint),
    *(hold, before_the_work, pause, lifting_announced, decided, restricted, at_once, passed_on),
)


def standing(request: PrivacyRequest) -> Standing:
    """The first situation that fits, or else what the status itself says."""
    for situation in SITUATIONS:
        if found := situation(request):
            return found
    telling = progress.telling(request)
    by = request.due_on if request.is_open else None
    return Standing(telling.text, THEN[Status(request.status)], telling.who, by)
