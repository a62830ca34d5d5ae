"""Deciding appeals and complaints, and taking longer for it: rows of the table of actions."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from privacy.admin.action_row import DECIDE, ActionRow, Answers, always
from privacy.admin.appeal_form import DecideAppealForm, DecideComplaintForm
from privacy.admin.clock_forms import ExtendAppealForm
from privacy.admin.refusals import Target
from privacy.models import Appeal
from privacy.selectors import appeals
from privacy.services import appeal_decisions, extensions
from privacy.services.review import ReviewError

Kind = Appeal.Kind


def not_decidable(kind: str) -> Callable[[Target, User], str]:
    return lambda target, user: appeal_decisions.why_not(target.request, kind, user)


def decide(kind: str) -> Callable[[Target, User, Answers], Any]:
    def call(target: Target, user: User, answers: Answers) -> None:
        appeal_decisions.decide(
            target.request,
            kind,
            actor=user,
            outcome=answers["verdict"],
            reasons=answers["reason"],
            rights=answers.get("rights", []),
        )

    return call


def not_extendable(target: Target, user: User) -> str:
    appeal = appeals.open_appeal(target.request, Kind.APPEAL)
    if appeal is None:
        return appeal_decisions.GONE
    return extensions.why_not_by(target.request, appeal, user)


def extend(target: Target, user: User, answers: Answers) -> None:
    appeal = appeals.open_appeal(target.request, Kind.APPEAL)
    if appeal is None:
        raise ReviewError(appeal_decisions.GONE)
    extensions.extend(
        target.request,
        appeal=appeal,
        actor=user,
        reasons=answers["reasons"],
        explanation=answers["explanation"],
        until=answers["until"],
    )


APPEAL_ACTIONS: dict[str, ActionRow] = {
    "decide_appeal": ActionRow(
        always("Decide the appeal"),
        always(DECIDE),
        not_decidable(Kind.APPEAL),
        DecideAppealForm,
        decide(Kind.APPEAL),
        "Decided. The letter is on its way; what was won is in the queue as a request of its own.",
        danger=True,
    ),
    "extend_appeal": ActionRow(
        always("Take longer for the appeal"),
        always(DECIDE),
        not_extendable,
        ExtendAppealForm,
        extend,
        "The letter is on its way. The date moves when it is out in time.",
    ),
    "decide_complaint": ActionRow(
        always("Decide the complaint"),
        always(DECIDE),
        not_decidable(Kind.COMPLAINT),
        DecideComplaintForm,
        decide(Kind.COMPLAINT),
        "Decided. The letter is on its way.",
        danger=True,
    ),
}
