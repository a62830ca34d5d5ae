"""Uses that stop by themselves until a right is decided, and those that stay stopped afterwards.

GDPR Art. 18(1)(a) for what is contested, (d) for an objection that is being weighed.
"""

from django.db.models import QuerySet

from accounts.purposes import Purpose
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.rights import RIGHTS, Right, in_order, interim_purposes
from privacy.selectors import refusals
from privacy.selectors.refusals import granted_rights

State = FulfilmentStep.State
INTERIM = "interim"  # the object of the steps that stop them
BEGUN = "request.restricted_meanwhile"  # the event


def steps_of(request: PrivacyRequest) -> QuerySet[FulfilmentStep]:
    steps = request.steps.filter(action="restrict", object=INTERIM)
    return steps.exclude(state=State.CANCELLED)


def in_force(request: PrivacyRequest) -> tuple[Purpose, ...]:
    """What this request stopped by itself and didn't give back yet."""
    if not steps_of(request).exists():
        return ()
    gates = request.steps.filter(connector="request", action="lift", state=State.DONE)
    given_back = {each for gate in gates for each in gate.cursor.get("purposes", [])}
    return in_order(set(interim_purposes(request.rights)) - given_back)


def to_stop(request: PrivacyRequest) -> tuple[Purpose, ...]:
    """What stops for good, as the request is decided now.

    A right that was weighed and refused in part stops only what nobody may weigh.
    """
    granted = set(granted_rights(request))
    refused = set(refusals.in_force(request).values_list("right", flat=True))
    found: set[Purpose] = set()
    for right in request.rights:
        row = RIGHTS[Right(right)]
        found |= set(row.absolute)
        if right in granted and not (row.interim and right in refused):
            found |= set(row.stops)
    return in_order(found)
