"""`python -m bench [--only AREA]`: measure, print a table, write results/latest.json."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django

from bench import fulfilment, retention
from bench.result import Result, table
from bench.size import SIZES
from tests.support.processes import Stack, running_stack

AREAS: dict[str, Callable[..., Iterator[Result]]] = {
    "fulfilment": fulfilment.measure,
    "retention": retention.measure,
}
LATEST = Path(__file__).parent / "results" / "latest.json"


def measure(stack: Stack, areas: list[str]) -> list[Result]:
    """Run areas one after the other in this process, on the stack's servers."""
    os.environ.update(stack.environ)
    django.setup()
    size = SIZES[os.environ.get("BENCH_SIZE", "usual")]
    results = []
    for area in areas:
        for result in AREAS[area](stack, size):
            print(f"{area}: {' '.join(result.cells()[:3])}", file=sys.stderr, flush=True)
            results.append(result)
    return results


def main() -> int:
    """0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(AREAS), help="measure one area")
    parser.add_argument("--to", type=Path, default=LATEST, help="where the JSON goes")
    options = parser.parse_args()
    with running_stack({"ERASURE_GRACE_HOURS": "0"}) as stack:
        results = measure(stack, [options.only] if options.only else list(AREAS))
    options.to.parent.mkdir(exist_ok=True)
    text = json.dumps([result.as_json() for result in results], indent=2, ensure_ascii=False)
    options.to.write_text(text + "\n", encoding="utf-8")
    print(table(results))
    return int(any(result.holds is False for result in results))


if __name__ == "__main__":
    sys.exit(main())
