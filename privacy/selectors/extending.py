"""How much more time the laws of a request give, for which reasons, and until when to ask."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from privacy.deadlines import ExtensionNotice, Facts, dues, earliest
from privacy.deadlines.periods import latest_day
from privacy.deadlines.readings import Reading
from privacy.deadlines.reasons import REASONS
from privacy.deadlines.reckon import CLOCK_OF, extension_of
from privacy.models import Extension, FulfilmentStep, PrivacyRequest
from privacy.models.letter import CAME_BACK
from privacy.regimes.resolver import Law, Laws
from privacy.regimes.spans import Extension as Rule
from privacy.rights import in_regimes
from privacy.selectors.laws import facts_of, laws_of, zones_of

State = FulfilmentStep.State
EVERY_REASON = tuple(REASONS)
FAR = timedelta(days=3650)  # for laws that leave the date to us; our own cap ends it


def answered_by_respond(request: PrivacyRequest) -> list[str]:
    """The rights whose answer can be extended, as the laws call them."""
    return [right for right in in_regimes(request.rights) if right not in CLOCK_OF]


def rules(laws: Laws) -> list[tuple[Law, Rule]]:
    """The laws that know an extension, with its rule."""
    found = [(law, extension_of(law.effective, "respond")) for law in laws.of]
    return [(law, rule) for law, rule in found if rule]


def knowing_none(laws: Laws) -> list[Law]:
    return [law for law in laws.of if extension_of(law.effective, "respond") is None]


def accepted_by(laws: Laws) -> dict[str, list[str]]:
    """Each reason that counts somewhere, with the names of the laws that accept it."""
    found: dict[str, list[str]] = {code: [] for code in REASONS}
    for law, rule in rules(laws):
        for code in REASONS if rule.grounds is None else rule.grounds:
            found.setdefault(code, []).append(law.written.name)
    return {code: names for code, names in found.items() if names}


def first_due(laws: Laws, rights: list[str], facts: Facts) -> date:
    return min(earliest(dues(laws, right, facts))["respond"].safe_due for right in rights)


def latest_allowed(
    request: PrivacyRequest, reasons: tuple[str, ...] = EVERY_REASON, sent_on: date | None = None
) -> date | None:
    """The last day to which an extension moves the answer, if the person is told of it today (or
    on `sent_on`) for these reasons. None: the date stays.
    """
    rights = answered_by_respond(request)
    if not rights:
        return None
    laws, facts = laws_of(request), replace(facts_of(request), notice=None)
    on = sent_on or latest_day(timezone.now(), zones_of(request.country))
    told = ExtensionNotice(on, reasons, facts.received_on + FAR)
    later = first_due(laws, rights, replace(facts, notice=told))
    return later if later > first_due(laws, rights, facts) else None


def due_without(request: PrivacyRequest) -> date:
    """When the answer would be due had nobody extended it."""
    facts = replace(facts_of(request), notice=None)
    return first_due(laws_of(request), answered_by_respond(request), facts)


def notice_due(request: PrivacyRequest) -> date | None:
    """The last day on which the person can be told, so that every law that knows an extension
    gives it; None when none does.
    """
    facts = facts_of(request)
    ends = [
        Reading("respond", right, law.effective, facts, strict=True).strictest(rule.notice)
        for law, rule in rules(laws_of(request))
        for right in answered_by_respond(request)
    ]
    return min((end.day for end in ends if end), default=None)


def extension_of_request(request: PrivacyRequest) -> Extension | None:
    return request.extensions.filter(about="").select_related("letter").first()


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


def is_void(request: PrivacyRequest) -> bool:
    """Whether the person was told that we need longer, and no law gives it: told too late, or the
    letter came back.
    """
    extension = extension_of_request(request)
    told_at = extension.letter.finished_at if extension else None
    if extension is None or told_at is None or extension.letter.state != State.DONE:
        return False
    if is_declined(extension) or came_back(extension):
        return came_back(extension)
    told_on = latest_day(told_at, zones_of(request.country))
    return latest_allowed(request, tuple(extension.reasons), told_on) is None
