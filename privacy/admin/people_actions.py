"""Actions about agents, parents, customers, and reports of a child's data."""

from collections.abc import Callable

from accounts.models import User
from privacy.admin import people_forms as forms
from privacy.admin.action_row import APPROVE, HANDLE, ActionRow, Answers, always
from privacy.admin.forms import ReasonForm
from privacy.admin.refusals import Target
from privacy.models import Forwarding, PrivacyRequest
from privacy.services import authorities, children, forwarding, review
from privacy.states import Status

State = Forwarding.State


def moves_to(state: str) -> Callable[[Target, User], str]:
    return lambda target, user: forwarding.why_not(target.request, state)


def no_proof(target: Target, user: User) -> str:
    if target.request.is_open and authorities.to_judge(target.request):
        return ""
    return "No proof waits to be judged."


def no_agent_to_refuse(target: Target, user: User) -> str:
    if problem := no_proof(target, user):
        return problem
    if target.request.role != PrivacyRequest.Role.AGENT:
        return "Nobody acts as an agent here. Refuse the request itself."
    if target.request.status != Status.VERIFYING:
        return "The person has confirmed it: this is no reason any more."
    return authorities.why_not_refused(target.request)


def no_report(target: Target, user: User) -> str:
    return children.why_not(target.request)


def forward(target: Target, user: User, answers: Answers) -> None:
    forwarding.forward(target.request, account_id=answers["account"], actor=user)
    review.write_note(target.request, author=user, about=forwarding.NOTE, text=answers["reason"])


def identify(target: Target, user: User, answers: Answers) -> None:
    children.identify(
        target.request, account_id=answers["account"], actor=user, reason=answers["reason"]
    )


PEOPLE_ACTIONS: dict[str, ActionRow] = {
    "forward": ActionRow(
        always("Pass it on to the customer"),
        always(HANDLE),
        moves_to(State.FORWARDED),
        forms.ForwardForm,
        forward,
        "Passed on. Two letters are on their way: to the customer and to the person.",
    ),
    "no_customer": ActionRow(
        always("No customer found"),
        always(HANDLE),
        moves_to(State.NOT_FOUND),
        ReasonForm,
        lambda target, user, answers: forwarding.not_found(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Noted. A letter tells the person whom to ask.",
    ),
    "help_customer": ActionRow(
        always("The customer asks for help"),
        always(HANDLE),
        moves_to(State.ASSISTING),
        forms.HelpForm,
        lambda target, user, answers: forwarding.help_asked(
            target.request, actor=user, what=answers["reason"]
        ),
        "Noted. The page says until when.",
    ),
    "end_help": ActionRow(
        always("Nothing more to do for the customer"),
        always(HANDLE),
        moves_to(State.ENDED),
        forms.HelpedForm,
        lambda target, user, answers: forwarding.end(
            target.request, actor=user, what=answers["reason"]
        ),
        "Noted.",
    ),
    "accept_proof": ActionRow(
        always("Accept the proof"),
        always(HANDLE),
        no_proof,
        ReasonForm,
        lambda target, user, answers: authorities.accept(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Accepted. The request goes on.",
    ),
    "reject_proof": ActionRow(
        always("Ask for another proof"),
        always(HANDLE),
        no_proof,
        forms.ProblemForm,
        lambda target, user, answers: authorities.reject(
            target.request, actor=user, reason=answers["reason"]
        ),
        "A letter says what is missing.",
    ),
    "refuse_agent": ActionRow(
        always("Refuse this agent"),
        always(APPROVE),
        no_agent_to_refuse,
        forms.RefuseAgentForm,
        lambda target, user, answers: authorities.refuse(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Refused. The letter is on its way.",
        danger=True,
    ),
    "identify_child": ActionRow(
        always("This account is a child’s"),
        always(HANDLE),
        no_report,
        forms.ChildAccountForm,
        identify,
        "The account is frozen, and its erasure waits for approval in the queue.",
        danger=True,
    ),
    "close_report": ActionRow(
        always("Close as unfounded"),
        always(APPROVE),
        no_report,
        ReasonForm,
        lambda target, user, answers: children.close_unfounded(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Closed. A letter tells the sender that it is closed, and nothing more.",
    ),
}
