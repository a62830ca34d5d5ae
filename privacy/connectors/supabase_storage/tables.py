"""Storage's tables: who owns which file. They are read only: a row deleted by SQL leaves its file
where it is, and the tables refuse it (supabase/storage: migrations/tenant/0055).
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections

from privacy.connectors.errors import PermanentError

TABLES = ["buckets", "objects", "s3_multipart_uploads"]
# A column each: `owner` is deprecated (0018) and holds the older files' owners.
OWNED = "(owner_id = ANY(%(users)s::text[]) OR owner = ANY(%(users)s::text[]::uuid[]))"
IN_FOLDER = """EXISTS (SELECT FROM unnest(%(users)s::text[]) AS u
  WHERE starts_with(name, u || '/'))"""
TECHNICAL = "ARRAY['path_tokens', 'version']"


class Stored(NamedTuple):
    """A file's row: `size` is None where Storage doesn't know it yet."""

    bucket: str
    name: str
    size: int | None
    json: str


def query(text: str, values: dict[str, Any] | None = None) -> list[Any]:
    with connections["supabase"].cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def check_readable() -> None:
    """A table that we can't read looks empty: better to stop than to find nothing there."""
    rows = query(
        """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'storage' AND c.relname = ANY(%(tables)s::text[])
             AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
             AND NOT row_security_active(c.oid)""",
        {"tables": TABLES},
    )
    if rows[0][0] < len(TABLES):
        raise PermanentError("storage_unreadable")


def check_buckets(buckets: list[str]) -> None:
    """A bucket that isn't there looks empty to Storage's API: a wrong name must not pass."""
    there = query(
        "SELECT count(*) FROM storage.buckets WHERE id = ANY(%(buckets)s::text[])",
        {"buckets": buckets},
    )
    if there[0][0] < len(set(buckets)):
        raise PermanentError("bucket_missing")


def owned_elsewhere(
    users: list[str], buckets: list[str], page: int
) -> Iterator[tuple[str, list[str]]]:
    """What people own outside their folders, bucket by bucket, at most `page` names at once."""
    values: dict[str, Any] = {"users": users, "buckets": buckets, "page": page}
    values |= {"bucket": "", "name": ""}
    while True:
        rows = query(
            f"""SELECT bucket_id, name FROM storage.objects
               WHERE {OWNED} AND NOT (bucket_id = ANY(%(buckets)s::text[]) AND {IN_FOLDER})
                 AND (bucket_id, name) > (%(bucket)s::text, %(name)s::text)
               ORDER BY bucket_id, name LIMIT %(page)s""",  # noqa: S608
            values,
        )
        for bucket in dict.fromkeys(bucket for bucket, _ in rows):
            yield bucket, [name for place, name in rows if place == bucket]
        if len(rows) < page:
            return
        values["bucket"], values["name"] = rows[-1]


def stored(bucket: str, names: list[str]) -> list[Stored]:
    """The rows of these files, without what only Storage understands."""
    rows = query(
        f"""SELECT name, metadata ->> 'size', (to_jsonb(o) - {TECHNICAL})::text
           FROM storage.objects AS o
           WHERE bucket_id = %(bucket)s AND name = ANY(%(names)s::text[]) ORDER BY name""",  # noqa: S608
        {"bucket": bucket, "names": names},
    )
    return [
        Stored(bucket, name, int(size) if str(size).isdigit() else None, text)
        for name, size, text in rows
    ]


def unfinished(users: list[str]) -> list[str]:
    """Uploads that were begun and never ended, as JSON texts. Storage's API can't end them."""
    rows = query(
        """SELECT jsonb_build_object('bucket_id', bucket_id, 'key', key, 'created_at', created_at,
             'user_metadata', user_metadata)::text
           FROM storage.s3_multipart_uploads WHERE owner_id = ANY(%(users)s::text[])
             OR EXISTS (SELECT FROM unnest(%(users)s::text[]) AS u
                        WHERE starts_with(key, u || '/'))
           ORDER BY bucket_id, key""",
        {"users": users},
    )
    return [text for (text,) in rows]


def left(users: list[str]) -> int:
    """How many files are theirs, by owner or folder, in every bucket."""
    rows = query(
        f"SELECT count(*) FROM storage.objects WHERE {OWNED} OR {IN_FOLDER}",  # noqa: S608
        {"users": users},
    )
    return int(rows[0][0])


def content_record(file: Stored, part: int, parts: int, base64: str) -> str:
    return json.dumps(
        {"bucket": file.bucket, "name": file.name, "part": part, "of": parts, "base64": base64}
    )
