"""Every place where something of a person could be left, as one text."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import redis
from django.conf import settings
from django.db import connections

from fluxrouter.embedded.binaries import postgres_binaries
from tests.support.world import World


def database_dump() -> str:
    """`pg_dump` of the whole database, Auth's schema included."""
    config = connections["owner"].settings_dict
    own = postgres_binaries() / "pg_dump"
    program = str(own) if own.exists() else shutil.which("pg_dump")
    assert program, "no pg_dump"
    arguments = ["-h", config["HOST"], "-p", str(config["PORT"]), "-U", config["USER"]]
    done = subprocess.run(
        [program, *arguments, "--inserts", config["NAME"]],
        env={**os.environ, "PGPASSWORD": config["PASSWORD"]},
        capture_output=True,
        check=True,
        cwd="/",
    )
    assert b"INSERT INTO fluxrouter.django_migrations" in done.stdout
    return done.stdout.decode()


def broker_content() -> str:
    """All that stands in the broker."""
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    try:
        return repr([client.dump(key) for key in client.scan_iter()])
    finally:
        client.close()


def sandboxes(world: World) -> dict[str, str]:
    """By name all that each sandbox holds; Supabase's is in the database's dump."""
    return {name: as_text(app.dump()) for name, app in world.apps.items() if name != "supabase"}


def stripe_events(world: World) -> str:
    """What was changed at Stripe, which is no part of its dump: it goes after thirty days."""
    return as_text(list(world.stripe.store.tables["event"].values()))


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def files(directory: Path) -> str:
    """Names and content of all files that we wrote."""
    found = [path for path in directory.rglob("*") if path.is_file()]
    assert found, "no file was written"
    return "\n".join(f"{path} {path.read_bytes().decode('latin-1')}" for path in found)
