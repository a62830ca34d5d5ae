"""`make test`, `make shell` and what they need of the browser."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fluxrouter.embedded import checks, shell
from fluxrouter.embedded.chromium import find_chromium
from fluxrouter.embedded.safe_environment import safe_environment
from fluxrouter.embedded.servers import start_servers
from fluxrouter.embedded.supervisor import Supervisor
from tests.embedded.processes import PROJECT

GIVEN = {
    "DATABASE_OWNER_URL": "postgresql://o:1@db/rights",
    "DATABASE_URL": "postgresql://a:2@db/rights",
    "SUPABASE_DATABASE_URL": "postgresql://s:3@db/rights",
    "REDIS_URL": "redis://r",
}


@pytest.mark.acceptance("DEMO-04")
def test_the_first_failing_step_is_the_last(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = (("Good", ("true",)), ("Bad", ("sh", "-c", "exit 3")), ("Never", ("true",)))
    monkeypatch.setattr(checks, "STEPS", steps)
    assert checks.run_steps(supervisor, dict(os.environ), []) == 3
    output = capfd.readouterr().out
    assert "Good passed after" in output
    assert "Bad failed with code 3" in output
    assert "Never" not in output


def test_arguments_go_to_pytest(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "STEPS", (("Tests", ("echo", "pytest")),))
    environ = os.environ | {"CHROMIUM": "/bin/true"}
    assert checks.run_steps(supervisor, environ, ["-k", "two words"]) == 0
    assert "\npytest -k two words\n" in capfd.readouterr().out


def test_required_browser_tests_fail_without_a_browser() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fluxrouter.embedded.checks"],
        cwd=PROJECT,
        env={"PATH": "/nowhere", "BROWSER_TESTS": "required"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no Chromium (apt-get install chromium" in done.stderr


def test_a_browser_is_found_by_variable_or_by_name(tmp_path: Path) -> None:
    for name in ("google-chrome", "mine"):
        (tmp_path / name).touch(mode=0o755)
    path = str(tmp_path)
    assert find_chromium({"PATH": path}) == str(tmp_path / "google-chrome")
    assert find_chromium({"PATH": path, "CHROMIUM": str(tmp_path / "mine")}) == str(
        tmp_path / "mine"
    )
    assert find_chromium({"PATH": path, "CHROMIUM": "/nowhere/chromium"}) is None


def test_a_set_value_wins_over_the_safe_one_but_not_over_the_servers(state_dir: Path) -> None:
    with start_servers(state_dir, environ=GIVEN) as servers:
        safe = safe_environment({"PUBLIC_URL": "http://mine", "REDIS_URL": "other"}, servers)
    assert safe["PUBLIC_URL"] == "http://mine"
    assert safe["REDIS_URL"] == "redis://r"
    assert safe["STRIPE_API_BASE"] == "http://127.0.0.1:9"
    assert Path(safe["KEYSTORE_DIR"]).is_relative_to(state_dir)


def test_a_command_of_the_shell_answers_its_exit_code() -> None:
    assert shell.run(["sh", "-c", "exit 5"], dict(os.environ)) == 5
    assert shell.run(["sh", "-c", "kill -9 $$"], dict(os.environ)) == 137


@pytest.mark.acceptance("DEMO-05")
def test_the_tests_themselves_run_in_a_safe_environment() -> None:
    """Shows that the plugin did its work before the settings were read."""
    assert os.environ["FLUXROUTER_SERVERS_PREPARED"] == "1"
    assert os.environ["STRIPE_API_BASE"].startswith("http://127.0.0.1")


@pytest.mark.acceptance("DEMO-04")
def test_the_steps_are_format_lint_types_layers_migrations_and_tests() -> None:
    assert [(title, command[0]) for title, command in checks.STEPS] == [
        ("Format", "ruff"),
        ("Lint", "ruff"),
        ("Types", "mypy"),
        ("Layers", "lint-imports"),
        ("Migrations", "python"),
        ("Tests", "pytest"),
    ]
    assert "makemigrations" in checks.STEPS[4][1]
    assert "checks" in (PROJECT / "Makefile").read_text().partition("\ntest:")[2].split("\n\n")[0]


@pytest.mark.acceptance("DEMO-05")
def test_without_a_browser_it_says_how_many_tests_are_left_out(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "STEPS", (("Tests", ("true",)),))
    environ = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
    assert checks.run_steps(supervisor, environ, []) == 0
    said = re.search(r"No Chromium: (\d+) browser tests will be skipped", capfd.readouterr().out)
    assert said
    assert int(said[1]) > 10


@pytest.mark.acceptance("DEMO-05")
def test_nothing_of_the_developers_own_is_needed(state_dir: Path) -> None:
    """An empty environment gets servers and addresses of ours, all on this machine."""
    with start_servers(state_dir, durable=False, environ={}) as servers:
        safe = safe_environment({}, servers)
    urls = [value for value in safe.values() if "://" in value]
    assert len(urls) > 6
    assert {urlsplit(url).hostname for url in urls} <= {"127.0.0.1", "localhost"}
    assert not [name for name, value in safe.items() if "KEY" in name and "live" in value]
