"""However the supervisor ends, nothing stays, and the next start works."""

import json
import signal
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from fluxrouter.embedded.servers import start_servers
from tests.embedded.processes import HOLDER, all_gone, descendants, first_line, running, script


@pytest.mark.acceptance("DEMO-03")
def test_kill_9_of_the_supervisor_leaves_nothing_and_the_data_survives(state_dir: Path) -> None:
    with script(HOLDER, state_dir) as holder:
        environ = json.loads(first_line(holder))
        with psycopg.connect(environ["DATABASE_ADMIN_URL"]) as connection:
            connection.execute("CREATE TABLE kept (answer integer)")
        family = descendants(holder.pid)
        assert {process.name() for process in family} >= {"postgres", "valkey-server"}
        holder.kill()
        holder.wait()
        # At once, while the guards are still stopping the servers
        with start_servers(state_dir, durable=False, environ={}) as servers:
            assert not running(family)
            with psycopg.connect(servers.admin_url or "") as connection:
                assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.acceptance("DEMO-03")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_signal_leaves_nothing(state_dir: Path, number: signal.Signals) -> None:
    with script(HOLDER, state_dir) as holder:
        first_line(holder)
        family = descendants(holder.pid)
        holder.send_signal(number)
        assert holder.wait(15) == 128 + number
        assert not running(family)
    assert not list((state_dir / "run").iterdir())


def test_a_stray_whose_guard_was_killed_too_is_ended_by_the_next_start(state_dir: Path) -> None:
    with script(HOLDER, state_dir) as holder:
        first_line(holder)
        family = descendants(holder.pid)
        for process in [psutil.Process(holder.pid), *psutil.Process(holder.pid).children()]:
            process.kill()
        holder.wait()
    strays = running(family)
    assert {process.name() for process in strays} >= {"postgres", "valkey-server"}
    with start_servers(state_dir, durable=False, environ={}):
        assert all_gone(strays)


def test_a_record_that_names_a_stranger_harms_nobody(state_dir: Path) -> None:
    with script("import time; print('up', flush=True); time.sleep(600)") as stranger:
        first_line(stranger)
        (state_dir / "run").mkdir()
        facts = {"pid": stranger.pid, "birth": "1", "signal": 9}
        (state_dir / "run" / "postgres.json").write_text(json.dumps(facts))
        with start_servers(state_dir, durable=False, environ={}):
            assert stranger.poll() is None
