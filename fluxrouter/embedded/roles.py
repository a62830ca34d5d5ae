"""The URLs of the three database roles, derived from an administrator's URL.

Nothing is created here: `manage.py prepare_database` reads these variables and makes the roles.
"""

import secrets
from urllib.parse import urlsplit, urlunsplit

ROLES = {
    "DATABASE_OWNER_URL": "flux_owner",
    "DATABASE_URL": "flux_app",
    "SUPABASE_DATABASE_URL": "flux_supabase",
}


def role_environment(admin_url: str) -> dict[str, str]:
    """Names and fresh random passwords for the roles, on the administrator's server."""
    urls = {variable: _as_role(admin_url, role) for variable, role in ROLES.items()}
    return {"DATABASE_ADMIN_URL": admin_url, **urls}


def _as_role(admin_url: str, role: str) -> str:
    parts = urlsplit(admin_url)
    address = parts.netloc.rpartition("@")[2]
    login = f"{role}:{secrets.token_urlsafe(32)}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))
