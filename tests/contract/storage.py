"""Files of people at the sandboxed Storage, for its connector's tests."""

import uuid
from typing import Any

from fluxrouter.sandbox.supabase.app import SupabaseSandbox
from fluxrouter.sandbox.supabase.people import add_user
from fluxrouter.sandbox.supabase.storage_files import add_bucket, add_file
from fluxrouter.sandbox.transport import LossyTransport
from privacy.connectors.base import Subject
from privacy.connectors.supabase_client import make_client
from privacy.connectors.supabase_storage import SupabaseStorageConnector
from privacy.connectors.testing import Life
from tests.support.world import World

BUCKETS = ["avatars", "files"]


def storage_connector(app: SupabaseSandbox, key: str = "") -> SupabaseStorageConnector:
    client = make_client("http://sandbox.invalid", key or app.secret_key, LossyTransport(app))
    return SupabaseStorageConnector(client, BUCKETS)


def make_buckets(world: World) -> None:
    with world.connect() as connection:
        for bucket in BUCKETS:
            add_bucket(connection, bucket)


def store(world: World, bucket: str, name: str, content: bytes = b"text", **options: Any) -> None:
    with world.connect() as connection:
        add_file(connection, bucket, name, content, **options)


def somebody(world: World, email: str = "ann.lee@example.org") -> Life:
    """A user of Auth without any file yet."""
    make_buckets(world)
    with world.connect() as connection:
        person = add_user(connection, email=email)
    subject = Subject(uuid.uuid4(), email, {"auth_users": [str(person.id)]})
    return Life(storage_connector(world.auth), subject)


def sql(world: World, text: str, *values: Any) -> list[Any]:
    with world.connect() as connection:
        cursor = connection.execute(text, values)
        return cursor.fetchall() if cursor.description else []


def names(world: World) -> list[str]:
    """Every file that is left, by row or by content."""
    rows = sql(
        world,
        "SELECT bucket_id || '/' || name FROM storage.objects"
        " UNION SELECT bucket_id || '/' || name FROM storage_backend.files ORDER BY 1",
    )
    return [name for (name,) in rows]
