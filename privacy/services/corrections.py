"""Corrections: what staff enter, and what stood and stands at each system, all of it sealed."""

import json
import re
from collections.abc import Callable

from django.utils import timezone

from fluxrouter.foundation.crypto import fold_address
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


def note_written(request: PrivacyRequest, connector: Connector, task: Task) -> list[str]:
    """Look again and note what stands there now. Returns the fields that don't have their new
    value.
    """
    now = {(value.object, value.field): value.text for value in connector.current(task)}
    missing = set()
    for row in request.corrected.filter(connector=connector.name, applied_at=None):
        text = now.get((row.object, row.field))
        if text is None:
            continue  # the record itself is gone
        if is_same(row.field, text, task.patch[row.field]):
            CorrectedValue.objects.filter(pk=row.pk).update(applied_at=timezone.now())
        else:
            missing.add(row.field)
    return sorted(missing)


def is_same(field: str, one: str, other: str) -> bool:
    """Whether two texts are the same value: each system writes addresses and numbers its way."""
    plain = PLAIN.get(field, str.strip)
    return plain(one) == plain(other)


def digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


PLAIN: dict[str, Callable[[str], str]] = {"email": fold_address, "phone": digits}
