"""How much more time the laws of a request give, for which reasons, and until when to ask.

The same for the answer to the request and, with `appeal`, for the decision on that one.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from privacy.deadlines import ExtensionNotice, Facts, dues, earliest
from privacy.deadlines.periods import latest_day
from privacy.deadlines.readings import Reading
from privacy.deadlines.reasons import REASONS
from privacy.deadlines.reckon import CLOCK_OF, extension_of
from privacy.models import Appeal, Extension, FulfilmentStep, PrivacyRequest
from privacy.models.letter import CAME_BACK
from privacy.regimes.resolver import Law, Laws
from privacy.regimes.spans import Extension as Rule
from privacy.rights import in_regimes
from privacy.selectors.laws import OF_APPEAL, facts_of, laws_of, zones_of

State = FulfilmentStep.State
EVERY_REASON = tuple(REASONS)
FAR = timedelta(days=3650)  # for laws that leave the date to us; our own cap ends it


def clock_of(appeal: Appeal | None) -> str:
    """The clock that an extension moves."""
    return OF_APPEAL[Appeal.Kind(appeal.kind)][1] if appeal else "respond"


def extendable(request: PrivacyRequest, appeal: Appeal | None = None) -> list[str]:
    """The rights whose answer can be extended, as the laws call them. An appeal is about all."""
    return [right for right in in_regimes(request.rights) if appeal or right not in CLOCK_OF]


def rules(laws: Laws, clock: str = "respond") -> list[tuple[Law, Rule]]:
    """The laws that know an extension, with its rule."""
    found = [(law, extension_of(law.effective, clock)) for law in laws.of]
    return [(law, rule) for law, rule in found if rule]


def knowing_none(laws: Laws, clock: str = "respond") -> list[Law]:
    return [law for law in laws.of if extension_of(law.effective, clock) is None]


def accepted_by(laws: Laws, clock: str = "respond") -> dict[str, list[str]]:
    """Each reason that counts somewhere, with the names of the laws that accept it."""
    found: dict[str, list[str]] = {code: [] for code in REASONS}
    for law, rule in rules(laws, clock):
        for code in REASONS if rule.grounds is None else rule.grounds:
            found.setdefault(code, []).append(law.written.name)
    return {code: names for code, names in found.items() if names}


def facts_if_told(
    request: PrivacyRequest, appeal: Appeal | None, told: ExtensionNotice | None
) -> Facts:
    """What happened, had the person been told this of more time, or nothing."""
    facts = facts_of(request, appeal)
    return replace(facts, appeal_notice=told) if appeal else replace(facts, notice=told)


def due_if_told(
    request: PrivacyRequest, appeal: Appeal | None, told: ExtensionNotice | None
) -> date:
    laws, facts = laws_of(request), facts_if_told(request, appeal, told)
    found = [earliest(dues(laws, right, facts)) for right in extendable(request, appeal)]
    return min(each[clock_of(appeal)].safe_due for each in found)


def latest_allowed(
    request: PrivacyRequest,
    reasons: tuple[str, ...] = EVERY_REASON,
    sent_on: date | None = None,
    *,
    appeal: Appeal | None = None,
) -> date | None:
    """The last day to which an extension moves the answer, if the person is told of it today (or
    on `sent_on`) for these reasons. None: the date stays.
    """
    if not extendable(request, appeal):
        return None
    on = sent_on or latest_day(timezone.now(), zones_of(request.country))
    later = due_if_told(request, appeal, ExtensionNotice(on, reasons, on + FAR))
    return later if later > due_without(request, appeal) else None


def due_without(request: PrivacyRequest, appeal: Appeal | None = None) -> date:
    """When the answer would be due had nobody extended it."""
    return due_if_told(request, appeal, None)


def notice_due(request: PrivacyRequest, appeal: Appeal | None = None) -> date | None:
    """The last day on which the person can be told, so that every law that knows an extension
    gives it; None when none does.
    """
    facts, clock = facts_of(request, appeal), clock_of(appeal)
    ends = [
        Reading(clock, right, law.effective, facts, strict=True).strictest(rule.notice)
        for law, rule in rules(laws_of(request), clock)
        for right in extendable(request, appeal)
    ]
    return min((end.day for end in ends if end), default=None)


def extension_about(request: PrivacyRequest, appeal: Appeal | None = None) -> Extension | None:
    """The one of the request itself, or of an appeal."""
    about = str(appeal.pk) if appeal else ""
    return request.extensions.filter(about=about).select_related("letter").first()


def appeal_of(extension: Extension) -> Appeal | None:
    """The appeal that it is about; None: the request itself."""
    return Appeal.objects.get(pk=extension.about) if extension.about else None


def came_back(extension: Extension) -> bool:
    step = extension.letter
    return hasattr(step, "sent") and step.sent.state in CAME_BACK


def is_declined(extension: Extension) -> bool:
    """Whether staff closed the letter without telling the person."""
    return bool(extension.letter.receipt.get("declined"))


def is_dead(extension: Extension) -> bool:
    """Whether the person was never told of it, and won't be by this letter."""
    cancelled = extension.letter.state == State.CANCELLED
    return cancelled or came_back(extension) or is_declined(extension)


def is_void(extension: Extension) -> bool:
    """Whether the person was told that we need longer, and no law gives it: told too late, or the
    letter came back.
    """
    told_at = extension.letter.finished_at
    if told_at is None or extension.letter.state != State.DONE:
        return False
    if is_declined(extension) or came_back(extension):
        return came_back(extension)
    request = extension.request
    told_on = latest_day(told_at, zones_of(request.country))
    appeal = appeal_of(extension)
    return latest_allowed(request, tuple(extension.reasons), told_on, appeal=appeal) is None
