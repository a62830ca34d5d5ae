"""The questions about where somebody lives or is, and the language of our letters."""

from typing import Any

from django import forms
from django.utils import timezone

from privacy.letters.texts import ENGLISH
from privacy.places import STATES, countries, language_name
from privacy.regimes.loader import DEFAULT
from privacy.regimes.resolver import resolve
from privacy.web.fields import Radios
from privacy.web.forms import QuestionForm

PREFERRED = "preferred"  # the language that the browser prefers, beside the answers; never kept


class PlaceForm(QuestionForm):
    heading = "In which country do you live?"
    country = forms.ChoiceField(
        label=heading,
        help_text="Your country’s law decides what you can ask for.",
        choices=[("", "Choose a country"), *countries()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={
            "required": "Choose the country you live in",
            "invalid_choice": "Choose the country you live in from the list",
        },
    )


class StateForm(QuestionForm):
    heading = "In which state do you live?"
    state = forms.ChoiceField(
        label=heading,
        help_text="Optional. Some states have privacy laws of their own.",
        required=False,
        choices=[("", "I would rather not say"), *STATES["US"].items()],
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
        error_messages={"invalid_choice": "Choose a state from the list"},
    )


class ProvinceForm(QuestionForm):
    heading = "In which province or territory do you live?"
    province = forms.ChoiceField(
        label=heading,
        help_text="Optional. Quebec has a privacy law of its own.",
        required=False,
        choices=[("", "I would rather not say"), *STATES["CA"].items()],
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
        error_messages={"invalid_choice": "Choose a province from the list"},
    )


class ElsewhereForm(QuestionForm):
    heading = "Are you in another country at the moment?"
    elsewhere = forms.ChoiceField(
        label=heading,
        help_text="Optional. Some laws protect everybody who is in the country, "
        "whoever lives there.",
        required=False,
        choices=[("", "No, or I would rather not say"), *countries()],
        widget=forms.Select(attrs={"autocomplete": "off"}),
        error_messages={"invalid_choice": "Choose a country from the list"},
    )


class LanguageForm(QuestionForm):
    heading = "In which language may we write to you?"
    language = forms.ChoiceField(
        label=heading,
        help_text="Optional. A letter that nobody has checked in your language yet comes in "
        "English.",
        required=False,
        widget=Radios,
        error_messages={"invalid_choice": "Choose one of the languages"},
    )

    def fit(self) -> None:
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        offered = {self.answers.get(PREFERRED), self.answers.get("language"), ENGLISH}
        field.choices = [(code, language_name(code)) for code in sorted(filter(None, offered))]
        field.initial = field.initial or ENGLISH


def state_of(answers: dict[str, Any]) -> str:
    """The state or province, as far as it is of the country that was named."""
    field = {"US": "state", "CA": "province"}.get(answers.get("country", ""), "")
    return str(answers.get(field, ""))


def may_be_protected_elsewhere(answers: dict[str, Any]) -> bool:
    """Whether no law of the place where they live surely binds us: then another place's may."""
    if not (country := answers.get("country")):
        return False
    laws = resolve(country, state_of(answers), on=timezone.localdate())
    return any(law.id == DEFAULT for law in laws.of)


def has_another_language(answers: dict[str, Any]) -> bool:
    return bool(answers.get(PREFERRED) or answers.get("language"))
