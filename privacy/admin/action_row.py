"""What an action of staff consists of."""

from collections.abc import Callable
from typing import Any, NamedTuple

from accounts.models import User
from privacy.admin.forms import DoForm
from privacy.admin.refusals import Target

HANDLE, APPROVE = "privacy.handle_privacyrequest", "privacy.approve_privacyrequest"
REVEAL = "privacy.reveal_privacyrequest"
DECIDE = "privacy.decide_appeal"
Answers = dict[str, Any]


class ActionRow(NamedTuple):
    """One action. `label` and `permission` depend on the rights; `refusal` says why not now."""

    label: Callable[[Target], str]
    permission: Callable[[Target], str]
    refusal: Callable[[Target, User], str]
    form: type[DoForm]
    call: Callable[[Target, User, Answers], object]
    done: str
    danger: bool = False


def always(text: str) -> Callable[[Target], str]:
    return lambda target: text
