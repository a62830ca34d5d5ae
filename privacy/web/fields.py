"""Form fields in our markup, and the checks of what people type."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Explained:
    """A choice's label with a sentence under it, and the heading that it stands under."""

    label: str
    hint: str = ""
    group: str = ""

    def __str__(self) -> str:
        return self.label


class HintedMixin:
    """Ties each option's sentence to its input, for those who hear the page."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)  # type: ignore[misc]
        if getattr(option["label"], "hint", ""):
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class Radios(HintedMixin, forms.RadioSelect):
    """Radio buttons."""


class Checkboxes(HintedMixin, forms.CheckboxSelectMultiple):
    """Checkboxes, several of which may be ticked."""


def no_control_characters(text: str) -> None:
    """Nothing invisible that could hide in a mail's header or in staff's screen."""
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text):
        raise ValidationError("Remove the invisible characters and type it again")


def email_field(**options: Any) -> forms.EmailField:
    return forms.EmailField(
        max_length=254,
        validators=[no_control_characters],
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address in the form name@example.com",
            "max_length": "Enter an e-mail address of at most 254 characters",
        },
        **options,
    )


def line_field(label: str, **options: Any) -> forms.CharField:
    """One optional line."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        validators=[no_control_characters],
        error_messages={"max_length": "Enter at most 200 characters"},
        **options,
    )
