"""What we are for which data: controller, or processor for the customer who sent it.

As a processor no clock of ours runs: the request goes to the customer, and we assist
(GDPR Art. 28(3)(e); Cal. Civ. Code § 1798.130(a)(3)(A)).
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    CONTROLLER = "controller"
    PROCESSOR = "processor"


# Only what isn't ours alone: everything else we decide about ourselves. Bodies are the customer's,
# whose end user may stand in them; the customer's own requests are answered by us all the same.
PROCESSED_FOR_CUSTOMERS: dict[str, str] = {
    "accounts.GatewayBody": "Prompts and answers, sent through the gateway by a customer.",
}


def role_of(model: str, *, asks_as_end_user: bool) -> Role:
    """Our role for the rows of a model, by its label, towards who asks.

    An account holder's own data is ours to answer for. Somebody who used a customer's service is
    the customer's to answer, as far as only content concerns them.
    """
    content = model in PROCESSED_FOR_CUSTOMERS
    return Role.PROCESSOR if content and asks_as_end_user else Role.CONTROLLER


def split(models: Iterable[str], *, asks_as_end_user: bool) -> dict[Role, tuple[str, ...]]:
    """A request in two parts: what we answer, and what goes to the customer."""
    labels = tuple(models)
    return {
        role: tuple(m for m in labels if role_of(m, asks_as_end_user=asks_as_end_user) is role)
        for role in Role
    }
