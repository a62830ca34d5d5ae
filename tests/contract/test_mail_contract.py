"""Letters: one mail each, whatever the mail service answers."""

from typing import Any

import pytest

from privacy.connectors.errors import PermanentError, RetryError, UnknownOutcomeError
from privacy.services.mail import deliver
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34", "SBX-03"),
]
ANN = "ann.lee@example.org"


def test_a_letter_that_is_tried_twice_arrives_once(world: World) -> None:
    for _ in range(2):
        deliver("Hello", "Text", ANN, key="one")
    assert len(world.letters(ANN)) == 1


def test_two_letters_arrive_both(world: World) -> None:
    for key in ("one", "two"):
        deliver("Hello", "Text", ANN, key=key)
    assert len(world.letters(ANN)) == 2


def test_another_text_under_the_same_key_stops_for_a_person(world: World) -> None:
    deliver("Hello", "Text", ANN, key="one")
    with pytest.raises(PermanentError, match="refused"):
        deliver("Hello", "Another text", ANN, key="one")


def test_a_refused_key_stops_for_a_person(world: World) -> None:
    world.mailbox.api_key = "re_another"
    with pytest.raises(PermanentError, match="no_permission"):
        deliver("Hello", "Text", ANN, key="one")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("rate_limited", RetryError),
        ("server_error", UnknownOutcomeError),
        ("error_after", UnknownOutcomeError),
        ("unavailable", UnknownOutcomeError),
        ("reply_lost", UnknownOutcomeError),
    ],
)
def test_what_may_pass_is_tried_again_and_arrives_once(
    world: World, kind: str, error: type[Exception]
) -> None:
    world.mailbox.faults.add(kind)
    with pytest.raises(error) as failed:
        deliver("Hello", "Text", ANN, key="one")
    assert ANN not in str(failed.value)
    deliver("Hello", "Text", ANN, key="one")
    assert len(world.letters(ANN)) == 1


def test_an_address_that_the_service_refuses_stops_for_a_person(world: Any) -> None:
    with pytest.raises(PermanentError, match="refused"):
        deliver("Hello", "Text", "not an address", key="one")
