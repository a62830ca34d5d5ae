"""What staff fill in to get more time, or an answer of the person."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from privacy.admin.forms import DoForm
from privacy.deadlines.reasons import REASONS
from privacy.models import Appeal, Question
from privacy.selectors import appeals, extending
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
    counted_from = "the receipt"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request, self.appeal = self.privacy_request, self.find_appeal()
        clock = extending.clock_of(self.appeal)
        accepted = extending.accepted_by(laws_of(request), clock)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [
            (code, f"{REASONS[code].label} ({', '.join(names)})")
            for code, names in accepted.items()
        ]
        last = extending.latest_allowed(request, appeal=self.appeal)
        by = extending.notice_due(request, self.appeal)
        self.fields["until"].initial = last
        if last and by:
            self.fields["until"].help_text = (
                f"{extensions.in_words(last)} at the latest, counted from {self.counted_from}. "
                f"The person is told this day, and it binds us. The letter must be out by "
                f"{extensions.in_words(by)}."
            )

    def find_appeal(self) -> Appeal | None:
        """What is extended; None: the answer to the request."""
        return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reasons, until = given.get("reasons"), given.get("until")
        if reasons and until:
            problem = extensions.why_not_until(self.privacy_request, reasons, until, self.appeal)
            if problem:
                self.add_error("until", problem)
        return given


class ExtendAppealForm(ExtendForm):
    counted_from = "the appeal"
    until = forms.DateField(label="Decide by", widget=DAY)

    def find_appeal(self) -> Appeal | None:
        return appeals.open_appeal(self.privacy_request, Appeal.Kind.APPEAL)


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
