"""What the environment must say: typed, and everything missing is listed at once."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
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
SvixSecret = Annotated[str, Field(pattern=r"^(whsec_[A-Za-z0-9+/]{16,}={0,2})?$")]
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
    suppression_file: Path  # hashes of whom we erased; must not be in the database's backups

    stripe_read_key: str  # looks and exports; may write nothing
    stripe_erase_key: str  # writes, for erasure, correction and restriction
    stripe_webhook_secret: str = ""  # empty: no webhooks, Stripe is only asked
    stripe_requests_per_second: float = Field(10, ge=0)  # of all workers together; 0: no limit
    stripe_prorate: bool = False  # at the end of a subscription, give the rest of it back
    stripe_final_invoice: bool = False  # bill the usage up to its end
    stripe_open_invoices: Literal["void", "keep"] = "void"
    stripe_redaction: bool = False  # offer redaction jobs to approvers
    stripe_redaction_version: str = "2026-09-30.preview"
    stripe_api_base: WebUrl = "https://api.stripe.com"
    supabase_url: WebUrl
    supabase_secret_key: str
    supabase_storage_buckets: str = ""  # comma-separated; buckets that hold people's files
    supabase_drill: bool = False  # whether fire drills may plant a made-up person there
    external_tables: Path | None = None  # YAML file of tables that aren't ours
    external_database_url: DatabaseUrl | None = None  # a second database that it may name
    resend_api_key: str
    resend_api_url: WebUrl = "https://api.resend.com/"
    resend_contacts_key: str = ""  # with full access. Without it there is no connector
    resend_drill: bool = False
    resend_webhook_secret: SvixSecret = ""  # empty: nobody tells us what became of our letters
    resend_inbound_secret: SvixSecret = ""  # empty: mail for us isn't taken in
    # The support assistant: a connector with a key and agents, staff without.
    chatbase_api_key: str = ""
    chatbase_agent_ids: str = ""  # comma-separated
    chatbase_api_base: WebUrl = "https://www.chatbase.co"
    chatbase_contact_id: Literal["external_id", "id"] = "external_id"  # which id deletes one
    # AI model providers: one with a key has a connector. `…_drill`: a fire drill may store there.
    openai_api_key: str = ""
    openai_api_base: WebUrl = "https://api.openai.com/v1"
    openai_drill: bool = False
    anthropic_api_key: str = ""
    anthropic_api_base: WebUrl = "https://api.anthropic.com/v1"
    anthropic_drill: bool = False
    gemini_api_key: str = ""
    gemini_api_base: WebUrl = "https://generativelanguage.googleapis.com/v1beta"
    gemini_drill: bool = False
    # Cloudflare Turnstile on the form's last page: off without these two.
    turnstile_site_key: str = ""
    turnstile_secret_key: Annotated[str, Field(validate_default=True)] = ""
    turnstile_verify_url: WebUrl = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
    default_from_email: str
    privacy_officer_email: str

    controller_zone: str = "America/New_York"  # where we are: the earlier date of receipt counts
    tax_countries: str = ""  # comma-separated; where we are registered for tax, besides at home
    representative_country: str = ""  # of our representative in the EU: whose holidays count there

    auto_approve: str = "know,recipients"  # rights of privacy.auto_approval, comma-separated
    erasure_grace_hours: int = 72
    lift_notice_hours: int = 72
    appeal_window_days: int = 60
    # Without use, then an account is erased after two warnings; 0: never.
    dormant_months: int = Field(default=0, ge=0)
    drill: bool = False  # a fire drill each month
    drill_domain: str = "example.com"  # of the made-up person's address; nothing is mailed there
    longest_backup_days: int = 30  # after which no backup can bring an erased person back
    lease_seconds: int = 180  # longer than processor_timeout_seconds plus clock skew
    processor_timeout_seconds: int = 30
    retry_base_seconds: float = 30

    @field_validator("turnstile_secret_key")
    @classmethod
    def both_or_neither(cls, secret: str, info: ValidationInfo) -> str:
        if bool(secret) != bool(info.data.get("turnstile_site_key")):
            raise ValueError("should be set together with TURNSTILE_SITE_KEY, or neither")
        return secret

    @field_validator("resend_inbound_secret")
    @classmethod
    def only_with_a_key_that_reads(cls, secret: str, info: ValidationInfo) -> str:
        if secret and not info.data.get("resend_contacts_key"):
            raise ValueError("needs RESEND_CONTACTS_KEY too: the key that sends can't fetch mail")
        return secret

    @field_validator("controller_zone")
    @classmethod
    def a_zone_that_exists(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("should be a time zone such as America/New_York")
        return zone

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
