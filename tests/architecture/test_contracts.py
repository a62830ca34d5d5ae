"""The import contracts bite: a module that breaks one is told so."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fluxrouter.embedded.servers import PROJECT

ROOMS = ("accounts", "fluxrouter", "privacy", "retention")
# A wrong module each, and the contract that it breaks.
WRONG = {
    "privacy/services/wrong_processor.py": ("import stripe", "Only connectors talk to processors"),
    "privacy/services/wrong_queue.py": ("import celery", "Only tasks know Celery"),
    "retention/services/wrong_http.py": ("import rest_framework", "Services know nothing of HTTP"),
    "retention/wrong_room.py": ("import privacy.states", "Rooms: wiring"),
    "privacy/newcomer.py": ("", "Privacy: doors"),
    "accounts/models/wrong_floor.py": ("import accounts.gateway", "Accounts: doors"),
    "fluxrouter/foundation/models/wrong_door.py": (
        "import fluxrouter.foundation.checks",
        "Foundation: doors",
    ),
    "privacy/connectors/stripe/wrong_friend.py": (
        "import privacy.connectors.database",
        "Connectors know nothing of each other",
    ),
    "privacy/models/wrong_fake.py": (
        "import fluxrouter.sandbox",
        "Production code knows neither sandbox",
    ),
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says of a copy with all wrong modules."""
    copy = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "templates", "static")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, copy / room, ignore=unwanted)
    shutil.copy(PROJECT / "pyproject.toml", copy)
    for path, (line, _) in WRONG.items():
        (copy / path).write_text(f'"""Wrong."""\n{line}\n')
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_import_breaks_its_contract(verdict: str, path: str) -> None:
    broken = [line for line in verdict.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(WRONG[path][1]) for line in broken), broken
    assert path.removesuffix(".py").replace("/", ".").rpartition(".")[2] in verdict


@pytest.mark.acceptance("SBX-06")
def test_production_code_may_not_import_the_sandbox(verdict: str) -> None:
    assert "privacy.models.wrong_fake -> fluxrouter.sandbox" in verdict


# import-linter sees a package from outside as one module, so parts of Django are looked for here.
OF_HTTP = ("django.http", "django.shortcuts", "django.views", "django.template.response")
BELOW = ("privacy/services", "privacy/connectors", "privacy/models", "retention/services")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{each.name}" for each in node.names}
    return names


@pytest.mark.parametrize("room", BELOW)
def test_services_know_nothing_of_djangos_http(room: str) -> None:
    files = list((PROJECT / room).rglob("*.py"))
    assert files
    found = {
        f"{path.relative_to(PROJECT)}: {name}"
        for path in files
        for name in imported(path)
        if name.startswith(OF_HTTP)
    }
    assert found == set()
