"""docs/processors.md: who works for us, and what can't be erased there."""

from accounts.purposes import PURPOSES
from privacy.management.pages.markdown import NOTE, table
from privacy.processors import PROCESSORS, Processor
from privacy.rights import RIGHTS

INTRODUCTION = (
    "The companies that work for us, from `privacy/processors.py`. The same table is the public "
    "page `/privacy/processors/`."
)
RESTRICTION_INTRODUCTION = (
    "A restriction stops uses, not the account (`accounts/purposes.py`). Sign-in and service go "
    "on; only an erasure's freeze stops them."
)


def done_by(row: Processor) -> str:
    by = [f"connector `{name}`" for name in row.connectors]
    if row.task:
        by.append(f"{'without it: ' if by else ''}{row.task}")
    return "; ".join(by) or "nothing is there to erase"


def processors() -> list[str]:
    rows = [
        (row.title, row.does, row.data, row.region, row.transfer, done_by(row))
        for row in PROCESSORS
    ]
    limits = [
        (row.title, limit.what, limit.why, limit.until)
        for row in PROCESSORS
        for limit in row.limits
    ]
    purposes = [
        (purpose.label, effect.stops, effect.goes_on, effect.obeyed_by)
        for purpose, effect in PURPOSES.items()
    ]
    rights = [
        (right.label, ", ".join(purpose.label for purpose in row.stops), row.legal_basis)
        for right, row in RIGHTS.items()
        if row.stops
    ]
    return [
        "# Processors",
        "",
        NOTE,
        "",
        INTRODUCTION,
        "",
        *table(("company", "does", "data", "region", "transfer", "erased by"), rows),
        "",
        "## What can't be erased where, why, and until when",
        "",
        *table(("company", "what", "why", "until"), limits),
        "",
        "## What a restriction stops",
        "",
        RESTRICTION_INTRODUCTION,
        "",
        *table(("use", "stops", "goes on", "obeyed by"), purposes),
        "",
        *table(("right", "stops", "law"), rights),
    ]
