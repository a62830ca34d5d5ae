"""What the environment must say: typed, and everything missing is listed at once."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def check_database_url(text: str) -> str:
    """Here rather than where it is used: the driver's own error would print the password."""
    try:
        parts = conninfo_to_dict(text)
    except psycopg.Error:
        parts = {}
    if not (parts.get("dbname") and parts.get("user")):
        raise ValueError("should be a PostgreSQL URL with a user and a database")
    return text


HexKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
WebUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]")]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]


class Environment(BaseSettings):
    """One field is one environment variable, in capitals; without a default it is required."""

    # An empty variable is one that is not set: a key store in "" would be wherever we stand.
    model_config = SettingsConfigDict(
        hide_input_in_errors=True, extra="ignore", env_ignore_empty=True
    )

    secret_key: Annotated[str, Field(min_length=32)]
    # 32 random bytes in hex. It finds people by e-mail without storing the address in clear.
    blind_index_key: HexKey
    public_url: WebUrl
    allowed_hosts: str = ""  # comma-separated; PUBLIC_URL's host when empty
    debug: bool = False

    database_url: DatabaseUrl  # the application's role: no DDL
    database_owner_url: DatabaseUrl  # migrations, partitions, disposal of trail chains
    supabase_database_url: DatabaseUrl  # reads Auth's tables, deletes sessions and audit rows
    redis_url: str

    keystore_dir: Path  # data keys; must not be in the database's backups
    package_dir: Path
    trail_seal_file: Path  # append-only; keep it on another machine's disk if you can

    stripe_secret_key: str
    stripe_api_base: WebUrl = "https://api.stripe.com"
    supabase_url: WebUrl
    supabase_secret_key: str
    resend_api_key: str
    resend_api_url: WebUrl = "https://api.resend.com/"
    default_from_email: str
    privacy_officer_email: str

    erasure_grace_hours: int = 72
    appeal_window_days: int = 60
    lease_seconds: int = 180  # longer than processor_timeout_seconds plus clock skew
    processor_timeout_seconds: int = 30
    retry_base_seconds: float = 30

    @property
    def hosts(self) -> list[str]:
        listed = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        return listed or [urlsplit(self.public_url).hostname or ""]


def read_environment() -> Environment:
    """The environment, or ImproperlyConfigured that names every bad variable and no value."""
    try:
        return Environment()  # type: ignore[call-arg]  # the environment gives them
    except ValidationError as error:
        lines = [
            f"  {str(item['loc'][0]).upper()}: "
            + ("is not set" if item["type"] == "missing" else item["msg"])
            for item in error.errors()
        ]
        text = "\n".join(lines)
        raise ImproperlyConfigured(
            f"These settings are missing or wrong (docs/deployment.md explains each):\n{text}"
        ) from None
