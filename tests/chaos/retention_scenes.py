"""What there is before a work of retention, and the whole check of what is left after it."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Sum

from fluxrouter.foundation.models import TrailEvent
from retention.models import Disposition
from retention.rules import RetentionRule
from tests.chaos.retention_days import HELD, PART, Check, a_day, a_week, rows_once_held
from tests.chaos.retention_rows import old_drafts, old_messages, old_packages
from tests.chaos.retention_works import CALLS, DRAFTS, MESSAGES, PACKAGES
from tests.support.database import Connection

EMPTIED = (
    *("accounts_supportmessage", "accounts_account", "accounts_usagestatement"),
    *("privacy_draft", "privacy_package"),
    *("retention_disposition", "retention_retirement", "retention_rollupcell", "retention_sweep"),
)
PENDING = "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"
LOCKS = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Scene(NamedTuple):
    """`prepare` makes what there is, on an empty stage, and returns the check of what is left.

    `rows` go in the end, by `rule`. Whoever kills at every moment of `work` kills after `places`
    as well: statements, by a part of them.
    """

    work: str
    rule: RetentionRule
    rows: int
    places: tuple[str, ...]
    prepare: Callable[[Connection], Check]


def clear(owner: Connection) -> None:
    for table in EMPTIED:
        owner.execute(f"DELETE FROM {table}")
    owner.execute(f"DROP TABLE IF EXISTS {PART}, {HELD}")


def expect(owner: Connection, scene: Scene) -> Check:
    """Prepare the scene; the check of it, and that as much is written down as went."""
    as_left, before = scene.prepare(owner), told(scene.rule)

    def check() -> None:
        as_left()
        nothing_hangs(owner)
        counts = (written_down(scene.rule), told(scene.rule) - before)
        assert counts == (scene.rows, scene.rows), "not written down as it was"

    return check


def told(rule: RetentionRule) -> int:
    """How many rows the trail says that went by this rule."""
    events = TrailEvent.objects.filter(chain_id=rule.chain, code="retention.applied")
    return sum(event.data["rows"] for event in events)


def written_down(rule: RetentionRule) -> int:
    found = Disposition.objects.filter(rule=rule.name).aggregate(rows=Sum("rows"))
    return found["rows"] or 0


def nothing_hangs(owner: Connection) -> None:
    assert [owner.execute(query).fetchone() for query in (PENDING, LOCKS)] == [(0,), (0,)]


DAY_PLACES = (
    *("DETACH PARTITION", "REVOKE INSERT", "TABLE by_account", "INTO accounts_usagestatement"),
    *("INTO retention_rollupcell", "CREATE TABLE", f"INTO {HELD}", "DROP TABLE", "commit"),
)
WEEK_PLACES = ("TABLE by_account", "INTO retention_rollupcell", "commit")
MESSAGE_PLACES = ("FROM accounts_supportmessage", "UPDATE retention_sweep", "commit")
DRAFT_PLACES = ("file: fsync", "file: unlink", "FROM privacy_draft", "commit")
PACKAGE_PLACES = ("file: unlink", "file: rmdir", "UPDATE privacy_package", "commit")

SCENES = {
    "a day": Scene("retire", CALLS, 22, DAY_PLACES, a_day),
    "a week": Scene("retire", CALLS, 0, WEEK_PLACES, a_week),
    "rows once held": Scene("retire", CALLS, 8, (f"DELETE FROM {HELD}",), rows_once_held),
    "old messages": Scene("delete", MESSAGES, 20, MESSAGE_PLACES, old_messages),
    "old packages": Scene("remove_packages", PACKAGES, 2, PACKAGE_PLACES, old_packages),
    "old drafts": Scene("delete_with_key", DRAFTS, 3, DRAFT_PLACES, old_drafts),
}
