"""What staff write into the systems for a correction."""

from typing import Any

from django import forms

from privacy.admin.forms import DoForm
from privacy.correctable import CORRECTABLE, OTHER, label_of
from privacy.services.corrections import problems


class CorrectionForm(DoForm):
    """The new value of each field that is wrong; the others stay empty. Asks again from scratch,
    because values are shown only after a reveal.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, row in CORRECTABLE.items():
            self.fields[name] = forms.CharField(
                label=row.label,
                help_text=row.hint,
                required=False,
                widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
            )
        self.fields[OTHER] = forms.CharField(
            label=label_of(OTHER),
            help_text="What no field above is for. Staff put it right by hand, with a step that "
            "waits for them. Say where it stands and how it should be.",
            required=False,
            max_length=2000,
            widget=forms.Textarea({"rows": 4}),
        )

    def clean(self) -> dict[str, Any]:
        patch = {name: text for name, text in self.cleaned_data.items() if text}
        for field, problem in problems(patch).items():
            self.add_error(field, problem)
        if not patch and not self.errors:
            raise forms.ValidationError("Fill in at least one of these.")
        return {"patch": patch}
