"""Requests that are about the same records as another."""

from collections.abc import Iterator

from django.db.models import QuerySet

from privacy.models import PrivacyRequest


def same_person(
    request: PrivacyRequest, others: QuerySet[PrivacyRequest]
) -> Iterator[PrivacyRequest]:
    """Those of `others` that name one of this request's records in any system, or its address."""
    ours = named(request)
    for other in others.exclude(pk=request.pk):
        if ours & named(other):
            yield other


def named(request: PrivacyRequest) -> set[str]:
    address = {bytes(request.email_index).hex()} if request.email_index else set()
    return address | {item for found in request.refs.values() for item in found}
