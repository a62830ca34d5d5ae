"""Where counsel cleared a law, waiting for the person moves the date that we work by."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from privacy.regimes.resolver import Laws
from privacy.selectors import clocks as met
from privacy.selectors import extending, laws
from privacy.services import clock_facts, clocks, questions
from privacy.services.clocks import follow
from privacy.states import Status
from tests.privacy.clocks.test_rows import filed
from tests.privacy.deadlines.cases import cleared
from tests.support.database import BOTH
from tests.support.lives import Clock, pump_once, staff
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=BOTH),
    pytest.mark.acceptance("RIGHT-C12"),
]
RECEIVED = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Counsel has signed all of the United Kingdom's rules."""
    signed = Laws((cleared("uk_gdpr"),))
    for room in (laws, met, extending, clocks, clock_facts):
        monkeypatch.setattr(room, "laws_of", lambda request: signed)
    with time_machine.travel(RECEIVED, tick=False) as traveller:
        yield Clock(traveller)


def test_proof_of_identity_starts_the_clock_and_the_letter_says_so(
    world: World, clock: Clock
) -> None:
    request = filed("GB", "access", received_at=RECEIVED)
    pump_once()
    request.refresh_from_db()
    request.transition_to(Status.IN_REVIEW, verified_at=timezone.now())
    follow(request.pk)
    request.refresh_from_db()
    assert request.due_on == date(2026, 12, 1)  # the strict reading counts the first day
    clock.forward(timedelta(days=2))
    questions.ask(
        request, actor=staff("first"), reason="identity", missing="Who are you?", why="Two do."
    )
    pump_once()
    text = " ".join(world.letters("a@example.org")[0].text.split())
    assert "our time to answer you stands still, as the law provides" in text
    assert "UK GDPR Art. 12(6)(b), 12A(2)(b)" in text
    assert "no more time" not in text
    clock.forward(timedelta(days=12))
    questions.answer(request, "It is me.")
    request.refresh_from_db()
    assert request.due_on == date(2026, 12, 15)  # the sixteenth, T10, read strictly
    assert request.clocks.get(clock="respond").started_on <= date(2026, 11, 16)
