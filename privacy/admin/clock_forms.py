"""What staff fill in to get more time, or an answer of the person."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from privacy.admin.forms import DoForm
from privacy.deadlines.reasons import REASONS
from privacy.models import Question
from privacy.selectors import extending
from privacy.selectors.laws import laws_of
from privacy.services import extensions

READ = "They read it word for word."
DAY = forms.DateInput(attrs={"type": "date"})


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ExtendForm(DoForm):
    reasons = forms.MultipleChoiceField(
        label="Why is more time needed?",
        help_text="Each law that applies must accept one of them. How much work we have, or how "
        "few we are, is no reason.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reason"},
    )
    explanation = forms.CharField(
        label="What makes it so, for this request",
        help_text=f"{READ} Say what takes long, and what you have done so far.",
        max_length=2000,
        widget=lines(5),
    )
    until = forms.DateField(label="Answer by", widget=DAY)
    field_order = ("reasons", "explanation", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accepted = extending.accepted_by(laws_of(self.privacy_request))
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [
            (code, f"{REASONS[code].label} ({', '.join(names)})")
            for code, names in accepted.items()
        ]
        last = extending.latest_allowed(self.privacy_request)
        self.fields["until"].initial = last
        if last:
            self.fields["until"].help_text = (
                f"{extensions.in_words(last)} at the latest, counted from the receipt. The person "
                "is told this day, and it binds us."
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reasons, until = given.get("reasons"), given.get("until")
        if reasons and until:
            problem = extensions.why_not_until(self.privacy_request, reasons, until)
            if problem:
                self.add_error("until", problem)
        return given


class AskForm(DoForm):
    kind = forms.ChoiceField(
        label="Why do you ask?", choices=Question.Reason.choices, widget=forms.RadioSelect
    )
    missing = forms.CharField(
        label="What is missing",
        help_text=f"{READ} Ask for the least that is enough, and for no copy of a document.",
        max_length=2000,
        widget=lines(4),
    )
    why = forms.CharField(label="Why we need it", help_text=READ, max_length=2000, widget=lines(3))


class AnswerForm(DoForm):
    answer = forms.CharField(
        label="What the person answered",
        help_text="Kept with the request, sealed. Leave out what we don’t need.",
        max_length=4000,
        widget=lines(5),
    )
    on = forms.DateField(
        label="The day on which it reached us",
        help_text="Not the day on which somebody read it.",
        widget=DAY,
        initial=lambda: timezone.now().date(),
    )

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.now().date():
            raise forms.ValidationError("This day is still to come.")
        return on
