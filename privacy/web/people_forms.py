"""Questions to those who ask for somebody else, the proof that they send, and a report about a
child.
"""

from typing import Any

from django import forms

from privacy.models import Authority, PrivacyRequest
from privacy.services import evidence
from privacy.services.authorities import SHOWN
from privacy.web.fields import Explained, Radios, email_field, line_field
from privacy.web.forms import QuestionForm

OLDEST = 17
KINDS: dict[str, Explained] = {
    Authority.Kind.SIGNED: Explained(
        "A permission that the person signed",
        "It says that you may make this request, with both your names, the date and the "
        "signature.",
    ),
    Authority.Kind.POWER: Explained(
        "A power of attorney", "If you have one. We don’t ask for it."
    ),
    Authority.Kind.GUARDIAN: Explained(
        "A paper that shows that you are the child’s parent or guardian",
        "For example a birth certificate, or a decision of a court.",
    ),
}


class OwnForm(QuestionForm):
    heading = "Who are you?"
    lead = """You ask for somebody else. We tell you that we have the request, and how to show that
        you may act for them."""
    own_name = line_field("Your name, or your company’s", help_text="Optional.")
    own_email = email_field(
        label="Your own e-mail address",
        help_text="We use it for this request only.",
    )


class ChildForm(QuestionForm):
    heading = "Who is the child?"
    lead = """You can ask for a child, or for somebody in your care, if you may act for them. We
        check that before we do anything, so we ask you for a paper that shows it."""
    person = line_field(
        "The name, as we would know it",
        help_text="Optional. The e-mail address, which we ask for later, is often enough.",
    )
    age = forms.IntegerField(
        label="How old is the child?",
        help_text="Optional. The law says up to which age a parent decides.",
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.NumberInput({"inputmode": "numeric", "size": "4"}),
        error_messages={
            "invalid": "Enter the age in years, such as 9",
            "min_value": "Enter the age in years, such as 9",
            "max_value": "A child is 17 at most. From 18 on people ask for themselves",
        },
    )


class ProofForm(forms.Form):
    """A file that shows that somebody may act for another."""

    kind = forms.ChoiceField(
        label="What do you send?",
        widget=Radios,
        error_messages={"required": "Choose what you send", "invalid_choice": "Choose from these"},
    )
    file = forms.FileField(
        label="The file",
        help_text="A PDF, PNG or JPEG file of at most 5 MiB. Cover what we don’t need, such as "
        "numbers of documents and photos.",
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.txt"}),
        error_messages={
            "required": "Choose the file",
            "empty": "This file is empty. Choose another",
        },
    )

    def __init__(self, *args: Any, privacy_request: PrivacyRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  (for the type checker)
        kind.choices = [(str(each), KINDS[each]) for each in SHOWN[privacy_request.role]]
        if len(kind.choices) == 1:
            kind.initial = kind.choices[0][0]

    def clean_file(self) -> evidence.Upload:
        """Read only when it isn't too large, and judged by its bytes."""
        sent = self.cleaned_data["file"]
        upload = evidence.Upload(sent.name, sent.read(evidence.LARGEST + 1))
        try:
            evidence.check(upload)
        except evidence.EvidenceError as error:
            raise forms.ValidationError(str(error)) from None
        return upload


class ChildReportForm(forms.Form):
    """What somebody knows of a child who gave us data."""

    what = forms.CharField(
        label="How can we find the account?",
        help_text="The child’s e-mail address or user name, if you know it, and how you know that "
        "it is a child. Please send no pictures and no documents.",
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={
            "required": "Tell us how we can find the account",
            "max_length": "Shorten your report to 2,000 characters",
        },
    )
    email = email_field(
        label="Your e-mail address",
        help_text="We tell you that we have your report, and when it is closed. You need not "
        "prove who you are.",
    )
    report = forms.CharField(widget=forms.HiddenInput)
