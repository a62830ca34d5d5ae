"""The bootstrap script, on a copy of it with requirements of one tiny package."""

import ast
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fluxrouter.embedded.process import wait_until
from tests.embedded.processes import PROJECT

SCRIPT = Path("fluxrouter/embedded/bootstrap.py")
BASE = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


def write_wheel(folder: Path, name: str) -> str:
    """A package without code; returns its line of a requirements file."""
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"./{wheel.name} --hash=sha256:{digest}\n"


def lay_out(folder: Path) -> Path:
    (folder / SCRIPT).parent.mkdir(parents=True)
    shutil.copy(PROJECT / SCRIPT, folder / SCRIPT)
    (folder / "fluxrouter" / "__init__.py").touch()
    (folder / "fluxrouter" / "embedded" / "demo.py").write_text(
        "import sys; print('demo ran with', sys.argv[1:], sys.prefix)"
    )
    runtime = write_wheel(folder, "tiny")
    (folder / "requirements.txt").write_text(runtime)
    (folder / "requirements-dev.txt").write_text(runtime + write_wheel(folder, "tinydev"))
    return folder


def command(*arguments: str) -> list[str]:
    return [str(BASE), str(SCRIPT), *arguments]


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", **more}


def bootstrap(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once from nothing; tests that change it take a copy."""
    folder = lay_out(tmp_path_factory.mktemp("finished"))
    done = bootstrap(folder, "setup")
    assert done.returncode == 0, done.stderr
    assert "Making .venv" in done.stdout
    assert "Installing requirements-dev.txt" in done.stdout
    return folder


@pytest.fixture
def project(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "project", symlinks=True)


def can_import(project: Path, *names: str) -> bool:
    probe = [str(project / ".venv" / "bin" / "python"), "-c", f"import {', '.join(names)}"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def test_a_finished_environment_is_left_alone(finished: Path) -> None:
    assert bootstrap(finished, "setup").stdout == f"Ready: {finished}/.venv/bin/python\n"
    assert can_import(finished, "tiny", "tinydev")


def test_the_demo_is_content_with_a_developers_environment(finished: Path) -> None:
    done = bootstrap(finished, "demo", "--for", "a test")
    assert done.stdout == f"demo ran with ['--for', 'a test'] {finished}/.venv\n"


def test_new_requirements_are_installed_into_the_old_environment(project: Path) -> None:
    with (project / "requirements-dev.txt").open("a") as requirements:
        requirements.write(write_wheel(project, "tinynew"))
    done = bootstrap(project, "setup")
    assert "Installing" in done.stdout
    assert "Making" not in done.stdout
    assert can_import(project, "tiny", "tinydev", "tinynew")


def test_a_wrong_hash_installs_nothing_and_the_next_run_goes_on_from_there(project: Path) -> None:
    requirements = project / "requirements-dev.txt"
    right = requirements.read_text() + write_wheel(project, "tinynew")
    requirements.write_text(f"{right[:-9]}00000000\n")
    done = bootstrap(project, "setup")
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not can_import(project, "tinynew")
    requirements.write_text(right)
    done = bootstrap(project, "setup")
    assert "Making" not in done.stdout
    assert can_import(project, "tinynew")


def test_an_environment_that_was_killed_half_way_is_made_anew(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    with subprocess.Popen(
        command("setup"),
        cwd=project,
        env=environment(),
        stdout=subprocess.DEVNULL,
        process_group=0,
    ) as making:
        assert wait_until((project / ".venv" / "bin" / "python").exists, 20)
        os.killpg(making.pid, signal.SIGKILL)
    assert not (project / ".venv" / "installed.json").exists()
    done = bootstrap(project, "setup")
    assert "making it anew" in done.stdout
    assert can_import(project, "tiny", "tinydev")
    assert not list(project.glob(".venv-old-*"))


def test_an_environment_whose_python_is_gone_is_made_anew(project: Path) -> None:
    for python in (project / ".venv" / "bin").glob("python*"):
        python.unlink()
        python.symlink_to("/nowhere/python")
    assert "making it anew" in bootstrap(project, "setup").stdout
    assert can_import(project, "tiny", "tinydev")


def test_an_environment_of_somebody_elses_making_is_kept_and_completed(project: Path) -> None:
    (project / ".venv" / "installed.json").unlink()
    (project / ".venv" / "theirs").touch()
    assert "Making" not in bootstrap(project, "setup").stdout
    assert (project / ".venv" / "theirs").exists()


def test_a_second_bootstrap_waits_for_the_first(finished: Path) -> None:
    folder = os.open(finished, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with subprocess.Popen(
        command("setup"), cwd=finished, env=environment(), stdout=subprocess.PIPE, text=True
    ) as second:
        assert second.stdout
        assert "waiting for it" in second.stdout.readline()
        os.close(folder)
        assert second.wait(10) == 0


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_another_python_is_told_in_one_line_what_is_needed(version: tuple[int, ...]) -> None:
    code = f"import runpy, sys; sys.version_info = {version}; runpy.run_path({str(SCRIPT)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11, 3.12 or 3.13 is needed")
    assert done.stderr.count("\n") == 1


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    ast.parse((PROJECT / SCRIPT).read_text(), feature_version=(3, 7))


def test_without_venv_one_line_says_what_to_install(tmp_path: Path) -> None:
    project = lay_out(tmp_path / "project")
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    done = bootstrap(project, "setup", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.endswith("can't make environments: apt-get install python3-venv\n")
    assert not (project / ".venv").exists()
