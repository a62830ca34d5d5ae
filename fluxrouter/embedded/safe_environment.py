"""The environment of tests and developers' commands: safe values, nothing that leaves the machine.

Production and the demo have their own.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fluxrouter.embedded.chromium import find_chromium
from fluxrouter.embedded.servers import Servers, prepare_database, start_servers
from fluxrouter.embedded.temporary import temporary_state

# Port 9 (discard) answers nobody: a call that forgot its fake fails at once.
NOWHERE = "http://127.0.0.1:9"

# One entry for every setting that production must be given. A value that is already set wins.
TEST_ENVIRONMENT: dict[str, str] = {
    "DJANGO_SETTINGS_MODULE": "fluxrouter.settings",
    "SECRET_KEY": "only-for-tests-" + "s" * 32,
    "BLIND_INDEX_KEY": "ab" * 32,
    "PUBLIC_URL": "http://localhost",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "STRIPE_READ_KEY": "rk_test_only_read",
    "STRIPE_ERASE_KEY": "rk_test_only_erase",
    "STRIPE_REQUESTS_PER_SECOND": "0",
    "STRIPE_API_BASE": NOWHERE,
    "SUPABASE_URL": NOWHERE,
    "SUPABASE_SECRET_KEY": "sb_secret_test_only",
    "RESEND_API_KEY": "re_test_only",
    "RESEND_API_URL": f"{NOWHERE}/",
    "CHATBASE_API_BASE": NOWHERE,
    "OPENAI_API_BASE": NOWHERE,
    "ANTHROPIC_API_BASE": NOWHERE,
    "GEMINI_API_BASE": NOWHERE,
    "TURNSTILE_VERIFY_URL": f"{NOWHERE}/siteverify",
    "DEFAULT_FROM_EMAIL": "FluxRouter <privacy@example.com>",
    "PRIVACY_OFFICER_EMAIL": "officer@example.com",
}


# Tells a child that its servers run and are prepared.
PREPARED = "FLUXROUTER_SERVERS_PREPARED"


@contextmanager
def prepared_servers(environ: Mapping[str, str]) -> Iterator[tuple[Servers, dict[str, str]]]:
    """Servers for one run, and the whole environment for processes that use them."""
    with (
        temporary_state() as state_dir,
        start_servers(state_dir, durable=False, environ=environ) as servers,
    ):
        safe = safe_environment(environ, servers)
        prepare_database(safe)
        yield servers, safe | {PREPARED: "1"}


def safe_environment(environ: Mapping[str, str], servers: Servers) -> dict[str, str]:
    """Safe values under those that are set; the run's files go with its state directory."""
    files = servers.supervisor.state_dir / "files"
    files.mkdir(exist_ok=True)
    found = find_chromium(environ)
    places = {
        "KEYSTORE_DIR": str(files / "keystore"),
        "PACKAGE_DIR": str(files / "packages"),
        "TRAIL_SEAL_FILE": str(files / "trail-seals"),
        "SUPPRESSION_FILE": str(files / "suppressions"),
        **({"CHROMIUM": found} if found else {}),
    }
    programs = {"PATH": f"{Path(sys.executable).parent}:{environ.get('PATH', os.defpath)}"}
    return {**TEST_ENVIRONMENT, **places, **environ, **programs, **servers.environment}
