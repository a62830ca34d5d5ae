"""Faults on demand: what goes wrong, at which call."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "reply_lost": "the app commits, the client gets no answer",
    "rate_limited": "429 before anything happens",
    "server_error": "500 before anything happens",
    "unavailable": "503 before anything happens",
    "error_after": "the app commits, then answers 500",
    "slow": "the app waits before it starts",
    "truncated_page": "a read's answer breaks off midway",
}
STATUSES = {"rate_limited": 429, "server_error": 500, "unavailable": 503, "error_after": 500}
LOST = ("X-Sandbox-Fault", "reply-lost")


@dataclass
class Fault:
    """One fault: it strikes the `nth` matching call and the following ones, `times` in all."""

    kind: str
    method: str | None = None
    path_prefix: str | None = None
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; one of {sorted(KINDS)}")

    @property
    def before(self) -> bool:
        """Whether the fault strikes before the app changes anything."""
        return self.kind in {"rate_limited", "server_error", "unavailable"}

    @property
    def status(self) -> int | None:
        return STATUSES.get(self.kind)

    @property
    def spent(self) -> bool:
        return self.seen >= self.nth + self.times - 1

    def strikes(self, method: str, path: str) -> bool:
        if self.method not in (None, method) or not path.startswith(self.path_prefix or ""):
            return False
        if self.kind == "truncated_page" and method != "GET":
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class FaultPlan:
    """The faults of one app, asked once for every call; not thread-safe without its lock."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []
        self.struck: list[tuple[str, str, str]] = []
        self._dice = random.Random(0)  # noqa: S311 - a simulation has to repeat itself
        self._rate = 0.0
        self._kinds: tuple[str, ...] = ()

    @classmethod
    def random(cls, seed: int, rate: float, kinds: Sequence[str] = tuple(KINDS)) -> "FaultPlan":
        """Any call fails with probability `rate`, the same ones for the same seed."""
        plan = cls()
        plan._dice = random.Random(seed)  # noqa: S311 - a simulation has to repeat itself
        plan._rate = rate
        plan._kinds = tuple(kinds)
        return plan

    def add(
        self,
        kind: str,
        method: str | None = None,
        path_prefix: str | None = None,
        nth: int = 1,
        times: int = 1,
        **details: Any,
    ) -> Fault:
        """`details` are `seconds` (slow), `code` and `headers` (of the error answer)."""
        fault = Fault(kind, method, path_prefix, nth, times, **details)
        self.pending.append(fault)
        return fault

    def clear(self) -> None:
        self.pending.clear()
        self._rate = 0.0

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this call, if any; every matching fault counts the call."""
        struck = [fault for fault in self.pending if fault.strikes(method, path)]
        self.pending = [fault for fault in self.pending if not fault.spent]
        fault = struck[0] if struck else self._roll(method)
        if fault:
            self.struck.append((fault.kind, method, path))
        return fault

    def _roll(self, method: str) -> Fault | None:
        if not self._rate or self._dice.random() >= self._rate:
            return None
        kind = self._dice.choice(self._kinds)
        return None if kind == "truncated_page" and method != "GET" else Fault(kind)
