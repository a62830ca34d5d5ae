"""The embedded servers: who gets in, what they write down, and whose they are."""

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest
import redis

from fluxrouter.embedded.binaries import VERSION, postgres_binaries
from fluxrouter.embedded.servers import Servers, start_servers
from fluxrouter.embedded.temporary import temporary_state
from tests.embedded.processes import PROJECT


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with temporary_state() as state_dir, start_servers(state_dir, durable=False, environ={}) as up:
        yield up


@pytest.fixture
def admin(servers: Servers) -> Iterator[psycopg.Connection]:
    with psycopg.connect(servers.admin_url or "", autocommit=True) as connection:
        yield connection


def single(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_the_database_is_there_and_sorts_the_same_on_every_system(
    admin: psycopg.Connection,
) -> None:
    assert single(admin, "SELECT current_database()") == "fluxrouter"
    assert str(single(admin, "SHOW server_version")).startswith("18.")
    locale = "SELECT datlocale FROM pg_database WHERE datname = 'fluxrouter'"
    assert single(admin, locale) == "C.UTF-8"


def test_postgres_takes_scram_on_the_loopback_and_nothing_else(admin: psycopg.Connection) -> None:
    methods = admin.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]
    assert single(admin, "SHOW listen_addresses") == "127.0.0.1"
    assert single(admin, "SHOW unix_socket_directories") == ""


def test_a_wrong_database_password_is_refused(servers: Servers) -> None:
    parts = urlsplit(servers.admin_url or "")
    guess = parts._replace(netloc=f"admin:guess@127.0.0.1:{parts.port}").geturl()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(guess)


@pytest.mark.parametrize("login", ["", ":guess@"])
def test_valkey_refuses_without_its_password(servers: Servers, login: str) -> None:
    port = urlsplit(servers.redis_url).port
    client = redis.Redis.from_url(f"redis://{login}127.0.0.1:{port}/0")
    with client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_valkey_refuses_rather_than_forgets_and_keeps_nothing_on_disk(servers: Servers) -> None:
    with redis.Redis.from_url(servers.redis_url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'marker-7391'::integer",
        "SELECT * FROM nowhere WHERE email = 'marker-7391'",
        "SELECT 'marker-7391' SYNTAX ERROR",
        "DO $$ BEGIN RAISE WARNING 'marker-7391'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'marker-7391'; END $$",
    ],
)
def test_no_statement_and_no_value_reaches_the_servers_log(
    servers: Servers, admin: psycopg.Connection, statement: str
) -> None:
    with contextlib.suppress(psycopg.Error):
        admin.execute(statement.encode())
    log = servers.supervisor.log("postgres").read_text()
    assert "ready to accept connections" in log
    assert "marker-7391" not in log


def test_only_the_servers_user_can_read_the_data(servers: Servers) -> None:
    data = servers.supervisor.state_dir / "postgres" / "cluster" / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert data.stat().st_uid != 0  # PostgreSQL refuses to run as root
    password = data.with_name("password")
    assert stat.S_IMODE(password.stat().st_mode) == 0o600


def test_no_password_stands_in_the_list_of_processes(servers: Servers) -> None:
    passwords = [urlsplit(url).password for url in servers.environment.values()]
    arguments = [
        " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])
    ]
    assert not [line for line in arguments for password in passwords if str(password) in line]


def test_the_roles_get_names_and_passwords_of_their_own(servers: Servers) -> None:
    urls = {name: urlsplit(url) for name, url in servers.environment.items()}
    logins = {name: parts.username for name, parts in urls.items() if name != "REDIS_URL"}
    assert logins == {
        "DATABASE_ADMIN_URL": "admin",
        "DATABASE_OWNER_URL": "flux_owner",
        "DATABASE_URL": "flux_app",
        "SUPABASE_DATABASE_URL": "flux_supabase",
    }
    assert len({parts.password for parts in urls.values()}) == len(urls)
    assert {urls[name].port for name in logins} == {urlsplit(servers.admin_url or "").port}


def test_data_outlives_a_stop_and_a_start(state_dir: Path) -> None:
    with start_servers(state_dir, environ={}) as servers:
        assert servers.admin_url
        with psycopg.connect(servers.admin_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            assert single(connection, "SHOW fsync") == "on"
    with start_servers(state_dir, environ={}) as servers:
        assert servers.admin_url
        with psycopg.connect(servers.admin_url) as connection:
            assert single(connection, "SELECT answer FROM kept") == 42


def test_the_pinned_version_is_the_one_whose_private_folders_we_use() -> None:
    pins = (PROJECT / "requirements.in").read_text()
    assert f"\npixeltable-pgserver=={VERSION}\n" in pins
    for program in ("postgres", "initdb", "pg_dump", "psql"):
        assert (postgres_binaries() / program).is_file()
