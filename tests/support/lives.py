"""Whole lives of requests through the services, with a clock that only the test moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from accounts.models import User
from privacy.grounds import ACCEPTABLE
from privacy.models import FulfilmentStep, PrivacyRequest
from privacy.selectors import corrections
from privacy.services import intake, lifting, review, tokens, verification
from privacy.services.correction_entry import enter_correction
from privacy.services.fulfilment.work import work
from tests.support.world import World

State = FulfilmentStep.State
Pump = Callable[[], None]
PATCH = {"full_name": "Ann Newname", "country": "FR"}
WAITING = (State.READY, State.RUNNING)
LONGEST = timedelta(days=12)  # of virtual time in which every step must have come to an end


@dataclass
class Clock:
    """Virtual time: stands still while work is done, and jumps to whatever is due next."""

    traveller: time_machine.Traveller
    began: datetime = field(default_factory=timezone.now)

    def forward(self, by: timedelta) -> None:
        self.traveller.shift(by)

    def to_next_step(self) -> bool:
        """Jump to the next step that waits; False when none does, or none within LONGEST."""
        rows = FulfilmentStep.objects.filter(state__in=WAITING)
        due = rows.order_by("not_before").values_list("not_before", flat=True).first()
        if due is None or due > self.began + LONGEST:
            return False
        self.forward(max(due - timezone.now(), timedelta(0)) + timedelta(milliseconds=1))
        return True


def pump_once() -> None:
    work(seconds=60)


def work_off(clock: Clock, pump: Pump = pump_once) -> None:
    """Pump until no step waits, whatever the time says meanwhile."""
    pump()
    while clock.to_next_step():
        pump()


@dataclass
class Life:
    """One request, from the form to its end."""

    world: World
    email: str
    rights: tuple[str, ...]
    request: PrivacyRequest

    @classmethod
    def begin(cls, world: World, email: str, *rights: str) -> "Life":
        """What the web form does."""
        draft = intake.start_draft("cookie")
        answers = intake.Answers("account_holder", list(rights), "DE", email)
        return cls(world, email, rights, intake.submit_draft(draft, answers))

    def confirm(self) -> None:
        """What the button behind the mailed link does."""
        letter = self.request.steps.get(connector="mail", action="verify")
        secret = tokens.secret_for(self.request.pk, "verify", letter.pk)
        assert any(secret in mail.body for mail in self.world.letters(self.email))
        verification.confirm(tokens.find(secret, "verify"))

    def approve(self) -> None:
        """What staff do: one person, or two where the right needs two."""
        self.refresh()
        if corrections.is_missing(self.request):
            enter_correction(self.request, actor=staff("first"), patch=PATCH)
        review.propose(
            self.request,
            actor=staff("first"),
            typed=self.request.reference,
            reason="Fine.",
            accept=[*ACCEPTABLE],
        )
        if self.request.status == "in_review":
            review.approve(self.request, actor=staff("second"), reason="Seen.")

    def lift(self) -> None:
        """What staff do when a restriction has had its time."""
        self.refresh()
        if not lifting.why_not(self.request):
            lifting.announce(self.request, actor=staff("first"), reason="It is settled.")

    def refresh(self) -> None:
        self.request.refresh_from_db()

    @property
    def problems(self) -> list[str]:
        """Steps that aren't done, with their codes."""
        rows = self.request.steps.exclude(state=State.DONE).order_by("position")
        return [f"{step.key} {step.state} {step.error} {step.attempts}" for step in rows]


def staff(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]


def run_whole(lives: Iterable[Life], clock: Clock, pump: Pump = pump_once) -> None:
    """From the form's answers to the end, with work done whenever it is due."""
    work_off(clock, pump)
    for move in (Life.confirm, Life.approve, Life.lift):
        for life in lives:
            move(life)
        work_off(clock, pump)
    for life in lives:
        life.refresh()


def mails_expected(lives: Iterable[Life]) -> int:
    """How many mails the ledger says were sent for these requests."""
    wanted = [life.request.pk for life in lives]
    rows = FulfilmentStep.objects.filter(connector="mail", state=State.DONE, request_id__in=wanted)
    return sum(step.receipt["sent"] for step in rows)
