"""The benchmarks run, and say what they found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxrouter.embedded.servers import PROJECT

pytestmark = pytest.mark.chaos
COLUMNS = {"name", "value", "unit", "baseline", "ratio", "goal", "holds"}


@pytest.mark.acceptance("BENCH-01", "BENCH-02")
@pytest.mark.parametrize("area", ["fulfilment", "retention"])
def test_a_tiny_bench_writes_every_value_beside_its_baseline(tmp_path: Path, area: str) -> None:
    latest = tmp_path / "latest.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--only", area, "--to", str(latest)],
        cwd=PROJECT,
        env=os.environ | {"BENCH_SIZE": "tiny"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert latest.exists(), done.stderr
    results = json.loads(latest.read_text(encoding="utf-8"))
    assert {frozenset(result) for result in results} == {frozenset(COLUMNS)}
    assert all(result["value"] > 0 and result["baseline"]["name"] for result in results[:2])
    heading, *lines = done.stdout.splitlines()
    assert heading.startswith("name")
    assert len(lines) == len(results)
