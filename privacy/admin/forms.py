"""What staff fill in before they decide."""

import secrets
from typing import Any

from django import forms

from privacy.admin.offers import offered
from privacy.grounds import ACCEPTABLE, BLOCKERS
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import Executor, executors
from privacy.selectors.refusals import granted_rights
from privacy.selectors.tasks import lacks_evidence
from privacy.services import evidence
from privacy.services.fulfilment import plan
from privacy.services.review import NO_EVIDENCE

WHY_HELP = "Kept with the request, sealed. Don’t name the person."


class DoForm(forms.Form):
    """A question that needs no answer but the button."""

    def __init__(
        self,
        *args: Any,
        privacy_request: PrivacyRequest,
        step: FulfilmentStep | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.privacy_request = privacy_request
        self.step = step


class ReasonForm(DoForm):
    reason = forms.CharField(
        label="Reason", help_text=WHY_HELP, max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class ProposeForm(ReasonForm):
    typed = forms.CharField(
        label="The reference of this request",
        help_text="Type it, so that it can’t be another request’s page.",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    accept = forms.MultipleChoiceField(
        label="What stood in the way",
        help_text="Tick what you looked at, if it may pass for this request.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    chosen = forms.MultipleChoiceField(
        label="What can be done besides",
        help_text="Optional. Each is done only if you tick it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ("accept", "chosen", "typed", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = plan.current_plan(self.privacy_request)
        self.to_accept = [code for code in plan.blockers(current) if code in ACCEPTABLE]
        self.offer("accept", [(code, BLOCKERS[code]) for code in self.to_accept])
        erases = Executor.ERASE in executors(granted_rights(self.privacy_request))
        self.offer("chosen", offered(current) if erases else [])

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A field without choices isn't asked."""
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (for the type checker)
        field.choices = choices
        if not choices:
            del self.fields[name]

    def clean_accept(self) -> list[str]:
        accepted: list[str] = self.cleaned_data["accept"]
        if set(accepted) != set(self.to_accept):
            raise forms.ValidationError("Each of these must be looked at first.")
        return accepted

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
        help_text=f"{WHY_HELP} If you decline, they read this word for word.",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_outcome(self) -> str:
        outcome = str(self.cleaned_data["outcome"])
        if outcome == "done" and self.step and lacks_evidence(self.step):
            raise forms.ValidationError(NO_EVIDENCE)
        return outcome


class EvidenceForm(DoForm):
    file = forms.FileField(
        label="File",
        help_text="A PDF, PNG or JPEG file, or plain text (a saved e-mail too), of at most 5 MiB. "
        "It is kept sealed; its name is shown to nobody.",
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.txt,.eml"}),
    )

    def clean_file(self) -> evidence.Upload:
        """Read only when it isn't too large, and judged by its bytes."""
        sent = self.cleaned_data["file"]
        upload = evidence.Upload(sent.name, sent.read(evidence.LARGEST + 1))
        try:
            evidence.check(upload)
        except evidence.EvidenceError as error:
            raise forms.ValidationError(str(error)) from None
        return upload
