"""What staff fill in when they refuse: never a citation, which follows from the reason."""

from typing import Any

from django import forms

from privacy.admin.forms import DoForm
from privacy.refusals import REASONS, citation, offered
from privacy.rights import Right
from privacy.selectors.laws import laws_of
from privacy.selectors.refusals import granted_rights, laws_ids
from privacy.services.refusals import Decision, why_not


class RefuseForm(DoForm):
    """Refuse all that is left of a request. The person reads each answer word for word."""

    code = forms.ChoiceField(
        label="Why",
        help_text="Only what counts under the laws of this request, each with its article.",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="What is so in this case",
        help_text="They read it word for word: say what you can’t do, why, and what they can do.",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    granted = forms.CharField(
        label="What we do all the same",
        help_text="Optional. They read it word for word.",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    until = forms.DateField(
        label="Until when",
        help_text="When the reason ends, or you look at it again. The person may ask anew then.",
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    heeded = forms.BooleanField(
        label="I have done what the reason asks for besides, and can show that it is true."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = granted_rights(self.privacy_request)
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        codes = offered(self.left, laws_of(self.privacy_request))
        field.choices = [(code, self.words(code)) for code in codes]
        if not codes:
            field.help_text = "No reason that we know counts under the laws of this request."

    def words(self, code: str) -> str:
        """A reason as the person reads it, its article, and what it asks of us."""
        row = REASONS[code]
        said = f"{row.says} ({citation(code, laws_ids(self.privacy_request))})"
        return f"{said} Note: {row.must}" if row.must else said

    def chosen_rights(self) -> list[str]:
        return self.left

    def is_whole(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if {"code", "reason"} <= answers.keys() and (rights := self.chosen_rights()):
            decision = Decision(
                rights=tuple(rights),
                code=answers["code"],
                explanation=answers["reason"],
                whole=self.is_whole(),
                granted=answers.get("granted", ""),
                until=answers.get("until"),
            )
            if why := why_not(self.privacy_request, decision):
                raise forms.ValidationError(why)
            answers["decision"] = decision
        return answers


class RefusePartForm(RefuseForm):
    """Refuse some of the rights, or a part of them; the rest goes on."""

    rights = forms.MultipleChoiceField(
        label="What you refuse", widget=forms.CheckboxSelectMultiple
    )
    whole = forms.ChoiceField(
        label="How much of it",
        help_text="A part must really be left out: by the plan, or by whoever does it by hand.",
        choices=[("whole", "All of it"), ("part", "A part of it, which I name below")],
        widget=forms.RadioSelect,
    )
    field_order = ("rights", "whole")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (as above)
        field.choices = [(right, Right(right).label) for right in self.left]

    def chosen_rights(self) -> list[str]:
        return list(self.cleaned_data.get("rights", []))

    def is_whole(self) -> bool:
        return self.cleaned_data.get("whole") != "part"
