"""What letters say of questions and extensions, as their facts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from django.utils import timezone

from privacy.deadlines import Stop
from privacy.deadlines.reasons import REASONS
from privacy.deadlines.stops import pause_for
from privacy.models import Extension, FulfilmentStep, PrivacyRequest, Question
from privacy.regimes.loader import DEFAULT
from privacy.regimes.spans import Reason
from privacy.rights import in_regimes
from privacy.selectors import extending
from privacy.selectors.laws import facts_of, laws_of
from privacy.selectors.questions import Asked, in_words
from privacy.services import clocks

A_WHILE = timedelta(days=7)


def citations_of_extension(step: FulfilmentStep) -> tuple[str, ...]:
    """Where the laws allow it. Where only our own promise binds us, no law is named."""
    clock = extending.clock_of(extending.appeal_of(extension(step)))
    laws = [law for law, _ in extending.rules(laws_of(step.request), clock)]
    rules = [getattr(law.effective.extensions, clock) for law in laws]
    return tuple(dict.fromkeys(rule.citation for rule in rules if rule.source[0] != DEFAULT))


def citations_of_pause(request: PrivacyRequest, code: str) -> tuple[str, ...]:
    """The rules by which waiting for an answer moves our date; none when it stays.

    It moves only when every law that binds us lets it: the earliest date counts.
    """
    today, reason = timezone.now().date(), cast("Reason", code)
    stop = Stop(reason, today, today + A_WHILE)
    laws, facts = laws_of(request), facts_of(request)
    later = replace(facts, stops=(*facts.stops, stop))
    if clocks.safe_due(request, later) <= clocks.safe_due(request, facts):
        return ()
    rules = [
        getattr(law.effective.pauses, code).citation
        for law in laws.of
        for right in in_regimes(request.rights)
        if pause_for(stop, law.effective.pauses, right, True)
    ]
    return tuple(dict.fromkeys(rules))


def extension(step: FulfilmentStep) -> Extension:
    return Extension.objects.get(letter=step)


def asked(step: FulfilmentStep) -> Asked:
    return in_words(Question.objects.get(letter=step))


def extended_from(step: FulfilmentStep) -> date:
    return extending.due_without(step.request, extending.appeal_of(extension(step)))


# By fact: what a letter says of the row that it belongs to.
OF_STEP: dict[str, Callable[[FulfilmentStep], Any]] = {
    "extended_from": extended_from,
    "extended_until": lambda step: extension(step).until,
    "extension_days": lambda step: (extension(step).until - extended_from(step)).days,
    "extension_reasons": lambda step: tuple(
        REASONS[code].says for code in extension(step).reasons
    ),
    "extension_text": lambda step: extension(step).read("explanation"),
    "extension_citations": citations_of_extension,
    "question_missing": lambda step: asked(step).missing,
    "question_why": lambda step: asked(step).why,
    "pause_citations": lambda step: citations_of_pause(step.request, asked(step).question.reason),
}
