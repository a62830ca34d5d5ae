"""What staff may do about a task at a processor. Closing it is an action of any step by hand."""

from accounts.models import User
from privacy.admin import forms, refusals
from privacy.admin.action_row import HANDLE, ActionRow, Answers, always
from privacy.admin.refusals import Target
from privacy.models import ManualTask
from privacy.selectors.tasks import processor_title
from privacy.services import evidence, processor_letters, review


def task_of(target: Target) -> ManualTask:
    if target.task is None:
        raise review.ReviewError("This step isn’t a task at a processor.")
    return target.task


def write_label(target: Target) -> str:
    return f"Write to {processor_title(task_of(target))}"


def write(target: Target, user: User, answers: Answers) -> None:
    processor_letters.write_to_processor(task_of(target), actor=user)


def add_evidence(target: Target, user: User, answers: Answers) -> None:
    evidence.add_evidence(task_of(target), answers["file"], actor=user)


TASK_ACTIONS: dict[str, ActionRow] = {
    "write_letter": ActionRow(
        write_label,
        always(HANDLE),
        refusals.not_writable,
        forms.DoForm,
        write,
        "Noted. The task shows where the letter stands.",
    ),
    "add_evidence": ActionRow(
        always("Add a file"),
        always(HANDLE),
        refusals.no_more_evidence,
        forms.EvidenceForm,
        add_evidence,
        "The file is kept with the task, sealed.",
    ),
}
