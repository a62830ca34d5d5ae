"""One form per question. The words stand here; what the answers mean, the services know."""

from typing import Any

from django import forms

from privacy.models import PrivacyRequest
from privacy.rights import GROUPS, RIGHTS, Right, without_proof
from privacy.web.fields import Checkboxes, Explained, Radios, email_field, line_field

Role = PrivacyRequest.Role
UNSAID = "unsaid"
ASKING = tuple(role for role in Role if role != Role.CHILD_REPORT)  # which has its own page
# Whose address is asked for, where it isn't that of who asks.
OF_ANOTHER: dict[str, tuple[str, str]] = {
    Role.AGENT: (
        "What is the person’s e-mail address?",
        "The one we know them by. They get a link to confirm your request.",
    ),
    Role.GUARDIAN: (
        "What is the child’s e-mail address?",
        "The one we may know the child by. We write to you, at your own address.",
    ),
}


class QuestionForm(forms.Form):
    """A page's question. `heading` is its h1; `fit` adapts the words to the answers so far."""

    heading = ""
    lead = ""

    def __init__(self, *args: Any, answers: dict[str, Any], **kwargs: Any) -> None:
        kwargs["initial"] = {name: answers[name] for name in self.base_fields if name in answers}
        super().__init__(*args, **kwargs)
        self.answers = answers
        self.fit()

    def fit(self) -> None:
        """Fit the words to the answers so far."""

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(text.split()) for text in self.lead.split("\n\n")]


class RoleForm(QuestionForm):
    heading = "Which of these describes you best?"
    role = forms.ChoiceField(
        label=heading,
        help_text="Optional. It tells us where to look, and who must answer you.",
        required=False,
        widget=Radios,
        choices=[
            *((role.value, Explained(role.label)) for role in Role if role in ASKING),
            (UNSAID, Explained("None of these, or I would rather not say")),
        ],
        error_messages={"invalid_choice": "Choose one of the answers"},
    )


class CustomerForm(QuestionForm):
    heading = "Which service do you use?"
    lead = """Companies build their services on FluxRouter. When you use such a service, that
        company decides what happens to your data: it is the “controller”. We only work for it.

        You can go on. We answer for what we hold ourselves, and pass your request on to the
        company if you name it. You can also write to the company directly."""
    customer = line_field(
        "Name or website of the service",
        help_text="Optional. We pass your request on to that company, with your e-mail address, "
        "so that it can answer you.",
    )


class PersonForm(QuestionForm):
    heading = "Who are you asking for?"
    lead = """We write to the person’s own address, and act only after they have confirmed your
        request."""
    person = line_field(
        "The person, as we would know them",
        help_text="Optional. Their e-mail address, which we ask for later, is often enough.",
    )
    permission = forms.BooleanField(
        label="I have this person’s permission",
        error_messages={"required": "Tell us that you may ask for this person"},
    )


class RightsForm(QuestionForm):
    heading = "What do you want to ask for?"
    rights = forms.MultipleChoiceField(
        label=heading,
        help_text="You can choose more than one.",
        widget=Checkboxes,
        choices=[
            (right.value, Explained(right.label, RIGHTS[right].meaning, group))
            for group, rights in GROUPS
            for right in rights
        ],
        error_messages={
            "required": "Choose what you want to ask for",
            "invalid_choice": "Choose from the list what you want to ask for",
        },
    )


class EmailForm(QuestionForm):
    heading = "What is your e-mail address?"
    email = email_field(
        label=heading,
        help_text="The one we know you by. We send a link to it, to be sure that it is yours, "
        "and use it for this request only.",
    )

    def fit(self) -> None:
        rights = self.answers.get("rights", ())
        if rights and without_proof(rights):
            self.fields["email"].help_text = (
                "The one we know you by. We stop what you ask for under this address, and confirm "
                "it there."
            )
        if words := OF_ANOTHER.get(self.answers.get("role", "")):
            field = self.fields["email"]
            self.heading, field.help_text = words
            field.label = self.heading


class MessageForm(QuestionForm):
    heading = "Is there anything that we should know?"
    message = forms.CharField(
        label=heading,
        help_text="Optional. For example what is wrong and how it is right. "
        "Please leave out passwords, card numbers and copies of documents.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": "Shorten your message to 4,000 characters"},
    )

    def fit(self) -> None:
        if Right.RECTIFICATION in self.answers.get("rights", ()):
            field = self.fields["message"]
            self.heading = field.label = "What is wrong, and how is it right?"
            field.help_text = (
                "Optional. But we can begin only when we know what to correct, and what should "
                "stand there instead. Please leave out passwords, card numbers and copies of "
                "documents."
            )


class AddressForm(forms.Form):
    """A mistyped address, put right on the confirmation page."""

    email = email_field(label="The right e-mail address")


class CodeForm(forms.Form):
    """The mailed download code."""

    code = forms.CharField(
        label="Download code",
        help_text="The 8 digits in our e-mail. Spaces don’t matter.",
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "12"}
        ),
        error_messages={
            "required": "Enter the code from our e-mail",
            "max_length": "Enter the 8 digits from our e-mail",
        },
    )
