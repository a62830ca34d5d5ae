"""What the demo's story is made of."""

import ast
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fluxrouter.embedded.demo import pages, seed, story, walk

pytestmark = pytest.mark.acceptance("DEMO-02")
# Besides the standard library: an HTTP client, and the demo's own modules.
MAY_USE = {"requests", "fluxrouter.embedded.demo", "fluxrouter.sandbox.environment"}
NOT_HTTP = {"subprocess", "socket", "sqlite3"}


@pytest.mark.parametrize("module", [story, walk, pages])
def test_it_reaches_the_program_over_http_alone(module: ModuleType) -> None:
    source = ast.parse(Path(module.__file__ or "").read_text())
    names = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    foreign = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith(tuple(MAY_USE))} == set()
    assert not names & NOT_HTTP


def test_its_people_are_made_up() -> None:
    assert len(seed.PEOPLE) > 3
    # RFC 2606 keeps these names free for examples.
    assert {email.rpartition("@")[2] for email in seed.PEOPLE} <= {
        "example.org",
        "example.net",
        "example.com",
    }
