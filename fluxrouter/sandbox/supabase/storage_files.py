"""Files in the `storage` schema: found, added, removed; and their content beside it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from fluxrouter.sandbox.supabase.schema import Connection
from fluxrouter.sandbox.supabase.users import row, rows

CONTENTS = "SELECT encode(content, 'escape') AS content FROM storage_backend.files"
STARTS = "starts_with(name, %(prefix)s)"
LIKE = "name ILIKE %(prefix)s || '%%'"


def add_bucket(connection: Connection, bucket: str) -> None:
    connection.execute(
        "INSERT INTO storage.buckets (id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (bucket, bucket),
    )


def has_bucket(connection: Connection, bucket: str) -> bool:
    found = row(connection, "SELECT 1 AS one FROM storage.buckets WHERE id = %s", (bucket,))
    return found is not None


def add_file(
    connection: Connection,
    bucket: str,
    name: str,
    content: bytes,
    *,
    owner: UUID | str | None = None,
    media_type: str = "text/plain",
    now: datetime | None = None,
) -> str:
    """Store a file, over one of the same name, in a bucket that is made when it is missing."""
    add_bucket(connection, bucket)
    moment = now or datetime.now(UTC)
    metadata = {"size": len(content), "mimetype": media_type, "cacheControl": "max-age=3600"}
    made = row(
        connection,
        "INSERT INTO storage.objects (bucket_id, name, owner, owner_id, created_at, updated_at,"
        " last_accessed_at, metadata, version) VALUES (%(bucket)s, %(name)s, %(owner)s::uuid,"
        " %(owner)s::text, %(now)s, %(now)s, %(now)s, %(metadata)s, %(version)s)"
        " ON CONFLICT (bucket_id, name) DO UPDATE SET metadata = excluded.metadata,"
        " updated_at = excluded.updated_at, version = excluded.version RETURNING id",
        {
            "bucket": bucket,
            "name": name,
            "owner": str(owner) if owner else None,
            "now": moment,
            "metadata": Jsonb(metadata),
            "version": str(uuid4()),
        },
    )
    connection.execute(
        "INSERT INTO storage_backend.files VALUES (%s, %s, %s)"
        " ON CONFLICT (bucket_id, name) DO UPDATE SET content = excluded.content",
        (bucket, name, content),
    )
    return str(made["id"]) if made else ""


def add_unfinished_upload(
    connection: Connection, bucket: str, key: str, owner: UUID | str
) -> None:
    """An upload over the S3 protocol that was begun and never ended."""
    add_bucket(connection, bucket)
    connection.execute(
        "INSERT INTO storage.s3_multipart_uploads (id, upload_signature, bucket_id, key, version,"
        " owner_id) VALUES (%s, 'signature', %s, %s, %s, %s)",
        (uuid4().hex, bucket, key, str(uuid4()), str(owner)),
    )


def find_file(connection: Connection, bucket: str, name: str) -> dict[str, Any] | None:
    return row(
        connection,
        "SELECT * FROM storage.objects WHERE bucket_id = %s AND name = %s",
        (bucket, name),
    )


def content_of(connection: Connection, bucket: str, name: str) -> bytes:
    found = row(
        connection,
        "SELECT content FROM storage_backend.files WHERE bucket_id = %s AND name = %s",
        (bucket, name),
    )
    return bytes(found["content"]) if found else b""


def files_under(
    connection: Connection, bucket: str, prefix: str, after: str = "", condition: str = STARTS
) -> list[dict[str, Any]]:
    """All whose name begins with `prefix`, in order, after the name `after`."""
    return rows(
        connection,
        "SELECT id, name, metadata, updated_at, created_at, last_accessed_at FROM storage.objects"  # noqa: S608
        f" WHERE bucket_id = %(bucket)s AND {condition}"
        ' AND name COLLATE "C" > %(after)s ORDER BY name COLLATE "C"',
        {"bucket": bucket, "prefix": prefix, "after": after},
    )


def remove(
    connection: Connection, bucket: str, names: Sequence[str], *, whole: bool
) -> list[dict[str, Any]]:
    """Remove files, and say which were there; `whole` is the vendor's way."""
    connection.execute("SET LOCAL storage.allow_delete_query = 'true'")
    match = "name = ANY(%s)" if whole else "EXISTS (SELECT FROM unnest(%s::text[]) AS p"
    match += "" if whole else " WHERE starts_with(name, p))"
    gone = rows(
        connection,
        f"DELETE FROM storage.objects WHERE bucket_id = %s AND {match} RETURNING *",  # noqa: S608
        (bucket, list(names)),
    )
    connection.execute(
        "DELETE FROM storage_backend.files WHERE bucket_id = %s AND name = ANY(%s)",
        (bucket, [each["name"] for each in gone]),
    )
    return gone
