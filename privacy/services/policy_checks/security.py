"""Encryption on the way, and who may see and do what."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from accounts.roles import ROLES
from fluxrouter.foundation.checks import database_problems
from privacy.rights import RIGHTS, Right
from privacy.services.policy_checks.promise import require, require_none

A_YEAR = 365 * 24 * 3600
ENCRYPTED = {"require", "verify-ca", "verify-full"}  # libpq's sslmode
COOKIES_AND_REDIRECT = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
APPROVE = "privacy.approve_privacyrequest"
HANDLE = "privacy.handle_privacyrequest"
REVEAL = "privacy.reveal_privacyrequest"


def stays_here(host: str) -> bool:
    """Whether what is sent to this host never leaves the machine. A path is a socket's folder."""
    if not host or host == "localhost" or host.startswith("/"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def in_clear(name: str, url: str) -> list[str]:
    parts = urlsplit(url)
    return [] if parts.scheme == "https" or stays_here(parts.hostname or "") else [name]


def transport_is_encrypted() -> None:
    urls = {
        "PUBLIC_URL": settings.PUBLIC_URL,
        "STRIPE_API_BASE": settings.STRIPE_API_BASE,
        "SUPABASE_URL": settings.SUPABASE_URL,
        "RESEND_API_URL": settings.ANYMAIL["RESEND_API_URL"],
        "CHATBASE_API_BASE": settings.CHATBASE_API_BASE,
    }
    require_none([name for key, url in urls.items() for name in in_clear(key, url)], "No TLS at")
    databases = [
        alias
        for alias, database in settings.DATABASES.items()
        if not stays_here(database.get("HOST", ""))
        and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED
    ]
    require_none(databases, "The URL asks for no TLS (sslmode=require) to database")
    if settings.PUBLIC_URL.startswith("https://"):
        off = [name for name in COOKIES_AND_REDIRECT if not getattr(settings, name)]
        require_none(off, "Switched off")
        require(settings.SECURE_HSTS_SECONDS >= A_YEAR, "Browsers are not told to insist on TLS.")


def holders(permission: str) -> set[str]:
    return {role for role, permissions in ROLES.items() if permission in permissions}


def access_is_by_role() -> None:
    require(holders(APPROVE) == {"Approver"}, "Others than approvers may approve.")
    require(
        holders(HANDLE) | holders(REVEAL) <= {"Handler", "Approver"},
        "Roles that only look may work on requests or see addresses.",
    )
    require(RIGHTS[Right.ERASURE].approvers >= 2, "One person alone can have data erased.")


def database_is_closed() -> None:
    """A look into PostgreSQL's catalogue."""
    if problems := database_problems():
        require(False, " ".join(problems))
