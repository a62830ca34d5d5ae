"""The form on which the person answers our question."""

from django import forms

from privacy.services.questions import MOST


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Your answer",
        help_text="Please leave out passwords, card numbers and copies of documents. We keep your "
        "answer encrypted, and use it for this request only.",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Write your answer",
            "max_length": "Shorten your answer to 4,000 characters",
        },
    )
