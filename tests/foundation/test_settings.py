"""The environment: everything missing or wrong is named at once, and no value is shown."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from pydantic_core import PydanticUndefined

from fluxrouter.embedded.safe_environment import TEST_ENVIRONMENT
from fluxrouter.embedded.servers import PROJECT
from fluxrouter.environment import Environment, read_environment

pytestmark = pytest.mark.acceptance("MAIN-56")

REQUIRED = {
    name.upper()
    for name, field in Environment.model_fields.items()
    if field.default is PydanticUndefined
}
HIDDEN = "hunter2hunter2"
WRONG = {
    "SECRET_KEY": "hunter2",
    "BLIND_INDEX_KEY": HIDDEN,
    "PUBLIC_URL": f"ftp://{HIDDEN}",
    "SUPABASE_URL": HIDDEN,
    "DATABASE_URL": f"postgres//app:{HIDDEN}@host/name",
    "DATABASE_OWNER_URL": f"host=there user={HIDDEN}",
    "SUPABASE_DATABASE_URL": f"postgresql://{HIDDEN}@host",
    "DEBUG": HIDDEN,
    "LEASE_SECONDS": HIDDEN,
    "RETRY_BASE_SECONDS": HIDDEN,
}


def check(environ: dict[str, str], *options: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def complete() -> dict[str, str]:
    return {name: os.environ[name] for name in {*REQUIRED, *TEST_ENVIRONMENT}}


def test_an_empty_environment_is_told_all_that_is_missing() -> None:
    code, text = check({})
    assert code == 1
    listed = {line.split(":")[0].strip() for line in text.splitlines() if "is not set" in line}
    assert listed == REQUIRED
    assert len(listed) > 10


def test_an_empty_value_is_a_missing_one() -> None:
    code, text = check(dict.fromkeys(REQUIRED, ""))
    assert code == 1
    assert text.count("is not set") == len(REQUIRED)


def test_wrong_values_are_all_named_and_none_is_shown() -> None:
    code, text = check(complete() | WRONG)
    assert code == 1
    named = {line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  ")}
    assert set(WRONG) <= named
    assert "hunter2" not in text


@pytest.mark.parametrize("name", [name for name in WRONG if "DATABASE" in name])
def test_a_wrong_database_url_alone_does_not_show_its_password(name: str) -> None:
    code, text = check(complete() | {name: WRONG[name]})
    assert code == 1
    assert f"{name}: Value error, should be a PostgreSQL URL" in text
    assert HIDDEN not in text


def test_the_safe_environment_of_tests_is_complete() -> None:
    code, text = check(complete())
    assert (code, "no issues" in text) == (0, True), text


@pytest.mark.acceptance("MAIN-26")
def test_the_deployment_check_fails_without_a_second_factor() -> None:
    code, text = check(complete(), "--deploy", "--fail-level", "ERROR")
    assert code == 1
    assert "privacy.E006" in text


@pytest.mark.acceptance("MAIN-48")
def test_tasks_are_never_run_in_place() -> None:
    """Eager tasks would hide what a broker, a lost message and a killed worker do."""
    name = "task_always_" + "eager"
    files = [path for path in PROJECT.glob("*/**/*.py") if ".venv" not in path.parts]
    assert len(files) > 100
    assert [path for path in files if name in path.read_text().lower()] == []


@pytest.mark.acceptance("RIGHT-P05")
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RESEND_WEBHOOK_SECRET", "not-a-secret", "RESEND_WEBHOOK_SECRET"),
        ("RESEND_INBOUND_SECRET", "whsec_c2FuZGJveCBvbmx5IGhlcmU=", "needs RESEND_CONTACTS_KEY"),
    ],
)
def test_a_webhook_secret_that_can_not_work_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.delenv("RESEND_CONTACTS_KEY", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        read_environment()
