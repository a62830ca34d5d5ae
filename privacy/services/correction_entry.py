"""Staff say what a correction writes, before anybody proposes it."""

from django.db import transaction

from accounts.models import User
from privacy.models import PrivacyRequest
from privacy.rights import Executor, executors
from privacy.selectors.refusals import granted_rights
from privacy.services.corrections import enter, problems
from privacy.services.review import ReviewError
from privacy.states import Status, TransitionError


def enter_correction(request: PrivacyRequest, *, actor: User, patch: dict[str, str]) -> None:
    """Keep the new values, sealed, in place of those entered before. The trail names the fields.

    Refused once it is proposed: what was approved is what is written.
    """
    with transaction.atomic():
        locked = request.lock()
        if locked.status != Status.IN_REVIEW:
            raise TransitionError("Somebody else moved this request first.")
        if Executor.CORRECT not in executors(granted_rights(locked)):
            raise ReviewError("Nobody asked for a correction.")
        if locked.proposed_by_id:
            raise ReviewError("It is proposed already. Look again first: then the proposal falls.")
        if not patch or problems(patch):
            raise ReviewError("These values can’t be written as they are.")
        enter(locked, patch)
        locked.record("request.correction_entered", actor=str(actor.pk), fields=sorted(patch))
    request.refresh_from_db()
