"""Refusing: all that is left of a request, some of its rights, or a part of one."""

from accounts.models import User
from privacy.admin import refusals
from privacy.admin.action_row import APPROVE, ActionRow, Answers, always
from privacy.admin.refusal_forms import RefuseForm, RefusePartForm
from privacy.admin.refusals import Target
from privacy.services.refusals import refuse


def call(target: Target, user: User, answers: Answers) -> None:
    refuse(target.request, actor=user, decision=answers["decision"])


REFUSAL_ACTIONS: dict[str, ActionRow] = {
    "deny": ActionRow(
        always("Refuse"),
        always(APPROVE),
        refusals.not_deniable,
        RefuseForm,
        call,
        "Refused. The letter is on its way.",
        danger=True,
    ),
    "refuse_part": ActionRow(
        always("Refuse a part"),
        always(APPROVE),
        refusals.not_in_review,
        RefusePartForm,
        call,
        "Refused. The letter is on its way; what is left goes on.",
        danger=True,
    ),
}
