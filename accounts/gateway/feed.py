"""Reading the enforcement feed: committed rows only, in the order of their commits.

An entry says that an account or key changed; its state is read with it, so what is published is
never older than the tables. Applying a change twice, or an older page again, does no harm.
"""

import hashlib
import time
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection

from accounts.models import FeedEntry, FeedMark
from accounts.purposes import Purpose

PAGE = 1000  # changes in one answer
LOOK_EVERY = 0.5  # seconds between two looks of a long poll

CHANGES = """
SELECT e.position, e.kind, e.id, e.account_id,
       CASE e.kind WHEN 'account' THEN a.id IS NULL ELSE k.id IS NULL END AS gone,
       k.revoked_at IS NOT NULL AS revoked,
       ARRAY(SELECT DISTINCT r.purpose FROM accounts_restriction AS r
             WHERE r.account_id = e.id AND r.lifted_at IS NULL ORDER BY 1) AS stopped
FROM accounts_feedentry AS e
LEFT JOIN accounts_account AS a ON a.id = e.id
LEFT JOIN accounts_apikey AS k ON k.id = e.id
WHERE e.position > %s ORDER BY e.position LIMIT %s
"""
# A restored database has another timeline, database or file, and its cursors mean nothing. Nil is
# the generation of a mark that was lost and made anew.
MARK = """
SELECT coalesce(max(floor), 0),
       greatest(max(floor), (SELECT max(position) FROM accounts_feedentry), 0),
       concat_ws('/', nullif(max(generation::text), '00000000-0000-0000-0000-000000000000'),
                 (SELECT system_identifier FROM pg_control_system()),
                 left(pg_walfile_name(pg_current_wal_lsn()), 8),
                 (SELECT oid FROM pg_database WHERE datname = current_database()),
                 pg_relation_filenode('accounts_feedentry'))
FROM accounts_feedmark
"""


class BadCursorError(Exception):
    """We never gave out such a cursor."""


class CursorGoneError(Exception):
    """What followed this cursor can't be told any more: begin again without one.

    `code`: `too_old`, entries after it were forgotten; `other_generation`, of another database.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mark(NamedTuple):
    """The highest place that was forgotten, the highest of all, and which database this is."""

    floor: int
    head: int
    generation: str


class Cursor(NamedTuple):
    """How far somebody has read. `base`: the floor when they began; below it they miss nothing."""

    generation: str
    position: int
    base: int

    def __str__(self) -> str:
        return f"{self.generation}.{self.position}.{self.base}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        generation, *numbers = text.split(".")
        if len(numbers) != len(cls._fields) - 1 or not all(
            each.isascii() and each.isdigit() and len(each) < 19 for each in numbers
        ):
            raise BadCursorError
        return cls(generation, *map(int, numbers))


class Page(NamedTuple):
    cursor: Cursor
    changes: list[dict[str, Any]]
    more: bool


def read(cursor: Cursor | None = None) -> Page:
    """What changed after the cursor; without one, all that is stopped now.

    The mark is read after the rows: what is forgotten between the two is noticed.
    """
    with connection.cursor() as database:
        database.execute(CHANGES, [cursor.position if cursor else 0, PAGE + 1])
        rows = database.fetchall()
        database.execute(MARK)
        floor, head, origin = database.fetchone()
    mark = Mark(floor, head, hashlib.sha256(origin.encode()).hexdigest()[:16])
    since = cursor or Cursor(mark.generation, 0, mark.floor)
    check(since, mark)
    shown = rows[:PAGE]
    position = shown[-1][0] if shown else since.position
    return Page(
        since._replace(position=position), [change(*row) for row in shown], len(rows) > PAGE
    )


def check(cursor: Cursor, mark: Mark) -> None:
    """Raises CursorGoneError where going on from here would miss something."""
    # Beyond the head: what was read isn't there any more, so an older copy of the disk is back.
    if cursor.generation != mark.generation or cursor.position > mark.head:
        raise CursorGoneError("other_generation")
    if mark.floor > max(cursor.position, cursor.base):
        raise CursorGoneError("too_old")


def change(
    position: int,
    kind: str,
    subject: Any,
    account: Any,
    gone: bool,
    revoked: bool,
    stops: list[str],
) -> dict[str, Any]:
    """One change as the gateway gets it: the whole state, and ids only."""
    if kind == FeedEntry.Kind.KEY:
        state = "removed" if gone else "revoked" if revoked else "active"
        return {"key": str(subject), "account": str(account), "state": state}
    state = "erased" if gone else "denied" if Purpose.SERVICE in stops else "active"
    return {"account": str(subject), "state": state, "stopped": stops}


def wait(cursor: Cursor | None, seconds: float) -> Page:
    """As `read`, but an empty answer is held back until something changes, or time is up.

    Between two looks no transaction is open: a waiting gateway holds nothing in the database back.
    """
    until = time.monotonic() + seconds
    while True:
        page = read(cursor)
        if page.changes or cursor is None or time.monotonic() >= until:
            return page
        time.sleep(LOOK_EVERY)


def restart() -> None:
    """End all cursors: whoever has one must begin again. Needs the owner's role."""
    FeedMark.objects.using("owner").update_or_create(pk=1, defaults={"generation": uuid4()})
