"""Approves requests one by one and prints how long each took, in seconds.

Each approval sends a nudge over the broker, or tries to.
"""

import json
import sys
import time

import django

from tests.support.crowd import approve_all, plant

NUMBER = 12


def main() -> None:
    django.setup()
    took = []
    for request in plant(["access"] * NUMBER, calls=1):
        started = time.perf_counter()
        approve_all([request])
        took.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main()
