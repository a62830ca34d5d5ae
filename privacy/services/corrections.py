"""Corrections: what staff enter, and what stood and stands at each system, all of it sealed."""

import json
import re

from django.utils import timezone

from privacy.connectors.base import Connector, Task
from privacy.connectors.registry import connectors
from privacy.correctable import CORRECTABLE, OTHER
from privacy.models import CorrectedValue, PrivacyRequest


def problems(patch: dict[str, str]) -> dict[str, str]:
    """What is wrong with new values, by field; empty when nothing is."""
    found = {}
    for field, text in patch.items():
        if field == OTHER:
            continue
        rule = CORRECTABLE[field]
        if field not in writable():
            found[field] = "No system in use has this field. Write it under “Something else”."
        elif len(text) > rule.longest:
            found[field] = f"At most {rule.longest} characters."
        elif not re.fullmatch(rule.pattern, text):
            found[field] = "This doesn’t look like one."
    return found


def writable() -> set[str]:
    """The fields that a system in use can write."""
    return set[str]().union(*(connector.corrects for connector in connectors().values()))


def enter(request: PrivacyRequest, patch: dict[str, str]) -> None:
    """Keep the new values with the request, sealed; saving is the caller's transaction."""
    request.write("corrections", json.dumps(patch))
    request.save(update_fields=["corrections"])


def remember(request: PrivacyRequest, connector: Connector, task: Task) -> None:
    """Write down what stands at a system, once: a second look would take the new for the old."""
    known = request.corrected.filter(connector=connector.name)
    have = set(known.values_list("object", "field"))
    rows = []
    for value in connector.current(task):
        if (value.object, value.field) not in have:
            row = CorrectedValue(
                request=request, connector=connector.name, object=value.object, field=value.field
            )
            row.write("old", value.text)
            row.write("new", task.patch[value.field])
            rows.append(row)
    CorrectedValue.objects.bulk_create(rows, ignore_conflicts=True)


def applied(request: PrivacyRequest, connector: str) -> None:
    rows = request.corrected.filter(connector=connector, applied_at=None)
    rows.update(applied_at=timezone.now())
