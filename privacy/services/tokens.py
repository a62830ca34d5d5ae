"""Mailed links and codes: made, found, used up. The database holds their hashes only."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from fluxrouter.foundation.keystore import keystore
from privacy.models import MailToken

Kind = MailToken.Kind
MAX_ATTEMPTS = 5
CODE_DIGITS = 8


class Life(NamedTuple):
    """How long a token works and whether its first use is its last."""

    lasts: timedelta
    single_use: bool


LIVES: dict[str, Life] = {
    Kind.VERIFY: Life(timedelta(days=7), single_use=True),
    Kind.STATUS: Life(timedelta(days=180), single_use=False),
    Kind.STOP: Life(timedelta(days=7), single_use=True),
    Kind.DOWNLOAD: Life(timedelta(minutes=15), single_use=True),
    Kind.AUTHORITY: Life(timedelta(days=21), single_use=False),
}


class TokenError(Exception):
    """The token doesn't open anything (any more). `why` is unknown, expired, used or attempts."""

    def __init__(self, why: str, token: MailToken | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.token = token


def digest_of(secret: str, request_id: UUID | None = None) -> bytes:
    """A link is long enough by itself. A code could be guessed from its hash, so it needs a key.

    The key is the request's, which isn't in the database.
    """
    if request_id is None:
        return hashlib.sha256(f":{secret}".encode()).digest()
    return hmac.digest(keystore().get(request_id), f"code:{secret}".encode(), hashlib.sha256)


def secret_for(request_id: UUID, kind: str, step_id: UUID) -> str:
    """The secret of one letter: the same each time the letter is tried, and known to nobody else.

    It comes from the request's data key, which isn't in the database.
    """
    raw = hmac.digest(keystore().get(request_id), f"{kind}:{step_id}".encode(), hashlib.sha256)
    if kind == Kind.DOWNLOAD:
        return str(int.from_bytes(raw[:8]) % 10**CODE_DIGITS).zfill(CODE_DIGITS)
    return base64.urlsafe_b64encode(raw[:24]).decode()


def issue(request_id: UUID, kind: str, step_id: UUID) -> str:
    """The secret to mail, stored as a hash; issuing again for the same letter changes nothing."""
    secret = secret_for(request_id, kind, step_id)
    now = timezone.now()
    MailToken.objects.bulk_create(
        [
            MailToken(
                request_id=request_id,
                kind=kind,
                digest=digest_of(secret, request_id if kind == Kind.DOWNLOAD else None),
                created_at=now,
                expires_at=now + LIVES[kind].lasts,
            )
        ],
        ignore_conflicts=True,
    )
    return secret


def find(secret: str, kind: str) -> MailToken:
    """The live token behind a mailed link. Changes nothing. Raises TokenError."""
    token = (
        MailToken.objects.select_related("request")
        .filter(digest=digest_of(secret), kind=kind)
        .first()
    )
    if token is None:
        raise TokenError("unknown")
    check_alive(token)
    return token


def check_alive(token: MailToken) -> None:
    if token.used_at and LIVES[token.kind].single_use:
        raise TokenError("used", token)
    if token.expires_at <= timezone.now():
        raise TokenError("expired", token)


def use_up(token: MailToken) -> None:
    """Take a single-use token: of two who try at once, one gets TokenError."""
    rows = MailToken.objects.filter(pk=token.pk, used_at=None)
    if not rows.update(used_at=timezone.now()):
        raise TokenError("used", token)


def check_code(request_id: UUID, typed: str) -> None:
    """Use up the newest download code if `typed` is it. Raises TokenError; counts attempts."""
    token = (
        MailToken.objects.filter(request_id=request_id, kind=Kind.DOWNLOAD)
        .order_by("-created_at")
        .first()
    )
    if token is None:
        raise TokenError("unknown")
    check_alive(token)
    counted = MailToken.objects.filter(pk=token.pk, attempts__lt=MAX_ATTEMPTS)
    if not counted.update(attempts=F("attempts") + 1):
        raise TokenError("attempts", token)
    digits = "".join(filter(str.isdigit, typed))
    if not hmac.compare_digest(digest_of(digits, request_id), bytes(token.digest)):
        token.refresh_from_db(fields=["attempts"])
        raise TokenError("wrong", token)
    use_up(token)


def attempts_left(token: MailToken | None) -> int:
    return max(0, MAX_ATTEMPTS - token.attempts) if token else 0
