"""The gateway's own keys: made once, shown once, kept as a hash.

A key is 256 random bits, so a plain SHA-256 can't be searched, and each call may afford it.
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import GatewayKey

Scope = GatewayKey.Scope
MARKED = "frxg"  # scanners for leaked secrets find it by this
FORM = re.compile(MARKED + r"_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")
USED = timedelta(minutes=5)  # how exactly we know when a key was last used


class NoSuchKeyError(Exception):
    """There is no key with this beginning that isn't revoked."""


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def make_key(label: str, scopes: list[str]) -> tuple[GatewayKey, str]:
    """A new key, and the secret, which nobody can see again."""
    prefix = f"{MARKED}_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = GatewayKey.objects.create(
        label=label,
        prefix=prefix,
        digest=digest_of(secret),
        scopes=scopes,
        created_at=timezone.now(),
    )
    return key, secret


def revoke_key(prefix: str) -> None:
    """From now on the key is unknown. Raises NoSuchKeyError."""
    rows = GatewayKey.objects.filter(prefix=prefix, revoked_at=None)
    if not rows.update(revoked_at=timezone.now()):
        raise NoSuchKeyError


def find_key(secret: str) -> GatewayKey | None:
    """Found by its public beginning; the rest is compared in constant time."""
    if not FORM.fullmatch(secret):
        return None
    prefix = secret[: len(MARKED) + 9]
    key = GatewayKey.objects.filter(prefix=prefix, revoked_at=None).first()
    known = bytes(key.digest) if key else bytes(32)
    return key if hmac.compare_digest(known, digest_of(secret)) else None


def note_use(key: GatewayKey) -> None:
    """Write down that the key was used, at most every five minutes."""
    now = timezone.now()
    rows = GatewayKey.objects.filter(pk=key.pk)
    rows.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - USED)).update(last_used_at=now)
