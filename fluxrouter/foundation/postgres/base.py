"""The one boundary at which database errors lose their values.

PostgreSQL prints row values in error texts ("Key (email)=(…) already exists", "Failing row
contains (…)", "invalid input syntax for type integer: …"). Every error that passes Django's
cursors passes here and keeps only SQLSTATE, constraint and table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import psycopg
from django.db.backends import utils
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property


def scrub(error: psycopg.Error) -> str:
    """Take the values out of a driver's error, in place, and return what is left to say."""
    diag = error.diag
    parts = {
        "sqlstate": error.sqlstate,
        "constraint": diag.constraint_name,
        "table": diag.table_name,
    }
    text = " ".join(f"{name}={value}" for name, value in parts.items() if value)
    text = text or f"{type(error).__name__} without a server's answer"
    error.args = (text,)
    error._info = None  # the driver's copy of the server's whole answer
    return text


class ScrubbingErrorWrapper(DatabaseErrorWrapper):
    """Raises Django's exceptions with `sqlstate` and `constraint`, and no values."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc_value, psycopg.Error):
            sqlstate, constraint = exc_value.sqlstate, exc_value.diag.constraint_name
            scrub(exc_value)
            try:
                super().__exit__(exc_type, exc_value, traceback)
            except psycopg.Error:
                raise
            except Exception as error:
                error.sqlstate, error.constraint = sqlstate, constraint  # type: ignore[attr-defined]
                raise error.with_traceback(traceback) from None
            return
        super().__exit__(exc_type, exc_value, traceback)


class ScrubbingCopy:
    """Django passes `copy` to the driver as it is, so its errors would go round the boundary."""

    cursor: Any
    db: Any

    @contextmanager
    def copy(self, statement: Any, params: Any = None) -> Iterator[Any]:
        with self.db.wrap_database_errors, self.cursor.copy(statement, params) as copy:
            yield copy


class Cursor(ScrubbingCopy, utils.CursorWrapper):
    pass


class DebugCursor(ScrubbingCopy, base.CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with scrubbed errors."""

    @cached_property
    def wrap_database_errors(self) -> Any:
        return ScrubbingErrorWrapper(self)

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)
