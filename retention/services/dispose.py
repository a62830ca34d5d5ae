"""Applying the retention schedule."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fluxrouter.foundation.jobs.run import Schedule
from fluxrouter.foundation.keystore import keystore
from fluxrouter.foundation.trail import append_event
from retention.dispositions import DISPOSITIONS, RETIRE, register
from retention.rules import RetentionRule
from retention.schedule import RETENTION_SCHEDULE
from retention.selectors.holds import over
from retention.selectors.outlook import due, rows_over, rows_to_retire
from retention.services.holds import keep_holds_out
from retention.services.retirement.retire import retire
from retention.services.rows import delete_expired
from retention.services.tally import begin, count, record

DISPOSED_AT = Schedule({30}, set(range(24)))
# Twice a day: the second takes what a reader kept from going.
RETIRED_AT = Schedule({10}, {2, 14})


@register("delete", due=rows_over)
def delete(rule: RetentionRule, now: datetime) -> int:
    return delete_expired(rule, now)


@register("delete_with_key", due=rows_over)
def delete_with_key(rule: RetentionRule, now: datetime) -> int:
    """Delete rows whose id is their data key's id; a key that something else uses by now stays."""
    number = 0
    for row in over(rule, now):
        with transaction.atomic():
            keep_holds_out()
            # Under its lock, or a row that is being submitted right now would lose its key.
            locked = over(rule, now).select_for_update().filter(pk=row.pk).first()
            if locked is None:
                continue
            if getattr(locked, "submitted_at", None) is None:
                keystore().destroy(locked.pk)
            locked.delete()
            count(rule.name, 1)
        number += 1
    return number


@register(RETIRE, due=rows_to_retire)
def retire_partitions(rule: RetentionRule, now: datetime) -> int:
    return retire(rule, now)


def dispose_due() -> dict[str, int]:
    """Apply every rule about rows once. Returns how many went, by rule."""
    return apply_all(rule for rule in RETENTION_SCHEDULE if rule.dispose != RETIRE)


def retire_due() -> dict[str, int]:
    """Retire every partition whose time is up; a job of its own, as it may wait for readers."""
    return apply_all(rule for rule in RETENTION_SCHEDULE if rule.dispose == RETIRE)


def apply_all(rules: Iterable[RetentionRule]) -> dict[str, int]:
    """A rule that fails keeps no other from its work; what failed is raised when all had their
    turn.
    """
    now = timezone.now()
    counts: dict[str, int] = {}
    failures: list[Exception] = []
    for rule in rules:
        try:
            counts[rule.name] = apply(rule, now)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("rules that failed", failures)
    return counts


def apply(rule: RetentionRule, now: datetime) -> int:
    """Dispose of what the rule says, and write down how much that was, also when it failed midway
    or an earlier run was killed. An empty run leaves nothing but its row among the jobs.
    """
    begin(rule)
    try:
        DISPOSITIONS[rule.dispose].work(rule, now)
    finally:
        gone = record(rule)
    return gone


def dry_run(rule: RetentionRule, actor: str) -> int:
    """How many rows a run would dispose of now. Changes nothing; the trail keeps who looked."""
    number = due(rule, timezone.now())
    with transaction.atomic():
        append_event(rule.chain, "retention.dry_run", kind="retention", actor=actor, rows=number)
    return number
