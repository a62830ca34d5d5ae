"""Django's settings. Values come from the environment; `docs/deployment.md` explains each."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from fluxrouter.processor_settings import *  # noqa: F403  (settings are one flat namespace)
from fluxrouter.processor_settings import ENV

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts
PUBLIC_URL = ENV.public_url.rstrip("/")
ROOT_URLCONF = "fluxrouter.urls"
WSGI_APPLICATION = "fluxrouter.wsgi.application"
SITE_NAME = "FluxRouter"

INSTALLED_APPS = [
    "fluxrouter.foundation",
    "accounts",
    "retention",
    "privacy",
    "fluxrouter.apps.StaffAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "csp",
    "anymail",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before what serves files, so that these have the headers too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fluxrouter.encoding.utf8_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "privacy.web.signal.opt_out_signal",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "fluxrouter" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fluxrouter.context.site",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """A Django database for a libpq URL, in our own schema (the Data API serves `public`)."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "fluxrouter.foundation.postgres",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user"),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **parts,
            "options": "-c search_path=fluxrouter",
            # Values bound on the server stay out of the server's log of failed statements.
            "server_side_binding": True,
            # Plans are kept per connection, which saves PostgreSQL a third of its work. Like the
            # search path it needs a direct or session connection, not a transaction pooler.
            "prepare_threshold": 3,
        },
    }


DATABASES = {
    "default": {**database(ENV.database_url), "TEST": {"MIRROR": "owner"}},
    "owner": database(ENV.database_owner_url),
    "supabase": {**database(ENV.supabase_database_url), "TEST": {"MIRROR": "owner"}},
}
if ENV.external_database_url:
    DATABASES["external"] = database(ENV.external_database_url)
DATABASE_ROUTERS = ["fluxrouter.foundation.database.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "fluxrouter.formats"  # “14 March 2027”

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "fluxrouter" / "static"]
# A handful of small files, served from where they are: nothing to collect before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Security headers. Nothing is loaded from anywhere but here.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# Our links carry tokens, so nobody else gets them. Not "no-referrer": browsers then send our own
# forms with `Origin: null`, which Django refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_FAILURE_VIEW = "fluxrouter.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
# Files are evidence of at most 5 MiB. They stay in memory: nothing plain is written to disk, and
# what is larger is dropped.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024 + DATA_UPLOAD_MAX_MEMORY_SIZE
DATA_UPLOAD_MAX_NUMBER_FILES = 1

EMAIL_BACKEND = "privacy.mail_backend.KeyedEmailBackend"
EMAIL_TIMEOUT = ENV.processor_timeout_seconds
DEFAULT_FROM_EMAIL = ENV.default_from_email
PRIVACY_OFFICER_EMAIL = ENV.privacy_officer_email
CONTACT_EMAIL = "hello@fluxrouter.ai"  # the policy's stated channel

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
}

# Celery only pumps: the ledger in PostgreSQL is the queue (docs/adr/0004-ledger.md).
CELERY_BROKER_URL = ENV.redis_url

KEYSTORE_DIR = ENV.keystore_dir
BLIND_INDEX_KEY = bytes.fromhex(ENV.blind_index_key)
PACKAGE_DIR = ENV.package_dir
TRAIL_SEAL_FILE = ENV.trail_seal_file
SUPPRESSION_FILE = ENV.suppression_file

PROCESSOR_TIMEOUT = timedelta(seconds=ENV.processor_timeout_seconds)
LEASE = timedelta(seconds=ENV.lease_seconds)
RETRY_BASE = timedelta(seconds=ENV.retry_base_seconds)
ERASURE_GRACE = timedelta(hours=ENV.erasure_grace_hours)
CONTROLLER_ZONE = ENV.controller_zone
REPRESENTATIVE_COUNTRY = ENV.representative_country
TAX_COUNTRIES = [code.strip() for code in ENV.tax_countries.split(",") if code.strip()]
AUTO_APPROVE = [name.strip() for name in ENV.auto_approve.split(",") if name.strip()]
LIFT_NOTICE = timedelta(hours=ENV.lift_notice_hours)  # before a restriction ends
APPEAL_WINDOW = timedelta(days=ENV.appeal_window_days)
DORMANT_MONTHS = ENV.dormant_months
DRILL, DRILL_DOMAIN = ENV.drill, ENV.drill_domain
LONGEST_BACKUP = timedelta(days=ENV.longest_backup_days)
SUPPRESS_FOR = LONGEST_BACKUP + timedelta(days=90)
KEYSTORE_BACKUP = timedelta(days=7)  # the longest that a destroyed key may live in a backup

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"nothing_personal": {"()": "fluxrouter.foundation.logging.NothingPersonal"}},
    "formatters": {"line": {"()": "fluxrouter.foundation.logging.LineFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["nothing_personal"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # What people typed wrong is no news; what failed on our side is.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "httpx": {"level": "WARNING"},
        "stripe": {"level": "CRITICAL"},
    },
}
