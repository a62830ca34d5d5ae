"""Why an action can't be taken now, in words; nothing is said when it can."""

from typing import Any, NamedTuple

from accounts.models import User
from privacy.grounds import ACCEPTABLE, BLOCKERS
from privacy.models import FulfilmentStep, ManualTask, PrivacyRequest
from privacy.rights import Executor, executors
from privacy.selectors import corrections, people, tasks
from privacy.selectors.refusals import granted_rights
from privacy.services import evidence, lifting, processor_letters, withdrawal
from privacy.services.fulfilment import plan
from privacy.services.review import BY_HAND
from privacy.states import Status

State = FulfilmentStep.State


class Target(NamedTuple):
    """What an action is about: a request, or one step of it."""

    request: PrivacyRequest
    step: FulfilmentStep | None = None

    @property
    def erases(self) -> bool:
        return Executor.ERASE in executors(granted_rights(self.request))

    @property
    def task(self) -> ManualTask | None:
        """The task at a processor that the step is, if it is one."""
        rows = ManualTask.objects.select_related("step__request")
        return rows.filter(step=self.step).first() if self.step else None


def not_in_review(target: Target, user: User) -> str:
    if target.request.status != Status.IN_REVIEW:
        return f"This request is “{target.request.get_status_display()}”, not being checked."
    return people.OF_REPORT if people.is_report(target.request) else ""


def not_proposable(target: Target, user: User) -> str:
    if refusal := not_in_review(target, user):
        return refusal
    if target.request.proposed_by_id:
        return "It is proposed already. A second person must approve it."
    if corrections.is_missing(target.request):
        return "Enter the correction first: what is to be written."
    current = plan.current_plan(target.request)
    plan.accept(current, ACCEPTABLE)  # the form asks for these
    return plan_problem(target.request, current)


def plan_problem(request: PrivacyRequest, current: dict[str, dict[str, Any]]) -> str:
    if people.lacks_guardianship(request):
        return BLOCKERS["no_authority"]
    if not plan.is_complete(current, request):
        return "The look-up isn’t finished. Wait for it, or retry what failed."
    if plan.blockers(current):
        return "Something stands in the way. The plan says what, and what to do."
    return ""


def no_correction_to_enter(target: Target, user: User) -> str:
    if refusal := not_in_review(target, user):
        return refusal
    if Executor.CORRECT not in executors(granted_rights(target.request)):
        return "Nobody asked for a correction."
    if target.request.proposed_by_id:
        return "It is proposed already. Look again first: then the proposal falls."
    return ""


def not_liftable(target: Target, user: User) -> str:
    return lifting.why_not(target.request)


def no_lifting_to_call_off(target: Target, user: User) -> str:
    if lifting.announced(target.request):
        return ""
    return "No lifting is announced that has not begun."


def not_approvable(target: Target, user: User) -> str:
    if refusal := not_in_review(target, user):
        return refusal
    if not target.request.proposed_by_id:
        return "Nobody has proposed it yet. The first person must propose it."
    if target.request.proposed_by_id == user.pk:
        return "You proposed it. Another person must approve it."
    current = plan.current_plan(target.request)
    if problem := plan_problem(target.request, current):
        return problem
    if current != target.request.plan:
        return (
            "The plan changed since it was proposed. Look again, then propose what is there now."
        )
    return ""


def not_deniable(target: Target, user: User) -> str:
    """Also in the pause, where a hold may turn up. What nobody confirmed ends by itself."""
    return "" if target.request.status == Status.APPROVED else not_in_review(target, user)


def not_withdrawable(target: Target, user: User) -> str:
    if people.is_report(target.request):
        return people.OF_REPORT
    if withdrawal.can_withdraw(target.request):
        return ""
    return "Its work has begun or it is closed: it can’t be withdrawn any more."


def not_parked(target: Target, user: User) -> str:
    step = target.step
    if step is None or step.state != State.PARKED:
        return "This step isn’t waiting for a person any more."
    if step.connector == "manual" and step.error == "by_hand":
        return "This step is done by hand: close it instead."
    return ""


def not_acceptable(target: Target, user: User) -> str:
    """Only for what came back with something new that somebody may let pass."""
    if refusal := not_parked(target, user):
        return refusal
    found = target.step.cursor.get("found", {}) if target.step else {}
    if "found" not in found:
        return "This step didn’t come back with something new."
    if set(found.get("blockers", [])) - ACCEPTABLE:
        return "Something stands in the way that nobody may pass."
    return ""


def not_by_hand(target: Target, user: User) -> str:
    step = target.step
    if step and step.connector in BY_HAND and step.state == State.PARKED:
        return ""
    return "This step isn’t waiting to be done by hand."


def no_open_task(target: Target, user: User) -> str:
    task = target.task
    return "" if task and tasks.is_open(task) else "This step isn’t an open task at a processor."


def no_more_evidence(target: Target, user: User) -> str:
    if refusal := no_open_task(target, user):
        return refusal
    task = target.task
    if task and task.evidence.count() >= evidence.MOST:
        return f"This task has {evidence.MOST} files, and can’t have more."
    return ""


def not_writable(target: Target, user: User) -> str:
    task = target.task
    if task is None or not tasks.is_open(task):
        return no_open_task(target, user)
    if task.letter_at or processor_letters.letter_step(task):
        return "This letter is written already."
    return processor_letters.problem(task)


def nothing_to_reveal(target: Target, user: User) -> str:
    if target.request.key_destroyed_at or target.request.email is None:
        return "The key of these contact details was destroyed: nobody can read them any more."
    return ""
