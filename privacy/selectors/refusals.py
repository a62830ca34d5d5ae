"""What was asked for and refused, and what is left to do."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fluxrouter.foundation.crypto import SealError
from fluxrouter.foundation.keystore import KeyGoneError
from privacy.letters.parts import Refused
from privacy.models import PrivacyRequest, Refusal
from privacy.refusals import REASONS, citation
from privacy.rights import Right

# Refused by this request for good: what an appeal won after its end is done by another.
NOT_DONE = Q(lifted_at=None) | Q(lifted_at__gte=F("request__closed_at"))


def in_force(request: PrivacyRequest) -> QuerySet[Refusal]:
    """The refusals that no appeal has lifted, oldest first."""
    return request.refusals.filter(lifted_at=None)


def granted_rights(request: PrivacyRequest) -> list[str]:
    """The rights that are carried out: all that were asked for but those refused as a whole.

    `request.rights` stays what the person asked for. Whatever is done, planned or counted as done
    asks here.
    """
    rows = request.refusals.filter(NOT_DONE, whole=True)
    refused = set(rows.values_list("right", flat=True))
    return [right for right in request.rights if right not in refused]


def grants(right: str) -> Q:
    """Whether a request carries out this right, as a condition on `PrivacyRequest`."""
    refused = Refusal.objects.filter(NOT_DONE, request=OuterRef("pk"), right=right, whole=True)
    return Q(rights__contains=[right]) & ~Q(Exists(refused))


def told(request: PrivacyRequest) -> list[Refused]:
    """Each refusal in force as the person reads it. Sealed texts are "" once their key is gone."""
    laws = laws_ids(request)
    return [
        Refused(
            right=str(Right(row.right).label),
            part=not row.whole,
            reason=REASONS[row.code].says,
            citation=citation(row.code, laws),
            explanation=opened(row, "explanation"),
            granted=opened(row, "granted"),
            until=row.until,
        )
        for row in in_force(request).order_by("decided_at", "right")
    ]


def opened(row: Refusal, field: str) -> str:
    try:
        return row.read(field)
    except (KeyGoneError, SealError):
        return ""


def laws_ids(request: PrivacyRequest) -> list[str]:
    """The laws that the request is measured by; a request from before there were any has none."""
    return list(request.laws.get("regimes", []))
