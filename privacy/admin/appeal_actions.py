"""Deciding appeals and complaints: two rows of the table of actions."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from privacy.admin.action_row import DECIDE, ActionRow, Answers, always
from privacy.admin.appeal_form import DecideAppealForm, DecideComplaintForm
from privacy.admin.refusals import Target
from privacy.models import Appeal
from privacy.services import appeal_decisions

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
