"""Somebody without an account whom a processor knows: restricted there, and given back exactly."""

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from privacy.selectors import restrictions
from privacy.services.closing import destroy_due_keys
from privacy.services.review import ReviewError
from tests.support.lives import pump_once
from tests.support.restrictions import announce, restricted
from tests.support.rows import APPEALS_OVER
from tests.support.steps import ANN, approved
from tests.support.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("PROC-42"),
]


@pytest.fixture
def contact(world: World) -> dict[str, Any]:
    """A reader of the news. Somebody else has the account that makes the world whole."""
    world.add_person("bea@example.org")
    return world.mailbox.add_contact(email=ANN)


def is_unsubscribed(world: World, contact: dict[str, Any]) -> bool:
    return bool(world.mailbox.contacts[contact["id"]]["unsubscribed"])


def test_it_is_in_force_until_it_is_lifted(world: World, contact: dict[str, Any]) -> None:
    life = restricted(world)
    assert is_unsubscribed(world, contact)
    assert restrictions.in_force(life.request)
    with time_machine.travel(timezone.now() + APPEALS_OVER):
        assert destroy_due_keys() == {"destroyed": 0}
        announce(life)
        pump_once()
        assert not is_unsubscribed(world, contact)
        assert restrictions.in_force(life.request) is None
        assert destroy_due_keys() == {"destroyed": 1}


def test_the_newest_is_lifted_first(world: World, contact: dict[str, Any]) -> None:
    first, second = restricted(world), restricted(world, "objection")
    with pytest.raises(ReviewError, match=second.request.reference):
        announce(first)
    for life in (second, first):
        assert is_unsubscribed(world, contact)
        announce(life)
        pump_once()
    assert not is_unsubscribed(world, contact)


def test_an_erasure_ends_the_wait_for_a_lifting(world: World, contact: dict[str, Any]) -> None:
    life = restricted(world)
    erasure = approved(world, "erasure")
    assert erasure.request.status == "completed", erasure.problems
    assert restrictions.in_force(life.request) is None


def test_where_nothing_was_stopped_nothing_is_in_force(world: World) -> None:
    world.add_person("bea@example.org")
    assert restrictions.in_force(restricted(world).request) is None
