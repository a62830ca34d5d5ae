"""Asking the person for what we can't go on without, and their answer.

What that does to the clocks is the laws' business (`pauses` in privacy/regimes): most say nothing.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from fluxrouter.foundation.trail import SUBJECT
from privacy.deadlines import Stop
from privacy.deadlines.stops import pause_for
from privacy.models import PrivacyRequest, Question
from privacy.rights import in_regimes
from privacy.selectors.laws import facts_of, laws_of
from privacy.selectors.questions import open_question
from privacy.services import clocks, mail
from privacy.services.review import ReviewError
from privacy.states import Status

LETTER = "question"
ASKABLE = (Status.IN_REVIEW, Status.APPROVED, Status.FULFILLING)
NOT_NOW = "This request is “{}”. Only who confirmed an open one can be asked."
ASKED = "The person was asked already and hasn’t answered yet."
NOTHING_ASKED = "No question of this request waits for an answer."
TOO_EARLY = "An answer can’t be older than its question."
MOST = 4000  # characters of an answer
A_WHILE = timedelta(days=7)


def why_not(request: PrivacyRequest) -> str:
    """Why the person can't be asked now; "" when they can."""
    if request.status not in ASKABLE:
        return NOT_NOW.format(request.get_status_display())
    return ASKED if open_question(request) else ""


def ask(request: PrivacyRequest, *, actor: User, reason: str, missing: str, why: str) -> Question:
    """Write the person a letter that asks; they answer on their status page.

    Raises ReviewError when another question is open.
    """
    with transaction.atomic():
        locked = request.lock()
        if refusal := why_not(locked):
            raise ReviewError(refusal)
        question = Question(
            request=locked,
            reason=reason,
            letter=mail.queue(locked, LETTER),
            author=actor,
            made_at=timezone.now(),
        )
        question.write("text", json.dumps({"missing": missing.strip(), "why": why.strip()}))
        question.save(force_insert=True)
        locked.record("question.asked", actor=str(actor.pk), question=reason)
    return question


def answer(
    request: PrivacyRequest, text: str, *, actor: str = SUBJECT, on: date | None = None
) -> None:
    """Keep the answer to the open question, sealed. `on` is the day it reached us, if not today.

    Raises ReviewError when nothing is open (any more): of two answers at once the first counts.
    """
    with transaction.atomic():
        locked = request.lock()
        asked = open_question(locked)
        if asked is None:
            raise ReviewError(NOTHING_ASKED)
        question = asked.question
        question.answered_at = moment_of(on, question.made_at)
        question.write("answer", text.strip()[:MOST])
        question.save(update_fields=["answer", "answered_at"])
        locked.record("question.answered", actor=actor, question=question.reason)
        clocks.reckon(locked)


def moment_of(on: date | None, made_at: datetime) -> datetime:
    """When an answer came of which staff know only the day."""
    now = timezone.now()
    if on is None or on >= now.date():
        return now
    if on < made_at.date():
        raise ReviewError(TOO_EARLY)
    return max(made_at, datetime.combine(on, time(12), UTC))


def pausing_laws(request: PrivacyRequest, reason: str) -> list[str]:
    """Citations of the rules by which waiting for this answer moves our date; none when it stays.

    It moves only when every law that binds us lets it: the earliest date counts.
    """
    today = timezone.now().date()
    stop = Stop(reason, today, today + A_WHILE)  # type: ignore[arg-type]  # one of the choices
    laws, facts = laws_of(request), facts_of(request)
    later = replace(facts, stops=(*facts.stops, stop))
    if clocks.safe_due(request, later) <= clocks.safe_due(request, facts):
        return []
    rules = [
        getattr(law.effective.pauses, reason).citation
        for law in laws.of
        for right in in_regimes(request.rights)
        if pause_for(stop, law.effective.pauses, right, True)
    ]
    return list(dict.fromkeys(rules))
