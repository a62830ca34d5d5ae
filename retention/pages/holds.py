"""Forms and words of legal holds."""

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.utils import timezone

from retention.models import LegalHold
from retention.schedule import BY_MODEL
from retention.services.holds import RELEASE_REASONS, problem_of

SHOWN = ("subject_id", "model", "since", "until", "ground", "citation", "review_on")


def kinds() -> list[tuple[str, str]]:
    """What the schedule knows, by label and in words."""
    return [(label, words_of(label)) for label in BY_MODEL]


def words_of(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural).capitalize() if label else ""


class DateInput(forms.DateInput):
    input_type = "date"


class PlaceHoldForm(forms.ModelForm):
    class Meta:
        model = LegalHold
        fields = SHOWN
        widgets = dict.fromkeys(("review_on", "since", "until"), DateInput(format="%Y-%m-%d"))
        help_texts = {
            "since": "The first day (UTC), by the clock that the schedule counts from.",
            "until": "The last day.",
        }

    model = forms.ChoiceField(
        label="What",
        required=False,
        help_text="Without an account it is everybody’s, and needs its first and last day.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = [("", "Everything of this account"), *kinds()]  # type: ignore[attr-defined]

    def clean_subject_id(self) -> UUID | None:
        subject_id: UUID | None = self.cleaned_data["subject_id"]
        accounts = apps.get_model("accounts.Account").objects
        if subject_id and not accounts.filter(pk=subject_id).exists():
            raise forms.ValidationError("No account has this id.")
        return subject_id

    def clean(self) -> dict[str, Any]:
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return entered
        problem = problem_of(
            entered["subject_id"], entered["model"], entered["since"], entered["until"]
        )
        if problem:
            raise forms.ValidationError(problem)
        return entered

    def clean_review_on(self) -> Any:
        review_on = self.cleaned_data["review_on"]
        if review_on <= timezone.now().date():
            raise forms.ValidationError("The review must be after today.")
        return review_on


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why does the hold end?",
        choices=list(RELEASE_REASONS.items()),
        widget=forms.RadioSelect,
    )


def in_words(hold: LegalHold) -> str:
    """Whose data of which days: “Account 5e7a…: everything”."""
    whose = f"Account {hold.subject_id}" if hold.subject_id else "Everybody"
    what = words_of(hold.model) or "everything"
    days = (("from", hold.since), ("to", hold.until))
    ends = [f"{word} {day.isoformat()}" for word, day in days if day]
    return " ".join((f"{whose}: {what}", *ends))
