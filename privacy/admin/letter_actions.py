"""What staff may do about a letter that was sent: read it, and deal with one that came back."""

from django import forms

from accounts.models import User
from privacy.admin.action_row import HANDLE, REVEAL, ActionRow, Answers, always
from privacy.admin.forms import DoForm, ReasonForm
from privacy.admin.refusals import Target
from privacy.models import FulfilmentStep, SentLetter
from privacy.services import review
from privacy.services.post import again

SETTLED = [
    (str(again.Settled.OTHER_WAY), "We reached the person in another way"),
    (str(again.Settled.NO_OTHER_ADDRESS), "We know no other way to reach them"),
    (str(again.Settled.NOT_NEEDED), "They don’t need this letter any more"),
]
GONE = "This letter’s key was destroyed: nobody can read it any more."


class SettleForm(DoForm):
    how = forms.ChoiceField(label="What became of it?", choices=SETTLED, widget=forms.RadioSelect)


def step_of(target: Target) -> FulfilmentStep:
    if target.step is None:
        raise review.ReviewError(again.NOT_BACK)
    return target.step


def unreadable(target: Target, user: User) -> str:
    sent = SentLetter.objects.filter(step=target.step).first()
    return "" if sent and sent.text is not None else GONE


def note_reason(target: Target, user: User, answers: Answers) -> None:
    """Why it is opened; the text itself is read, and noted, when it is shown."""
    review.write_note(target.request, author=user, about="letter_opened", text=answers["reason"])


def settle(target: Target, user: User, answers: Answers) -> None:
    again.settle(step_of(target), how=again.Settled(answers["how"]), actor=user)


LETTER_ACTIONS: dict[str, ActionRow] = {
    "open_letter": ActionRow(
        always("Read this letter"),
        always(REVEAL),
        unreadable,
        ReasonForm,
        note_reason,
        "",
    ),
    "send_again": ActionRow(
        always("Send again"),
        always(HANDLE),
        lambda target, user: again.why_not_again(step_of(target)),
        DoForm,
        lambda target, user, answers: again.send_again(step_of(target), actor=user),
        "The letter is on its way again.",
    ),
    "settle_letter": ActionRow(
        always("Settle"),
        always(HANDLE),
        lambda target, user: again.why_not_settled(step_of(target)),
        SettleForm,
        settle,
        "Settled. The timeline says how.",
    ),
}
