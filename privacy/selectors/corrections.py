"""What a correction changes, and how many people must approve it."""

import json

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.correctable import CORRECTABLE
from privacy.models import PrivacyRequest
from privacy.rights import Executor, approvers_needed, executors
from privacy.selectors.refusals import granted_rights


def entered(request: PrivacyRequest) -> dict[str, str]:
    """The new values that staff entered, by field; none once their key is destroyed."""
    try:
        return dict(json.loads(request.read("corrections") or "{}"))
    except (KeyGoneError, SealError):
        return {}


def is_missing(request: PrivacyRequest) -> bool:
    """Whether a correction is asked for that nobody has entered yet."""
    return Executor.CORRECT in executors(granted_rights(request)) and not entered(request)


def approvers(request: PrivacyRequest) -> int:
    """As many as the strictest of its rights, and of the fields that it changes, needs."""
    of_fields = [
        CORRECTABLE[field].approvers for field in entered(request) if field in CORRECTABLE
    ]
    return max([approvers_needed(granted_rights(request) or request.rights), *of_fields])
