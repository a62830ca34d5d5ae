"""Seeded schedules of trouble: failing calls, dying and overtaken workers, a doubled beat.

All of it happens in one process with a virtual clock, so that a seed replays exactly.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from fluxrouter.sandbox.faults import FaultPlan
from privacy.services.fulfilment import ledger
from privacy.services.fulfilment import work as working
from tests.contract.faulty import KINDS
from tests.support.lives import Clock, Life
from tests.support.world import World

# An outage ends before a step has used up its attempts: fewer strikes and deaths than those.
MOST_STRIKES = 6
MOST_DEATHS = 3
RATES = (0.02, 0.05, 0.1, 0.3)
RIGHTS = (
    ("access",),
    ("erasure",),
    ("erasure",),
    ("access", "erasure"),
    ("restriction",),
    ("rectification",),
    ("access", "objection"),
)
TOGETHER = ("alone", "alone", "alone", "alone", "alone", "alone", "two people", "twice")


class Killed(BaseException):
    """The worker's process dies here: nothing of ours catches it."""


@dataclass
class Trouble:
    """What goes wrong in one schedule, by its own dice."""

    seed: int
    clock: Clock
    world: World
    dice: random.Random = field(init=False)
    deaths: int = 0
    nested: bool = False
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - a schedule has to repeat itself
        self.rate = self.dice.choice(RATES)
        self.deadly = self.dice.choice((0.0, 0.02, 0.1))
        self.doubled = self.dice.random() < 0.3
        for number, app in enumerate(self.world.apps.values()):
            app.faults = FaultPlan.random(self.seed * 5 + number, self.rate, KINDS)

    def calm(self) -> None:
        for app in self.world.apps.values():
            if len(app.faults.struck) >= MOST_STRIKES:
                app.faults.clear()

    def may_die(self, where: str) -> None:
        if self.deaths < MOST_DEATHS and self.dice.random() < self.deadly:
            self.deaths += 1
            self.told.append(f"died {where}")
            raise Killed(where)

    def may_meet_another(self, step: Any) -> None:
        """Another worker works meanwhile; sometimes so late that the lease is over."""
        if self.nested or self.dice.random() >= self.deadly / 2:
            return
        if self.dice.random() < 0.5:
            self.clock.forward(settings.LEASE + timedelta(seconds=1))
        self.told.append(f"met another at {step.key}")
        self.nested = True
        try:
            self.pump()
        finally:
            self.nested = False

    def pump(self) -> None:
        """What beat starts, once or twice; a worker that dies is followed by another."""
        for _ in range(1 + self.doubled):
            while True:
                try:
                    working.work(seconds=60)
                except Killed:
                    continue
                break

    @contextmanager
    def happening(self) -> Iterator[None]:
        """Put the boundaries at which a worker may die around the ledger's functions."""
        claim, execute, finish = ledger.claim, working.execute, ledger.finish

        def claiming() -> Any:
            step = claim()
            if step:
                self.may_die(f"after claiming {step.key}")
            return step

        def executing(step: Any, context: Any) -> Any:
            self.calm()
            self.may_die(f"before {step.key}")
            self.may_meet_another(step)
            outcome = execute(step, context)
            self.may_die(f"after {step.key}")
            return outcome

        def finishing(step: Any, outcome: Any) -> None:
            finish(step, outcome)
            self.may_die(f"after finishing {step.key}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ledger, "claim", claiming)
            patch.setattr(ledger, "finish", finishing)
            patch.setattr(working, "execute", executing)
            yield

    def lives(self) -> list[Life]:
        """One request, or two at once: of two people, or access and erasure of one."""
        ann, bob = f"ann.{self.seed}@example.org", f"bob.{self.seed}@example.org"
        self.world.add_person(ann, "Ann Lee", calls=1)
        first = Life.begin(self.world, ann, *self.dice.choice(RIGHTS))
        kind = self.dice.choice(TOGETHER)
        if kind == "two people":
            self.world.add_person(bob, "Bob Ray", calls=1)
            return [first, Life.begin(self.world, bob, *self.dice.choice(RIGHTS))]
        if kind == "twice":
            return [first, Life.begin(self.world, ann, "access")]
        return [first]
