"""The account that the demo gives of itself: each step ticked, with its time."""

import time


class Account:
    """Prints as it goes, so that nobody wonders whether something hangs."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()

    def title(self, text: str) -> None:
        print(f"\n{text}\n{'─' * len(text)}", flush=True)

    def tick(self, text: str) -> None:
        now = time.monotonic()
        print(f"  ✓ {text:<72} {now - self._last:5.1f} s", flush=True)
        self._last = now

    def line(self, text: str = "") -> None:
        print(f"  {text}" if text else "", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start
