"""The form for an appeal or a complaint."""

from typing import Any

from django import forms

from privacy.models import Appeal

Kind = Appeal.Kind
LONGEST = 8000
ASKED: dict[str, tuple[str, str]] = {
    Kind.APPEAL: (
        "What don’t you agree with, and why?",
        "You need no form and no law: plain words are enough.",
    ),
    Kind.COMPLAINT: (
        "What went wrong?",
        "For example that we were slow, asked for too much, or were not clear.",
    ),
}


class AppealForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Write what we should look at",
            "max_length": "Shorten your text to 8,000 characters",
        },
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label, hint = ASKED[kind]
        field.help_text = (
            f"{hint} Please leave out passwords, card numbers and copies of documents."
        )
