"""A vendor's rule that breaks is noticed by a contract test.

`python -m tests.contract.mutations` tries every check on every rule (`MUTATIONS=all`).
"""

import os
from collections.abc import Callable

import pytest

from accounts.models import Account
from fluxrouter.sandbox.supabase import schema
from tests.contract.mutations import CHECKS, KILLED_BY, RULES, UNUSED, broken_world, notices
from tests.support.world import Connect, World

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "supabase"]),
    pytest.mark.acceptance("MAIN-34"),
]
APPS = list(RULES)
whole = pytest.mark.skipif(os.environ.get("MUTATIONS") != "all", reason="MUTATIONS=all only")


@pytest.fixture
def empty(auth_database: Connect) -> Callable[[], None]:
    def run() -> None:
        Account.objects.all().delete()
        with auth_database() as connection:
            schema.truncate(connection)

    return run


@pytest.mark.parametrize("app", APPS)
def test_every_rule_is_watched_or_unused_with_a_reason(app: str) -> None:
    assert KILLED_BY[app].keys() | UNUSED[app].keys() == RULES[app].keys()
    assert not KILLED_BY[app].keys() & UNUSED[app].keys()
    assert all(UNUSED[app].values())
    assert set(KILLED_BY[app].values()) <= CHECKS[app].keys()


@pytest.mark.parametrize("app", APPS)
def test_each_rule_that_breaks_is_noticed_by_its_check(
    app: str, world: World, auth_database: Connect, empty: Callable[[], None]
) -> None:
    unnoticed = []
    for rule, name in KILLED_BY[app].items():
        empty()
        if not notices(CHECKS[app][name], broken_world(auth_database, app, rule)):
            unnoticed.append(rule)
    assert not unnoticed


@whole
@pytest.mark.parametrize("app", APPS)
def test_every_check_on_every_broken_rule(
    app: str, world: World, auth_database: Connect, empty: Callable[[], None]
) -> None:
    killed = set()
    for rule in RULES[app]:
        who = []
        for name, check in CHECKS[app].items():
            empty()
            if notices(check, broken_world(auth_database, app, rule)):
                who.append(name)
        print(f"\n{app}: {rule}: noticed by {len(who)}", *who, sep="\n    ")  # noqa: T201
        killed |= {rule} if who else set()
    assert killed == KILLED_BY[app].keys()
