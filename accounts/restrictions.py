"""Whether a use of an account's data is restricted: gateway and jobs ask before each use."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Restriction
from accounts.purposes import Purpose


def in_force() -> QuerySet[Restriction]:
    return Restriction.objects.filter(lifted_at=None)


def is_restricted(account_id: UUID, purpose: Purpose) -> bool:
    """Whether this use must stop. A stop of all service stops every use."""
    stopped = in_force().filter(account_id=account_id, purpose__in={purpose, Purpose.SERVICE})
    return stopped.exists()


def restricted_accounts(purpose: Purpose) -> QuerySet[Restriction, UUID]:
    """The ids of all accounts that a job with this purpose must leave out."""
    rows = in_force().filter(purpose__in={purpose, Purpose.SERVICE})
    return rows.values_list("account_id", flat=True)
