"""Rows out of PostgreSQL as JSON, in a stream."""

from collections.abc import Iterator
from typing import Any

from psycopg import sql


def json_rows(connection: Any, query: sql.Composable) -> Iterator[str]:
    """The single JSON column of `query`, with COPY: one short snapshot, flat memory.

    COPY's text form doubles backslashes; JSON text has no other character that it escapes.
    """
    statement = sql.SQL("COPY ({}) TO STDOUT").format(query)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(statement) as copy,
    ):
        for line in lines(copy):
            yield line.replace(b"\\\\", b"\\").decode()


def lines(copy: Iterator[bytes | memoryview]) -> Iterator[bytes]:
    rest = b""
    for data in copy:
        *whole, rest = (rest + bytes(data)).split(b"\n")
        yield from whole
