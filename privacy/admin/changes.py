"""What a request changes without erasing: a correction, a restriction."""

from typing import Any

from privacy.admin.correction_page import correction_page
from privacy.models import PrivacyRequest
from privacy.selectors import restrictions
from privacy.services import lifting


def changes(request: PrivacyRequest, *, revealed: bool = False) -> dict[str, Any]:
    """For the templates. `revealed` opens the values of a correction, for one look."""
    return {
        "correction": correction_page(request, revealed=revealed),
        "stops": restrictions.stops(request),
        "in_force": restrictions.in_force(request),
        "lifting": lifting.announced(request),
    }
