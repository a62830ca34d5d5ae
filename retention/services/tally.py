"""How many rows went, counted where they go: a run that is killed loses no count, the next one
writes it down.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fluxrouter.foundation.trail import append_event
from retention.models import Disposition, Sweep
from retention.rules import RetentionRule


def begin(rule: RetentionRule) -> Sweep:
    """The rule's row, where its place and its count are."""
    sweep, _ = Sweep.objects.get_or_create(
        rule=rule.name, defaults={"measured_at": timezone.now()}
    )
    return sweep


def count(rule: str, rows: int, using: str = "default") -> None:
    """Count rows in the transaction in which they go. `rule` is a rule's name."""
    if rows:
        counted = Sweep.objects.using(using).filter(rule=rule)
        counted.update(unrecorded=F("unrecorded") + rows)


def record(rule: RetentionRule) -> int:
    """Write down what was counted since the last record, with its event. Returns how many."""
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().get(rule=rule.name)
        rows = sweep.unrecorded
        if rows:
            sweep.unrecorded = 0
            sweep.save(update_fields=["unrecorded"])
            Disposition.objects.create(rule=rule.name, at=timezone.now(), rows=rows)
            append_event(rule.chain, "retention.applied", kind="retention", rows=rows)
    return rows
