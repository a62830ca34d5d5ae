"""Actions about corrections and restrictions."""

from privacy.admin import forms, refusals
from privacy.admin.action_row import APPROVE, HANDLE, ActionRow, always
from privacy.admin.correction_form import CorrectionForm
from privacy.services import correction_entry, lifting

CHANGE_ACTIONS: dict[str, ActionRow] = {
    "enter_correction": ActionRow(
        always("Enter the correction"),
        always(HANDLE),
        refusals.no_correction_to_enter,
        CorrectionForm,
        lambda target, user, answers: correction_entry.enter_correction(
            target.request, actor=user, patch=answers["patch"]
        ),
        "Kept, sealed. The page shows which fields of which systems will be written.",
    ),
    "announce_lifting": ActionRow(
        always("Announce the lifting"),
        always(APPROVE),
        refusals.not_liftable,
        forms.ReasonForm,
        lambda target, user, answers: lifting.announce(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Announced. The letter is on its way; the restriction ends when the notice is over.",
        danger=True,
    ),
    "call_off_lifting": ActionRow(
        always("Call the lifting off"),
        always(APPROVE),
        refusals.no_lifting_to_call_off,
        forms.ReasonForm,
        lambda target, user, answers: lifting.call_off(
            target.request, actor=user, reason=answers["reason"]
        ),
        "Called off. The restriction stays.",
    ),
}
