"""What `make test` runs, in order; the first failure ends it. Arguments go to pytest."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence

from fluxrouter.embedded.chromium import (
    HOW_TO_GET_IT,
    browser_tests_are_required,
    find_chromium,
)
from fluxrouter.embedded.process import EmbeddedError, exit_on_sigterm
from fluxrouter.embedded.safe_environment import prepared_servers
from fluxrouter.embedded.servers import PROJECT
from fluxrouter.embedded.supervisor import Supervisor

STEPS = (
    ("Format", ("ruff", "format", "--check", ".")),
    ("Lint", ("ruff", "check", ".")),
    ("Types", ("mypy", ".")),
    ("Layers", ("lint-imports",)),
    ("Migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    ("Tests", ("pytest", "-n", "2", "--dist", "worksteal")),
)


def main(pytest_arguments: Sequence[str]) -> int:
    exit_on_sigterm()
    os.chdir(PROJECT)
    started = time.monotonic()
    try:
        _require_browser()
        with prepared_servers(os.environ) as (servers, environ):
            print(f"Servers: ready after {time.monotonic() - started:.1f} s", flush=True)
            return run_steps(servers.supervisor, environ, pytest_arguments)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _require_browser() -> None:
    if browser_tests_are_required(os.environ) and not find_chromium(os.environ):
        raise EmbeddedError(f"BROWSER_TESTS=required, but there is no Chromium ({HOW_TO_GET_IT})")


def run_steps(
    supervisor: Supervisor, environ: dict[str, str], pytest_arguments: Sequence[str]
) -> int:
    for title, command in STEPS:
        argv = list(command)
        if title == "Tests":
            _say_what_lacks_a_browser(environ)
            argv += pytest_arguments
        print(f"\n== {title}: {' '.join(argv)}", flush=True)
        started = time.monotonic()
        code = supervisor.run(title.lower(), argv, env=environ)
        verdict = f"failed with code {code}" if code else "passed"
        print(f"== {title} {verdict} after {time.monotonic() - started:.1f} s", flush=True)
        if code:
            return code
    return 0


def _say_what_lacks_a_browser(environ: dict[str, str]) -> None:
    if "CHROMIUM" in environ:
        return
    collecting = ["pytest", "--collect-only", "-q", "-m", "browser"]
    listing = subprocess.run(
        collecting,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    count = len(re.findall(r"^\S+::", listing.stdout, flags=re.MULTILINE))
    print(f"\nNo Chromium: {count} browser tests will be skipped ({HOW_TO_GET_IT})", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
