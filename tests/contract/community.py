"""The tables of `docs/examples/external-tables.yaml`, with people in them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

from fluxrouter.embedded.servers import PROJECT
from fluxrouter.sandbox.supabase.people import add_user
from privacy.connectors.base import Subject
from privacy.connectors.external_tables import ExternalTablesConnector
from privacy.connectors.external_tables.file import Table, load
from tests.support.world import World

EXAMPLE = PROJECT / "docs" / "examples" / "external-tables.yaml"
MAKE = """
CREATE TABLE public.profiles (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  user_id uuid NOT NULL, display_name text, email text, about text, feed_token text);
CREATE TABLE public.posts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  profile_id bigint NOT NULL REFERENCES public.profiles, text text, written_at timestamptz,
  checked_by text);
CREATE TABLE public.orders (number varchar(20) PRIMARY KEY, email text NOT NULL,
  ship_to text, amount_cents integer)
"""
DROP = "DROP TABLE IF EXISTS public.posts, public.profiles, public.orders CASCADE"


def sql(world: World, text: str, *values: Any) -> list[Any]:
    with world.connect() as connection:
        cursor = connection.execute(text, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def community(world: World) -> Iterator[None]:
    sql(world, DROP)
    sql(world, MAKE)
    grant(world, "ALL")
    try:
        yield
    finally:
        sql(world, DROP)


def grant(world: World, rights: str) -> None:
    role = connections["supabase"].settings_dict["USER"]
    sql(world, f'REVOKE ALL ON public.profiles, public.posts, public.orders FROM "{role}"')
    sql(world, f'GRANT {rights} ON public.profiles, public.posts, public.orders TO "{role}"')


def tables(path: Path = EXAMPLE) -> list[Table]:
    found, problems = load(path)
    assert problems == []
    return found


def connector() -> ExternalTablesConnector:
    return ExternalTablesConnector(tables())


def add_member(world: World, email: str, *, posts: int = 2, name: str = "Ann Zweigelt") -> Subject:
    """A user with a profile, posts and an order."""
    with world.connect() as connection:
        user = str(add_user(connection, email=email).id)
    [[profile]] = sql(
        world,
        "INSERT INTO public.profiles (user_id, display_name, email, about, feed_token)"
        " VALUES (%s::uuid, %s, %s, %s, 'secret-token') RETURNING id",
        user,
        name,
        email,
        'a\\b "c"\nd\te',
    )
    sql(
        world,
        "INSERT INTO public.posts (profile_id, text, checked_by) SELECT %s, %s || n, 'staff'"
        " FROM generate_series(1, %s) AS n",
        profile,
        f"by {name} ",
        posts,
    )
    sql(
        world,
        "INSERT INTO public.orders VALUES (%s, %s, %s, 1900)",
        f"F-{uuid.uuid4().hex[:8]}",
        email,
        f"{name}, 12 Example Street",
    )
    return Subject(uuid.uuid4(), email, {"auth_users": [user]})


def rows_of(world: World, subject: Subject) -> list[Any]:
    """All that the tables hold on somebody; orders without their delivery address are left out."""
    user = subject.refs["auth_users"][0]
    return sql(
        world,
        "SELECT to_jsonb(p)::text FROM public.profiles AS p WHERE user_id = %s::uuid"
        " UNION ALL SELECT to_jsonb(t)::text FROM public.posts AS t JOIN public.profiles AS p"
        "   ON p.id = t.profile_id WHERE p.user_id = %s::uuid"
        " UNION ALL SELECT to_jsonb(o)::text FROM public.orders AS o"
        "   WHERE lower(email) = lower(%s) AND ship_to IS NOT NULL ORDER BY 1",
        user,
        user,
        subject.email,
    )
