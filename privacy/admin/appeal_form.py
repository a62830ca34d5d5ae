"""What staff fill in to decide an appeal or a complaint."""

from typing import Any

from django import forms

from privacy.admin.forms import DoForm
from privacy.models import Appeal
from privacy.rights import Right
from privacy.selectors import appeals

Outcome = Appeal.Outcome


class DecideComplaintForm(DoForm):
    verdict = forms.ChoiceField(
        label="What do you decide?", choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Reasons that the person will read",
        help_text="They read them word for word: what you looked at, what you found, and why. "
        "The letter adds who else can help them.",
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
    )


class DecideAppealForm(DecideComplaintForm):
    rights = forms.MultipleChoiceField(
        label="What is done after all?",
        help_text="Only if they are right in part. If they are right, all of it is done.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ("verdict", "rights", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_stake = appeals.refused_rights(self.privacy_request)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(right, Right(right).label) for right in at_stake]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        partly = cleaned.get("verdict") == Outcome.PARTLY
        if partly and not cleaned.get("rights"):
            self.add_error("rights", "Say for which of them the person is right.")
        return cleaned
