"""The supervisor's promises about any child."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from fluxrouter.embedded.process import EmbeddedError, wait_until
from fluxrouter.embedded.supervisor import Supervisor
from tests.embedded.processes import all_gone

SLEEP = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); {SLEEP}"


def said(log: Path, word: str) -> Callable[[], bool]:
    return lambda: word in log.read_text()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_children_stop_in_reverse_order(supervisor: Supervisor, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    for name in ("first", "second"):
        code = (
            "import signal, sys, time\n"
            f"def leave(*_): open({str(notes)!r}, 'a').write('{name} '); sys.exit(0)\n"
            "signal.signal(15, leave); print('ready', flush=True); time.sleep(600)"
        )
        log = supervisor.log(name)
        supervisor.start(name, python(code), ready=said(log, "ready"))
    assert supervisor.stop_all() == {"second": 0, "first": 0}
    assert notes.read_text() == "second first "


def test_a_child_that_never_gets_ready_is_stopped_and_its_last_words_are_shown(
    supervisor: Supervisor,
) -> None:
    code = f"print('I am stuck', flush=True); {SLEEP}"
    with pytest.raises(EmbeddedError, match=r"(?s)web was not ready after 0\.5.*I am stuck"):
        supervisor.start("web", python(code), ready=lambda: False, timeout=0.5)
    assert supervisor.stop_all() == {}


def test_a_child_that_ends_before_it_is_ready_is_reported_at_once(supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match=r"(?s)web ended with code 3.*no luck"):
        supervisor.start(
            "web", python("import sys; print('no luck'); sys.exit(3)"), ready=lambda: False
        )


def test_a_program_that_does_not_exist_is_reported(supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match="No such file or directory: '/nowhere/web'"):
        supervisor.start("web", ["/nowhere/web"], ready=lambda: False)


def test_a_child_that_dies_later_is_noticed(supervisor: Supervisor) -> None:
    supervisor.start("web", python(SLEEP), ready=lambda: pid_of_web(supervisor) is not None)
    supervisor.check()
    psutil.Process(pid_of_web(supervisor)).kill()

    def noticed() -> bool:
        try:
            supervisor.check()
        except EmbeddedError as error:
            return "web ended with code 137" in str(error)
        return False

    assert wait_until(noticed, 5)


def pid_of_web(supervisor: Supervisor) -> int | None:
    record = supervisor.state_dir / "run" / "web.json"
    try:
        return int(json.loads(record.read_text())["pid"])
    except (FileNotFoundError, ValueError):
        return None


def test_a_child_that_ignores_the_signal_is_killed_after_its_grace(supervisor: Supervisor) -> None:
    log = supervisor.log("web")
    supervisor.start("web", python(STUBBORN), grace=0.3, ready=said(log, "deaf"))
    started = time.monotonic()
    assert supervisor.stop("web") == 137
    assert time.monotonic() - started < 3


def test_grandchildren_go_with_their_parent(supervisor: Supervisor) -> None:
    supervisor.start("web", python(PARENT), ready=lambda: pid_of_web(supervisor) is not None)
    web = psutil.Process(pid_of_web(supervisor))
    assert wait_until(lambda: bool(web.children()), 5)
    family = [web, *web.children()]
    supervisor.stop_all()
    assert all_gone(family)


def test_the_log_of_the_run_before_is_kept(supervisor: Supervisor) -> None:
    for word in ("one", "two"):
        log = supervisor.log("web")
        code = f"print({word!r}, flush=True); {SLEEP}"
        supervisor.start("web", python(code), ready=said(log, word))
        supervisor.stop("web")
    assert log.with_suffix(".log.1").read_text() == "one\n"


def test_a_foreground_child_answers_its_exit_code(supervisor: Supervisor) -> None:
    assert supervisor.run("step", python("import sys; sys.exit(4)"), env={}) == 4


def test_a_second_supervisor_of_the_same_directory_is_told_who_is_there(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(EmbeddedError, match="is in use by process"):
        Supervisor(supervisor.state_dir)
