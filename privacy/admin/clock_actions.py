"""Actions about time: more of it, and what the person is asked for."""

from accounts.models import User
from privacy.admin.action_row import APPROVE, HANDLE, ActionRow, Answers, always
from privacy.admin.clock_forms import AnswerForm, AskForm, ExtendForm
from privacy.admin.refusals import Target
from privacy.selectors.questions import open_question
from privacy.services import extensions, questions


def extend(target: Target, user: User, answers: Answers) -> None:
    extensions.extend(
        target.request,
        actor=user,
        reasons=answers["reasons"],
        explanation=answers["explanation"],
        until=answers["until"],
    )


def ask(target: Target, user: User, answers: Answers) -> None:
    questions.ask(
        target.request,
        actor=user,
        reason=answers["kind"],
        missing=answers["missing"],
        why=answers["why"],
    )


def no_question(target: Target, user: User) -> str:
    return "" if open_question(target.request) else questions.NOTHING_ASKED


CLOCK_ACTIONS: dict[str, ActionRow] = {
    # It costs the person time, so that it isn't a handler's to decide.
    "extend": ActionRow(
        always("Extend"),
        always(APPROVE),
        lambda target, user: extensions.why_not(target.request),
        ExtendForm,
        extend,
        "The letter is on its way. The date moves when it is out in time.",
    ),
    "ask": ActionRow(
        always("Ask the person"),
        always(HANDLE),
        lambda target, user: questions.why_not(target.request),
        AskForm,
        ask,
        "The question is on its way. The answer will stand on this page.",
    ),
    "enter_answer": ActionRow(
        always("Enter the answer"),
        always(HANDLE),
        no_question,
        AnswerForm,
        lambda target, user, answers: questions.answer(
            target.request, answers["answer"], actor=str(user.pk), on=answers["on"]
        ),
        "Kept, sealed. The dates follow it where a law says so.",
    ),
}
