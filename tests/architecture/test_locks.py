"""Each advisory lock has a number of its own: two that share one would wait for each other."""

import re
from collections import Counter
from pathlib import Path

from fluxrouter.embedded.servers import PROJECT

NUMBER = re.compile(r"\b7_262_\d{3}\b")
ROOMS = ("accounts", "fluxrouter", "privacy", "retention")


def locks() -> Counter[str]:
    files = [file for room in ROOMS for file in (Path(PROJECT) / room).rglob("*.py")]
    return Counter(n for file in files for n in NUMBER.findall(file.read_text(encoding="utf-8")))


def test_no_two_locks_have_the_same_number() -> None:
    found = locks()
    assert len(found) >= 5
    assert [number for number, times in found.items() if times > 1] == []
