"""Many who send without the check at the same moment still get one letter a minute."""

from datetime import timedelta
from itertools import pairwise

import pytest

from privacy.models import FulfilmentStep
from privacy.services import intake, verification
from tests.support.steps import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def send(email: str) -> None:
    draft = intake.start_draft("cookie")
    answers = intake.Answers("visitor", ["access"], "DE", email)
    intake.submit_draft(draft, answers, slowly=True)


def turns() -> list[timedelta]:
    """The time between each waiting letter and the next."""
    rows = FulfilmentStep.objects.filter(connector="mail", state="ready", cursor__slow=True)
    times = sorted(rows.values_list("not_before", flat=True))
    return [after - before for before, after in pairwise(times)]


def test_a_robot_that_sends_at_the_same_moment_gets_no_second_turn() -> None:
    assert at_once(*(lambda n=n: send(f"a{n}@example.org") for n in range(MANY))) == []
    gaps = turns()
    assert len(gaps) == MANY - 1
    assert min(gaps) >= timedelta(minutes=1), gaps


def test_nor_by_changing_many_addresses_at_the_same_moment() -> None:
    for number in range(MANY):
        send(f"b{number}@example.org")
    requests = [step.request for step in FulfilmentStep.objects.filter(action="verify")]
    change = verification.change_email
    moves = [lambda r=r, n=n: change(r, f"c{n}@example.org") for n, r in enumerate(requests)]
    assert at_once(*moves) == []
    gaps = turns()
    assert len(gaps) == MANY - 1
    assert min(gaps) >= timedelta(minutes=1), gaps
