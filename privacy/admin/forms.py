"""What staff fill in before they decide."""

import secrets
from typing import Any

from django import forms

from privacy.models import PrivacyRequest

WHY_HELP = "Kept with the request, sealed. Don’t name the person."


class DoForm(forms.Form):
    """A question that needs no answer but the button."""

    def __init__(self, *args: Any, privacy_request: PrivacyRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.privacy_request = privacy_request


class ReasonForm(DoForm):
    reason = forms.CharField(
        label="Reason", help_text=WHY_HELP, max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class DenyForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Reason that the person will read"
        self.fields[
            "reason"
        ].help_text = (
            "They read it word for word: say what you can’t do, why, and what they can do."
        )


class ProposeForm(ReasonForm):
    typed = forms.CharField(
        label="The reference of this request",
        help_text="Type it, so that it can’t be another request’s page.",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("typed", "reason")

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip().upper()
        if not secrets.compare_digest(typed.encode(), self.privacy_request.reference.encode()):
            raise forms.ValidationError("This isn’t the reference of this request.")
        return typed


class ByHandForm(DoForm):
    outcome = forms.ChoiceField(
        label="What became of it?",
        choices=[("done", "I did it"), ("declined", "Declined: it can’t or may not be done")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="What you did, or why not",
        help_text=WHY_HELP,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
