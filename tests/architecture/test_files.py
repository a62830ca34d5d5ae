"""What holds for every file of the project."""

import ast
import subprocess
from pathlib import Path

import pytest

from fluxrouter.embedded.servers import PROJECT

LONGEST = 220
# Tables are read from top to bottom like a document; they may be long.
TABLES = {
    "privacy/claims.py",
    "privacy/datamap.py",
    "privacy/refusals/table.py",
    "privacy/letters/facts.py",
    "privacy/letters/table.py",
    "privacy/processors.py",
    "privacy/rights.py",
    "retention/schedule.py",
}
TESTS_TO_INHERIT = {"privacy/connectors/testing/contract.py"}
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK")
TEXTS = {".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".txt", ".in", ""}


def project_files() -> list[Path]:
    """What is, or may be, committed."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("not a git repository: which files belong to the project isn't known")
    found = [Path(name) for name in done.stdout.splitlines()]
    return [path for path in found if (PROJECT / path).is_file()]


def text_of(path: Path) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def test_no_module_is_long() -> None:
    long = {
        str(path): lines
        for path in project_files()
        if path.suffix == ".py"
        and path.parts[0] not in ("tests", "bench")
        and "migrations" not in path.parts
        and str(path) not in TABLES | TESTS_TO_INHERIT
        and (lines := len(text_of(path).splitlines())) > LONGEST
    }
    assert long == {}


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{path}: {word}"
        for path in project_files()
        if path.suffix in TEXTS
        for word in UNFINISHED
        if word in text_of(path)
    ]
    assert found == []


def test_every_package_and_module_says_what_it_is() -> None:
    silent = [
        str(path)
        for path in project_files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and path.name != "conftest.py"
        and (text := text_of(path))
        and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []
