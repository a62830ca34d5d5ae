"""What a request changes without erasing: a correction, a restriction."""

from typing import Any

from privacy.admin.correction_page import correction_page
from privacy.models import PrivacyRequest
from privacy.rights import Executor, Right, executors
from privacy.selectors import restrictions
from privacy.selectors.refusals import granted_rights
from privacy.services import lifting


def changes(request: PrivacyRequest, *, revealed: bool = False) -> dict[str, Any]:
    """For the templates. `revealed` opens the values of a correction, for one look."""
    return {
        "correction": correction_page(request, revealed=revealed),
        "stops": restrictions.stops(request),
        "in_force": restrictions.in_force(request),
        "lifting": lifting.announced(request),
    }


def kinds_of_work(request: PrivacyRequest) -> dict[str, bool]:
    """What the approval of what is granted would set going, beside an erasure."""
    rights = granted_rights(request)
    kinds = executors(rights)
    return {
        "by_hand": Executor.BY_HAND in kinds,
        "tells": Executor.INFORM in kinds,
        "ports": Executor.PORT in kinds,
        "weighs": Right.OBJECTION in rights,
    }
