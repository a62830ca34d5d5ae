"""Forms and words of legal holds."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.apps import apps
from django.utils import timezone

from retention.models import LegalHold
from retention.schedule import RETENTION_SCHEDULE
from retention.services.holds import RELEASE_REASONS, problem_of, release_hold, review_hold
from retention.words import name_of

SCOPE = ("subject_id", "model", "since", "until")
SHOWN = (
    *SCOPE,
    *("ground", "citation", "secrecy", "review_on"),
)
TOLD = "Yes: that there is a hold, why, and by which law"


def kinds() -> list[tuple[str, str]]:
    """What the schedule knows, by label and in words, in its order."""
    labels = dict.fromkeys(rule.model for rule in RETENTION_SCHEDULE)
    return [(label, name_of(label)) for label in labels]


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

    secrecy = forms.ChoiceField(
        label="Is the person told?",
        required=False,
        choices=[("", TOLD), *LegalHold.Secrecy.choices],
        widget=forms.RadioSelect,
        help_text="Whoever asks for erasure has a right to know why their data stays (GDPR Art. "
        "12(4)). Say no only if an order or a law forbids to tell, and name it in the citation. "
        "Then no letter, page or certificate speaks of the hold. When they may know, place the "
        "hold once more, told, and release this one.",
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
        if self.errors.keys() & set(SCOPE):
            return entered
        if problem := problem_of(*(entered[name] for name in SCOPE)):
            # At a field, or the table's own constraint would say the same in its words.
            self.add_error("until", problem)
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


class ReviewForm(forms.Form):
    review_on = forms.DateField(
        label="When must somebody look again?", widget=DateInput(format="%Y-%m-%d")
    )


class Step(NamedTuple):
    """What staff can do with a hold that is in force."""

    title: str
    says: str
    button: str
    style: str
    permission: str
    form: type[forms.Form]
    work: Callable[..., None]
    done: str


STEPS = {
    "review": Step(
        "Keep this legal hold",
        "You looked whether it is still needed, and it is.",
        "Keep this hold",
        "",
        "retention.add_legalhold",
        ReviewForm,
        review_hold,
        "The hold stays in force.",
    ),
    "release": Step(
        "Release this legal hold",
        "From then on what it covers may be erased again, and is disposed of when its time is up.",
        "Release this hold",
        "danger",
        "retention.release_legalhold",
        ReleaseForm,
        release_hold,
        "The hold is released.",
    ),
}


def in_words(hold: LegalHold) -> str:
    """Whose data of which days: “Account 5e7a…: everything”."""
    whose = f"Account {hold.subject_id}" if hold.subject_id else "Everybody"
    what = name_of(hold.model) if hold.model else "everything"
    days = (("from", hold.since), ("to", hold.until))
    ends = [f"{word} {day.isoformat()}" for word, day in days if day]
    return " ".join((f"{whose}: {what}", *ends))
