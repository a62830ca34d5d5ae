"""Servers that the environment names replace the embedded ones."""

from pathlib import Path

import pytest

from fluxrouter.embedded.process import EmbeddedError
from fluxrouter.embedded.roles import role_environment
from fluxrouter.embedded.servers import start_servers, urls_from_environment

ADMIN = "postgresql://root:pw@[::1]:5433/rights?sslmode=require"
ROLES = {
    "DATABASE_OWNER_URL": "postgresql://o:1@db/rights",
    "DATABASE_URL": "postgresql://a:2@db/rights",
    "SUPABASE_DATABASE_URL": "postgresql://s:3@db/rights",
}


def test_a_lone_database_url_is_an_administrators() -> None:
    given = urls_from_environment({"DATABASE_URL": ADMIN})
    assert (given.admin, given.roles, given.redis) == (ADMIN, {}, None)


def test_role_urls_are_used_as_they_are() -> None:
    given = urls_from_environment({**ROLES, "REDIS_URL": "redis://r"})
    assert (given.admin, given.roles, given.redis) == (None, ROLES, "redis://r")


def test_an_owner_without_the_other_roles_is_a_mistake_that_is_named() -> None:
    with pytest.raises(EmbeddedError, match="SUPABASE_DATABASE_URL must be too"):
        urls_from_environment({**ROLES, "SUPABASE_DATABASE_URL": ""})


def test_roles_live_at_the_administrators_address() -> None:
    roles = role_environment(ADMIN)
    assert roles["DATABASE_ADMIN_URL"] == ADMIN
    assert roles["DATABASE_URL"].startswith("postgresql://flux_app:")
    assert roles["DATABASE_URL"].endswith("@[::1]:5433/rights?sslmode=require")


def test_nothing_is_embedded_when_everything_is_given(state_dir: Path) -> None:
    with start_servers(state_dir, environ={**ROLES, "REDIS_URL": "redis://r"}) as servers:
        assert servers.environment == {**ROLES, "REDIS_URL": "redis://r"}
        assert servers.admin_url is None
        assert servers.supervisor.stop_all() == {}


def test_only_what_is_missing_is_embedded(state_dir: Path) -> None:
    with start_servers(state_dir, environ=ROLES) as servers:
        assert servers.environment.items() >= ROLES.items()
        assert servers.supervisor.stop_all() == {"valkey": 0}
