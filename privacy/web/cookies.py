"""Two cookies: whose draft it is, and who typed the download code. A third is in `signal.py`."""

import secrets
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from privacy.models import Package
from privacy.services.intake import DRAFT_LIVES

OWNER = "draft_owner"
GRANT = "download"
GRANT_LIVES = 15 * 60  # seconds
_signer = TimestampSigner(salt="privacy.download")


def owner_of(request: HttpRequest) -> str:
    """This browser's secret, or "" when it has none."""
    return request.COOKIES.get(OWNER, "")


def new_owner() -> str:
    return secrets.token_urlsafe(24)


def keep_owner(response: HttpResponseBase, owner: str) -> None:
    response.set_cookie(
        OWNER,
        owner,
        max_age=DRAFT_LIVES,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def grant_download(response: HttpResponseBase, package: Package) -> None:
    """Let this browser, and no other, fetch this package for a quarter of an hour."""
    response.set_cookie(
        GRANT,
        _signer.sign(str(package.pk)),
        max_age=GRANT_LIVES,
        path=reverse("privacy:download", args=[package.pk]),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def may_download(request: HttpRequest, package_id: UUID) -> bool:
    try:
        granted = _signer.unsign(request.COOKIES.get(GRANT, ""), max_age=GRANT_LIVES)
    except BadSignature:
        return False
    return granted == str(package_id)
