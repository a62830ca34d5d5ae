"""What staff may do with a request, as one table: who, when, what is asked, what is called."""

from django.db import transaction

from accounts.models import User
from privacy.admin import forms, refusals
from privacy.admin.action_row import APPROVE, HANDLE, REVEAL, ActionRow, Answers, always
from privacy.admin.appeal_actions import APPEAL_ACTIONS
from privacy.admin.change_actions import CHANGE_ACTIONS
from privacy.admin.clock_actions import CLOCK_ACTIONS
from privacy.admin.letter_actions import LETTER_ACTIONS
from privacy.admin.people_actions import PEOPLE_ACTIONS
from privacy.admin.refusal_actions import REFUSAL_ACTIONS
from privacy.admin.refusals import Target
from privacy.admin.task_actions import TASK_ACTIONS
from privacy.models import FulfilmentStep
from privacy.selectors import corrections
from privacy.services import review, withdrawal


def needs_two(target: Target) -> bool:
    return corrections.approvers(target.request) > 1


def propose_label(target: Target) -> str:
    if not needs_two(target):
        return "Approve"
    return "Propose this erasure" if target.erases else "Propose"


def propose_permission(target: Target) -> str:
    """To propose is a handler's work; where one approval is enough, proposing is approving."""
    return HANDLE if needs_two(target) else APPROVE


def propose(target: Target, user: User, answers: Answers) -> None:
    review.propose(
        target.request,
        actor=user,
        typed=answers["typed"],
        reason=answers["reason"],
        accept=answers.get("accept", []),
        chosen=answers.get("chosen", []),
        may_approve=user.has_perm(APPROVE),
    )


def approve_label(target: Target) -> str:
    return "Approve this erasure" if target.erases else "Approve"


def withdraw(target: Target, user: User, answers: Answers) -> None:
    with transaction.atomic():
        withdrawal.withdraw(target.request, actor=str(user.pk), reason="asked")
        review.write_note(target.request, author=user, about="withdrawn", text=answers["reason"])


def reveal(target: Target, user: User, answers: Answers) -> None:
    """Write down who looks and why, before anything is shown."""
    with transaction.atomic():
        target.request.record("request.revealed", actor=str(user.pk))
        review.write_note(target.request, author=user, about="revealed", text=answers["reason"])


def step_of(target: Target) -> FulfilmentStep:
    if target.step is None:
        raise review.ReviewError("This step isn’t waiting for a person any more.")
    return target.step


def close_by_hand(target: Target, user: User, answers: Answers) -> None:
    declined = answers["outcome"] == "declined"
    review.close_by_hand(step_of(target), actor=user, reason=answers["reason"], declined=declined)


ACTIONS: dict[str, ActionRow] = {
    **APPEAL_ACTIONS,
    **CHANGE_ACTIONS,
    **CLOCK_ACTIONS,
    **PEOPLE_ACTIONS,
    **TASK_ACTIONS,
    **LETTER_ACTIONS,
    "propose": ActionRow(
        propose_label,
        propose_permission,
        refusals.not_proposable,
        forms.ProposeForm,
        propose,
        "Done. The timeline shows it.",
    ),
    "approve": ActionRow(
        approve_label,
        always(APPROVE),
        refusals.not_approvable,
        forms.ReasonForm,
        lambda target, user, answers: review.approve(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Approved. The steps below show how far the work is.",
        danger=True,
    ),
    **REFUSAL_ACTIONS,
    "look_again": ActionRow(
        always("Look again"),
        always(HANDLE),
        refusals.not_in_review,
        forms.DoForm,
        lambda target, user, answers: review.look_again(target.request, actor=user),
        "All systems are being asked again.",
    ),
    "withdraw": ActionRow(
        always("Withdraw for the person"),
        always(HANDLE),
        refusals.not_withdrawable,
        forms.ReasonForm,
        withdraw,
        "Withdrawn. What was frozen is given back, and a letter is on its way.",
        danger=True,
    ),
    "retry": ActionRow(
        always("Retry"),
        always(HANDLE),
        refusals.not_parked,
        forms.DoForm,
        lambda target, user, answers: review.retry_step(step_of(target), actor=user),
        "The step is tried again.",
    ),
    "accept_found": ActionRow(
        always("Take it into the plan"),
        always(APPROVE),
        refusals.not_acceptable,
        forms.ReasonForm,
        lambda target, user, answers: review.accept_found(
            step_of(target), actor=user, reason=answers["reason"]
        ),
        "The plan has it now, and the step goes on.",
    ),
    "close_step": ActionRow(
        lambda target: "Close this task" if target.task else "Close this step",
        always(HANDLE),
        refusals.not_by_hand,
        forms.ByHandForm,
        close_by_hand,
        "The step is closed.",
    ),
    "reveal": ActionRow(
        always("Reveal"),
        always(REVEAL),
        refusals.nothing_to_reveal,
        forms.ReasonForm,
        reveal,
        "",
    ),
}
OF_STEP = frozenset({"retry", "accept_found", "close_step", *TASK_ACTIONS, *LETTER_ACTIONS})


def allowed(name: str, target: Target, user: User) -> bool:
    """Whether this person may do this now: then, and only then, there is a button."""
    row = ACTIONS[name]
    return user.has_perm(row.permission(target)) and not row.refusal(target, user)
