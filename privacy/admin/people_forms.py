"""What staff fill in about customers, agents, parents and reports of a child's data."""

from typing import Any
from uuid import UUID

from django import forms

from accounts.models import Account
from privacy.admin.forms import ReasonForm
from privacy.admin.masks import mask
from privacy.services.forwarding import find_customers

FIND_HELP = (
    "Its id, the whole e-mail address, or at least three letters of the company’s name. "
    "Then press the button: nothing happens before you have chosen."
)


class AccountForm(ReasonForm):
    """Finds an account and asks which one is meant. What was found isn't sent before that."""

    find = forms.CharField(
        label="Find the account",
        help_text=FIND_HELP,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    account = forms.ChoiceField(
        label="Which of these is it?", widget=forms.RadioSelect, required=False
    )
    field_order = ("find", "account", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = find_customers(str(self.data.get("find", ""))) if self.is_bound else []
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(str(each.pk), words(each)) for each in self.found]
        if not self.found:
            del self.fields["account"]

    def clean_find(self) -> str:
        if not self.found:
            raise forms.ValidationError("No account fits. Try its id, or its whole address.")
        return str(self.cleaned_data["find"])

    def clean_account(self) -> UUID:
        if not self.cleaned_data["account"]:
            raise forms.ValidationError("Choose the account, then press the button again.")
        return UUID(self.cleaned_data["account"])


def words(account: Account) -> str:
    """Enough to tell accounts apart."""
    company = account.company or "No company"
    return f"{company}, {mask(account.email)}, {account.pk}"


class ForwardForm(AccountForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "How you know that this is the service"


class ChildAccountForm(AccountForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "What shows that the account is a child’s"


class HelpForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "What the customer needs"


class HelpedForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "What you did, or why nothing was to do"


class ProblemForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = "What is missing"
        field.help_text = (
            "Whoever sent it reads this word for word. Say what would do. "
            "Tell nothing about the person, not even whether we know them."
        )


class RefuseAgentForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = "Reason that the person will read"
        field.help_text = (
            "Say that they can ask us directly, or sign a permission for whoever asked."
        )
