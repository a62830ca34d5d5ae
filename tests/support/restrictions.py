"""Restrictions in force: what they stop, and their end."""

from typing import Any

from accounts.purposes import Purpose
from accounts.restrictions import is_restricted
from privacy.services import lifting
from tests.support.lives import Life, staff
from tests.support.steps import approved
from tests.support.world import Planted, World


def stopped(planted: Planted) -> set[Purpose]:
    return {purpose for purpose in Purpose if is_restricted(planted.account.pk, purpose)}


def paused(world: World, planted: Planted) -> list[Any]:
    """How each of the person's subscriptions collects."""
    return [
        each["pause_collection"]
        for each in world.stripe.dump()["subscription"]
        if each["customer"] == planted.customer
    ]


def sign_in_state(world: World, planted: Planted) -> tuple[Any, ...]:
    """The ban, and how many sessions are open."""
    with world.connect() as connection:
        row = connection.execute(
            "SELECT banned_until, (SELECT count(*) FROM auth.sessions WHERE user_id = u.id)"
            " FROM auth.users AS u WHERE id = %s",
            [planted.user.id],
        ).fetchone()
    assert row is not None
    return tuple(row)


def announce(life: Life) -> None:
    lifting.announce(life.request, actor=staff("second"), reason="The data was right.")


def restricted(world: World, right: str = "restriction") -> Life:
    life = approved(world, right)
    assert life.request.status == "completed", life.problems
    return life
